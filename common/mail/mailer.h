// Sends mail: the seam, and its two implementations.
#ifndef COUNTERSIGN_COMMON_MAIL_MAILER_H_
#define COUNTERSIGN_COMMON_MAIL_MAILER_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/mail/message.h"

namespace countersign::mail {

// Thread-safe.
class Mailer {
 public:
  virtual ~Mailer() = default;

  // Hands `message` over, at the latest by `deadline` (real time). It blocks: never call it inside a transaction or a
  // callback.
  // Errors: INVALID_ARGUMENT (INVALID_ADDRESS, INVALID_MESSAGE) and FAILED_PRECONDITION with reason MAIL_REFUSED: the
  // server refused this message or its receiver for good, do not repeat it. UNAVAILABLE with reason MAIL_NOT_SENT: the
  // server could not be reached, did not answer in time, or refused for now; repeat it later under the same id. Where
  // only the last answer was lost, the repeat arrives a second time.
  virtual absl::Status Send(const Message& message, absl::Time deadline) = 0;
};

struct SmtpOptions {
  std::string
      url;  // smtp://host:port or smtps://host:port. smtp:// is changed to TLS (STARTTLS) before anything is said.
  Mailbox from;
  std::string credentials_file =
      {};  // The user on its first line, the password on its second; read for each message. Empty: none.
  std::string ca_file = {};         // PEM of the authorities that are trusted. Empty: the system's.
  bool plaintext_loopback = false;  // No TLS, and 127.0.0.1, [::1] or localhost only: for tests.
};

// Over SMTP, one connection a message. Error: INVALID_ARGUMENT for options that cannot work.
absl::StatusOr<std::unique_ptr<Mailer>> MakeSmtpMailer(const SmtpOptions& options);

// Into `folder`, which must exist: one file a message, {id}.eml, complete when it appears. A message that is sent again
// replaces itself. For a sandbox. Error: NOT_FOUND.
absl::StatusOr<std::unique_ptr<Mailer>> MakeFileMailer(const std::string& folder, const Mailbox& from);

// As the command line says (--mail_server and the flags beside it). Null where --mail_server is empty: this process
// sends no mail. Errors: those of the two above.
absl::StatusOr<std::unique_ptr<Mailer>> MailerFromFlags();

}  // namespace countersign::mail

#endif  // COUNTERSIGN_COMMON_MAIL_MAILER_H_
