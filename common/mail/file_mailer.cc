#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/base/uuid.h"
#include "common/mail/mailer.h"

namespace countersign::mail {
namespace {

class FileMailer final : public Mailer {
 public:
  FileMailer(std::string folder, Mailbox from) : folder_(std::move(folder)), from_(std::move(from)) {}

  absl::Status Send(const Message& message, absl::Time /*deadline*/) override {
    ASSIGN_OR_RETURN(const std::string bytes, Rendered(message, from_));
    // A reader of the folder sees whole messages only; two senders of one message do not mix.
    const std::string path = absl::StrCat(folder_, "/", message.id, ".eml");
    const std::string part = absl::StrCat(path, ".", Uuid::V7(message.date).ToString(), ".part");
    std::ofstream file(part, std::ios::binary);
    file << bytes;
    file.close();
    std::error_code error;
    if (file.good()) std::filesystem::rename(part, path, error);
    if (!file.good() || error) {
      std::filesystem::remove(part, error);
      return Error(absl::StatusCode::kUnavailable, "MAIL_NOT_SENT", "The mail was not written to its folder.");
    }
    return absl::OkStatus();
  }

 private:
  const std::string folder_;
  const Mailbox from_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Mailer>> MakeFileMailer(const std::string& folder, const Mailbox& from) {
  RETURN_IF_ERROR(WireAddress(from.address).status());
  std::error_code error;
  if (!std::filesystem::is_directory(folder, error)) {
    return NotFound("MAIL_FOLDER_NOT_FOUND", absl::StrCat("There is no folder ", folder, ". Create it."));
  }
  return std::make_unique<FileMailer>(folder, from);
}

}  // namespace countersign::mail
