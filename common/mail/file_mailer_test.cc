#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "common/mail/mailer.h"
#include "common/testing/status_matchers.h"

namespace countersign::mail {
namespace {

using ::countersign::testing::HasReason;

TEST(FileMailerTest, WritesOneFileAMessageHoweverOftenItIsSent) {
  const std::string folder = ::testing::TempDir() + "mailbox";
  std::filesystem::remove_all(folder);
  EXPECT_THAT(MakeFileMailer(folder, {.address = "a@b.example"}), HasReason("MAIL_FOLDER_NOT_FOUND"));
  std::filesystem::create_directory(folder);
  const auto mailer = MakeFileMailer(folder, {.address = "a@b.example"});
  ASSERT_OK(mailer);
  Message message = {
      .id = "first", .to = {.address = "c@d.example"}, .subject = "One", .text = "Text\n", .date = absl::UnixEpoch()};
  EXPECT_OK((*mailer)->Send(message, absl::InfiniteFuture()));
  EXPECT_OK((*mailer)->Send(message, absl::InfiniteFuture()));
  message.id = "../second";
  EXPECT_THAT((*mailer)->Send(message, absl::InfiniteFuture()), HasReason("INVALID_MESSAGE"));
  ASSERT_EQ(std::distance(std::filesystem::directory_iterator(folder), {}), 1);
  std::ifstream file(folder + "/first.eml", std::ios::binary);
  message.id = "first";
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}), *Rendered(message, {.address = "a@b.example"}));
}

}  // namespace
}  // namespace countersign::mail
