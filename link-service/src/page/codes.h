// One-time codes on the page: mails one, and checks what was typed.
#ifndef COUNTERSIGN_LINK_SERVICE_SRC_PAGE_CODES_H_
#define COUNTERSIGN_LINK_SERVICE_SRC_PAGE_CODES_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/base/clock.h"
#include "common/base/crypto.h"
#include "common/events/committer.h"
#include "common/mail/mailer.h"
#include "countersign/link/v1/evidence.pb.h"
#include "link-service/src/page/press_messages.h"
#include "link-service/src/page/receipts.h"
#include "link-service/src/store/code_store.h"
#include "link-service/src/web/language.h"
#include "link-service/src/web/vendor.h"

namespace countersign::link {

// All must outlive the codes.
struct CodeParts {
  events::Committer& committer;
  const CodeStore& codes;
  const Receipts& receipts;
  const KeyRing& link_keys;
  const Vendor& vendor;
  const Clock& clock;
  mail::Mailer* mailer = nullptr;  // Null: no code can be mailed.
};

// Thread-safe. A code is never logged, and kept as its digest only.
class Codes {
 public:
  explicit Codes(const CodeParts& parts) : parts_(parts) {}

  // Mails a code for `purpose` to `to`, or, where that is empty, to the billing contact on file with billing-service;
  // what the visitor typed plays no part. Returns the masked address. Within a minute of the code before none is
  // mailed, and that one's address is returned. Errors: FAILED_PRECONDITION TOO_MANY_CODES; any other: the code could
  // not be mailed.
  absl::StatusOr<std::string> Mail(const PressedPage& pressed, CodePurpose purpose, const std::string& to = "");

  // Checks the typed code against the newest one for `purpose`. The guess is counted before it is compared.
  enum class Verdict { kRight, kWrong, kExpired, kUsedUp, kNoneMailed };
  struct Checked {
    Verdict verdict = Verdict::kNoneMailed;
    int64_t number = 0;  // The code's.
    std::string sent_to;
    int64_t attempts_left = 0;
  };
  // A code that was right on a form stays so for the same form, so that a press may be repeated. Errors: those of
  // CodeStore.
  absl::StatusOr<Checked> Check(const PressedPage& pressed, CodePurpose purpose, absl::string_view typed);

 private:
  absl::StatusOr<std::string> ContactOf(const rpc::Call& call, const PressedPage& pressed);
  absl::Status Send(const PressedPage& pressed, const OneTimeCode& kept, const std::string& contact,
                    absl::string_view code);

  const CodeParts parts_;
};

// The sentence in `language` for a code that is not right.
std::string CodeErrorText(const web::Language& language, const Codes::Checked& checked);

// Of a showing of a page, for its presses.
Uuid NewFormId();

}  // namespace countersign::link

#endif  // COUNTERSIGN_LINK_SERVICE_SRC_PAGE_CODES_H_
