#include "common/events/log_keys.h"

#include <memory>

#include "absl/strings/str_cat.h"

namespace countersign::events {
namespace {

std::unique_ptr<const LogKeys>& KeysOfProcess() {
  static auto* const keys = new std::unique_ptr<const LogKeys>();
  return *keys;
}

}  // namespace

LogKeys::LogKeys(const KeyRing& ring) : macs_(ring.ForUse("event mac")), positions_(ring.ForUse("feed position")) {}

const LogKeys* LogKeys::OfProcess() { return KeysOfProcess().get(); }

void LogKeys::SetOfProcess(const std::optional<KeyRing>& ring) {
  KeysOfProcess() = ring.has_value() ? std::make_unique<const LogKeys>(*ring) : nullptr;
}

std::string LogKeys::MacOf(absl::string_view digest) const {
  return absl::StrCat(macs_.current_id(), ":", macs_.CurrentHmac(digest));
}

bool LogKeys::IsGenuine(absl::string_view mac, absl::string_view digest) const {
  const size_t colon = mac.find(':');
  if (colon == absl::string_view::npos) return false;
  const absl::StatusOr<std::string> expected = macs_.Hmac(mac.substr(0, colon), digest);
  return expected.ok() && ConstantTimeEquals(mac.substr(colon + 1), *expected);
}

std::string LogKeys::SealPosition(absl::string_view text, absl::string_view reader) const {
  return positions_.SealAlike(text, reader);
}

absl::StatusOr<std::string> LogKeys::OpenPosition(absl::string_view sealed, absl::string_view reader) const {
  return positions_.Open(sealed, reader);
}

}  // namespace countersign::events
