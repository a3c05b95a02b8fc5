#include "link-service/src/domain/access_link.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "common/base/error.h"

namespace countersign::link {
namespace {

constexpr size_t kAccountDigits = 10;

bool IsAccountNumber(absl::string_view text) {
  return text.size() == kAccountDigits &&
         std::all_of(text.begin(), text.end(), [](unsigned char c) { return absl::ascii_isdigit(c); });
}

}  // namespace

absl::StatusOr<AccessLink> NextAccessLink(const Link& link, absl::Span<const AccessLink> before, AccessLinkAsker asker,
                                          absl::Time now) {
  if (link.state != LinkState::kConfirmed) {
    return FailedPrecondition("LINK_STATE", "Only a CONFIRMED link has a receipt.",
                              {{"state", std::string(NameOf(link.state))}});
  }
  const auto today = std::count_if(before.begin(), before.end(),
                                   [&](const AccessLink& one) { return now - one.create_time < absl::Hours(24); });
  const bool just_now = !before.empty() && now - before.front().create_time < kAccessLinkGap;
  if (just_now || today >= kMaxAccessLinksPerDay) {
    return FailedPrecondition("TOO_MANY_ACCESS_LINKS",
                              "At most one access link in 10 minutes and 5 in 24 hours are mailed. Try again later.");
  }
  return AccessLink{.link_id = link.link_id,
                    .number = before.empty() ? 1 : before.front().number + 1,
                    .asked_by = asker,
                    .create_time = now};
}

SoughtNumber NumberOf(absl::string_view typed) {
  std::string number;
  for (const char c : typed) {
    if (!absl::ascii_isspace(static_cast<unsigned char>(c))) number.push_back(absl::ascii_toupper(c));
  }
  const std::string account = number.substr(0, number.find('-'));
  if (IsAccountNumber(account)) return {SoughtNumber::Kind::kAccount, account};
  return {SoughtNumber::Kind::kOrder, number};
}

bool IsSameAddress(absl::string_view typed, absl::string_view on_file) {
  return !on_file.empty() && absl::EqualsIgnoreCase(typed, on_file);
}

bool IsReceiptReadable(absl::Span<const ReceiptSubscription> subscriptions, Date today) {
  return std::any_of(subscriptions.begin(), subscriptions.end(), [&](const ReceiptSubscription& one) {
    return one.runs || (one.end_date.has_value() && today < AddMonths(*one.end_date, kReadableMonths));
  });
}

}  // namespace countersign::link
