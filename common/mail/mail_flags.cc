#include <memory>
#include <string>

#include "absl/flags/flag.h"
#include "absl/strings/strip.h"
#include "common/mail/mailer.h"

ABSL_FLAG(std::string, mail_server, "",
          "The server that takes mail: smtps://host:port, or smtp://host:port, which is changed to TLS before anything "
          "is said. file:///FOLDER writes each mail to a file instead. Empty: no mail is sent.");
ABSL_FLAG(std::string, mail_from, "no-reply@countersign.invalid", "The address that mail comes from.");
ABSL_FLAG(std::string, mail_from_name, "", "The name beside --mail_from.");
ABSL_FLAG(
    std::string, mail_credentials_file, "",
    "A file whose first line is the mail server's user and whose second line is the password; read for each mail.");
ABSL_FLAG(std::string, mail_ca_file, "", "PEM file of the mail server's authorities. Default: the system's.");
ABSL_FLAG(bool, mail_plaintext_loopback, false, "Mail without TLS, to a loopback address only. For tests.");

namespace countersign::mail {

absl::StatusOr<std::unique_ptr<Mailer>> MailerFromFlags() {
  const std::string server = absl::GetFlag(FLAGS_mail_server);
  if (server.empty()) return nullptr;
  const Mailbox from = {.name = absl::GetFlag(FLAGS_mail_from_name), .address = absl::GetFlag(FLAGS_mail_from)};
  absl::string_view folder = server;
  if (absl::ConsumePrefix(&folder, "file://")) return MakeFileMailer(std::string(folder), from);
  return MakeSmtpMailer({.url = server,
                         .from = from,
                         .credentials_file = absl::GetFlag(FLAGS_mail_credentials_file),
                         .ca_file = absl::GetFlag(FLAGS_mail_ca_file),
                         .plaintext_loopback = absl::GetFlag(FLAGS_mail_plaintext_loopback)});
}

}  // namespace countersign::mail
