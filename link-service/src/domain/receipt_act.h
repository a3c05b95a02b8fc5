// A customer's act on its receipt: previewed, confirmed by a one-time code, recorded, and then carried out by
// billing-service, which decides by the time of the record.
#ifndef COUNTERSIGN_LINK_SERVICE_SRC_DOMAIN_RECEIPT_ACT_H_
#define COUNTERSIGN_LINK_SERVICE_SRC_DOMAIN_RECEIPT_ACT_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/crypto.h"
#include "common/base/named.h"
#include "common/base/uuid.h"
#include "link-service/src/domain/one_time_code.h"

namespace countersign::link {

enum class ReceiptActKind {
  kDoNotRenew,
  kCancel,
  kTransferCode,
  kRemovePartner,
  kChangeContact,
  kCorrectContact,
  kRefusePartner,
  kAskPartner
};

inline constexpr Named<ReceiptActKind> kReceiptActKinds[] = {
    {ReceiptActKind::kDoNotRenew, "DO_NOT_RENEW"},      {ReceiptActKind::kCancel, "CANCEL"},
    {ReceiptActKind::kTransferCode, "TRANSFER_CODE"},   {ReceiptActKind::kRemovePartner, "REMOVE_PARTNER"},
    {ReceiptActKind::kChangeContact, "CHANGE_CONTACT"}, {ReceiptActKind::kCorrectContact, "CORRECT_CONTACT"},
    {ReceiptActKind::kRefusePartner, "REFUSE_PARTNER"}, {ReceiptActKind::kAskPartner, "ASK_PARTNER"}};
inline absl::string_view NameOf(ReceiptActKind kind) { return NameIn(kReceiptActKinds, kind); }

// Another billing contact, or what was meant to be typed.
inline bool IsAboutContact(ReceiptActKind kind) {
  return kind == ReceiptActKind::kChangeContact || kind == ReceiptActKind::kCorrectContact;
}

// The code that confirms it.
inline CodePurpose PurposeOf(ReceiptActKind kind) {
  switch (kind) {
    case ReceiptActKind::kDoNotRenew:
      return CodePurpose::kDoNotRenew;
    case ReceiptActKind::kCancel:
      return CodePurpose::kCancel;
    case ReceiptActKind::kTransferCode:
      return CodePurpose::kTransferCode;
    case ReceiptActKind::kChangeContact:
      return CodePurpose::kChangeContact;
    case ReceiptActKind::kRefusePartner:
      return CodePurpose::kRefusePartner;
    case ReceiptActKind::kAskPartner:
      return CodePurpose::kAskPartner;
    case ReceiptActKind::kCorrectContact:
      return CodePurpose::kCorrectContact;
    case ReceiptActKind::kRemovePartner:
      break;
  }
  return CodePurpose::kRemovePartner;
}

inline constexpr absl::string_view kActDone = "DONE";

struct ReceiptAct {
  Uuid link_id;
  Uuid act_id;  // See ReceiptActId.
  ReceiptActKind kind = ReceiptActKind::kDoNotRenew;
  std::string plan;      // As it was shown, serialized.
  std::string evidence;  // Serialized; personal data.
  std::string salt;      // 16 random bytes.
  absl::Time press_time;
  int64_t version = 1;
  std::string outcome = {};  // Empty; then kActDone, or the reason of a refusal.
};

// One form does an act once, however often it is pressed.
inline Uuid ReceiptActId(const Uuid& link_id, const Uuid& form_id, ReceiptActKind kind) {
  return Uuid::Derived({"receipt act", link_id.ToString(), form_id.ToString(), NameOf(kind)});
}

// The request_id of the act's call about a subscription: a repetition asks the same.
inline Uuid RequestOfAct(const Uuid& act_id, absl::string_view subscription) {
  return Uuid::Derived({"receipt act request", act_id.ToString(), subscription});
}

// SHA-256 over salt and evidence: all that the event log keeps of them.
inline std::string EvidenceDigest(const ReceiptAct& act) { return Sha256(act.salt + act.evidence); }

}  // namespace countersign::link

#endif  // COUNTERSIGN_LINK_SERVICE_SRC_DOMAIN_RECEIPT_ACT_H_
