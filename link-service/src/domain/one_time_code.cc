#include "link-service/src/domain/one_time_code.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace countersign::link {
namespace {

constexpr uint32_t kCodes = 1'000'000;
constexpr uint32_t kEvenRange = 4'294'000'000;  // The largest multiple of kCodes in 32 bits.

std::string DigestedText(const Uuid& link_id, int64_t number, absl::string_view code) {
  return absl::StrCat("code/", link_id.ToString(), "/", number, "/", code);
}

}  // namespace

std::optional<std::string> CodeOf(uint32_t random) {
  if (random >= kEvenRange) return std::nullopt;
  return absl::StrFormat("%06d", random % kCodes);
}

std::optional<std::string> TypedCode(absl::string_view typed) {
  std::string digits;
  for (const char c : typed) {
    if (c == ' ' || c == '-') continue;
    if (!absl::ascii_isdigit(static_cast<unsigned char>(c)) || digits.size() == kCodeDigits) return std::nullopt;
    digits.push_back(c);
  }
  if (digits.size() != kCodeDigits) return std::nullopt;
  return digits;
}

std::string DigestOfCode(const KeyRing& keys, const Uuid& link_id, int64_t number, absl::string_view code) {
  return keys.CurrentHmac(DigestedText(link_id, number, code));
}

bool IsCode(const KeyRing& keys, const OneTimeCode& kept, absl::string_view code) {
  return keys.AnyHmacIs(kept.digest, DigestedText(kept.link_id, kept.number, code));
}

const OneTimeCode* NewestFor(absl::Span<const OneTimeCode> codes, CodePurpose purpose) {
  for (const OneTimeCode& code : codes) {
    if (code.purpose == purpose) return &code;
  }
  return nullptr;
}

CodeMailing MayMailCode(absl::Span<const OneTimeCode> codes, CodePurpose purpose, absl::Time now) {
  int today = 0;
  for (const OneTimeCode& code : codes) today += code.create_time > now - absl::Hours(24) ? 1 : 0;
  const OneTimeCode* const last = NewestFor(codes, purpose);
  if (last != nullptr && now < last->create_time + kCodeGap) return CodeMailing::kMailedJustNow;
  return today < kMaxCodesPerDay ? CodeMailing::kAllowed : CodeMailing::kTooMany;
}

bool IsExpired(const OneTimeCode& code, absl::Time now) { return now >= code.create_time + kCodeLifetime; }

}  // namespace countersign::link
