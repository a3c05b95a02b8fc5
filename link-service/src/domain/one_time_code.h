// One-time codes: 6 digits, mailed to the billing contact, that prove that whoever presses can read its mail. Only the
// correction of a mistyped contact is proved by the mail of whoever confirmed.
#ifndef COUNTERSIGN_LINK_SERVICE_SRC_DOMAIN_ONE_TIME_CODE_H_
#define COUNTERSIGN_LINK_SERVICE_SRC_DOMAIN_ONE_TIME_CODE_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/base/crypto.h"
#include "common/base/named.h"
#include "common/base/uuid.h"

namespace countersign::link {

inline constexpr int kCodeDigits = 6;
inline constexpr int kMaxCodeAttempts = 5;
inline constexpr int kMaxCodesPerDay = 10;  // Per link: at most 50 guesses a day at a million.
inline constexpr absl::Duration kCodeLifetime = absl::Minutes(10);
inline constexpr absl::Duration kCodeGap = absl::Minutes(1);  // Between two codes of one link.

// The one purpose of a code.
enum class CodePurpose {
  kConfirmOrder,
  kDoNotRenew,
  kCancel,
  kTransferCode,
  kRemovePartner,
  kChangeContact,
  kCorrectContact,
  kRefusePartner,
  kAskPartner
};

inline constexpr Named<CodePurpose> kCodePurposes[] = {{CodePurpose::kConfirmOrder, "CONFIRM_ORDER"},
                                                       {CodePurpose::kDoNotRenew, "DO_NOT_RENEW"},
                                                       {CodePurpose::kCancel, "CANCEL"},
                                                       {CodePurpose::kTransferCode, "TRANSFER_CODE"},
                                                       {CodePurpose::kRemovePartner, "REMOVE_PARTNER"},
                                                       {CodePurpose::kChangeContact, "CHANGE_CONTACT"},
                                                       {CodePurpose::kCorrectContact, "CORRECT_CONTACT"},
                                                       {CodePurpose::kRefusePartner, "REFUSE_PARTNER"},
                                                       {CodePurpose::kAskPartner, "ASK_PARTNER"}};
inline absl::string_view NameOf(CodePurpose purpose) { return NameIn(kCodePurposes, purpose); }

struct OneTimeCode {
  Uuid link_id;
  int64_t number = 0;        // Of the link's codes, from 1. Only the newest of a purpose counts.
  std::string digest = {};   // See DigestOfCode; 32 bytes.
  std::string sent_to = {};  // The masked address: "a•••@c•••".
  int64_t attempts = 0;      // Guesses so far, up to kMaxCodeAttempts.
  Uuid form_id = {};         // The form on which it was right; nil before.
  absl::Time create_time;
  CodePurpose purpose = CodePurpose::kConfirmOrder;
};

// The newest of these that is for `purpose`; `codes` begin with the newest. nullptr: none.
const OneTimeCode* NewestFor(absl::Span<const OneTimeCode> codes, CodePurpose purpose);

// The 6 digits that a random number means; nullopt for the few that would make some codes likelier than others.
std::optional<std::string> CodeOf(uint32_t random);

// The code that a person typed, without spaces and hyphens; nullopt unless it is 6 digits.
std::optional<std::string> TypedCode(absl::string_view typed);

// The part of a code that is kept, under the ring's current key.
std::string DigestOfCode(const KeyRing& keys, const Uuid& link_id, int64_t number, absl::string_view code);
bool IsCode(const KeyRing& keys, const OneTimeCode& kept, absl::string_view code);

// Whether another code for `purpose` may be mailed; `codes` are the link's newest for anything, the newest first, at
// least kMaxCodesPerDay of them where there are so many.
enum class CodeMailing { kAllowed, kMailedJustNow, kTooMany };
CodeMailing MayMailCode(absl::Span<const OneTimeCode> codes, CodePurpose purpose, absl::Time now);

bool IsExpired(const OneTimeCode& code, absl::Time now);

}  // namespace countersign::link

#endif  // COUNTERSIGN_LINK_SERVICE_SRC_DOMAIN_ONE_TIME_CODE_H_
