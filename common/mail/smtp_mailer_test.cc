#include <fstream>
#include <memory>
#include <string>

#include "absl/strings/escaping.h"
#include "absl/time/clock.h"
#include "common/mail/mailer.h"
#include "common/mail/smtp_server_for_test.h"
#include "common/testing/status_matchers.h"
#include "common/testing/test_certificates.h"

namespace countersign::mail {
namespace {

using ::countersign::testing::HasReason;
using ::countersign::testing::IsOk;
using ::countersign::testing::StatusIs;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

Message Notice() {
  return {.id = "notice-1",
          .to = {.name = "Åsa", .address = "asa@bücher.example"},
          .subject = "Zahlung fällig",
          .text = "Line\n.dot\n",
          .date = absl::UnixEpoch()};
}

absl::Time Soon() { return absl::Now() + absl::Seconds(10); }

std::unique_ptr<Mailer> PlainMailer(const SmtpServerForTest& server) {
  auto mailer = MakeSmtpMailer(
      {.url = server.Url("smtp"), .from = {.address = "billing@vendor.example"}, .plaintext_loopback = true});
  EXPECT_OK(mailer);
  return *std::move(mailer);
}

TEST(SmtpMailerTest, HandsTheMessageOverAsItIs) {
  SmtpServerForTest server({});
  ASSERT_OK(PlainMailer(server)->Send(Notice(), Soon()));
  EXPECT_THAT(server.lines(), AllOf(Contains(StartsWith("MAIL FROM:<billing@vendor.example>")),
                                    Contains("RCPT TO:<asa@xn--bcher-kva.example>")));
  EXPECT_EQ(server.message(), *Rendered(Notice(), {.address = "billing@vendor.example"}));
}

TEST(SmtpMailerTest, TellsARefusedMessageFromATroubledServer) {
  for (const auto& [command, answer] : std::map<std::string, std::string>{
           {"RCPT", "550 5.1.1 no such user"}, {"MESSAGE", "554 5.7.1 not wanted"}, {"DATA", "554 no"}}) {
    SmtpServerForTest server({.answers = {{command, answer}}});
    EXPECT_THAT(PlainMailer(server)->Send(Notice(), Soon()),
                AllOf(HasReason("MAIL_REFUSED"), StatusIs(absl::StatusCode::kFailedPrecondition)))
        << command;
  }
  for (const auto& [command, answer] : std::map<std::string, std::string>{{"GREETING", "554 go away"},
                                                                          {"MAIL", "550 who are you"},
                                                                          {"RCPT", "451 greylisted"},
                                                                          {"MESSAGE", "452 full"},
                                                                          {"DATA", ""},
                                                                          {"EHLO", ""}}) {
    SmtpServerForTest server({.answers = {{command, answer}}});
    EXPECT_THAT(PlainMailer(server)->Send(Notice(), Soon()),
                AllOf(HasReason("MAIL_NOT_SENT"), StatusIs(absl::StatusCode::kUnavailable)))
        << command;
  }
}

TEST(SmtpMailerTest, GivesUpASilentServerAtTheDeadline) {
  SmtpServerForTest server({.answers = {{"MESSAGE", "WAIT"}}});
  const absl::Time start = absl::Now();
  EXPECT_THAT(PlainMailer(server)->Send(Notice(), start + absl::Milliseconds(300)), HasReason("MAIL_NOT_SENT"));
  EXPECT_LT(absl::Now() - start, absl::Seconds(5));
}

TEST(SmtpMailerTest, SaysNothingWithoutTls) {
  SmtpServerForTest server({});
  const auto mailer = MakeSmtpMailer({.url = server.Url("smtp"), .from = {.address = "billing@vendor.example"}});
  ASSERT_OK(mailer);
  EXPECT_THAT((*mailer)->Send(Notice(), Soon()), HasReason("MAIL_NOT_SENT"));
  EXPECT_THAT(server.lines(), Not(Contains(StartsWith("MAIL"))));
}

class TlsMailTest : public ::testing::Test {
 protected:
  SmtpOptions Options(const SmtpServerForTest& server) const {
    return {.url = server.Url("smtps"),
            .from = {.address = "billing@vendor.example"},
            .credentials_file = credentials_,
            .ca_file = files_.ca_file()};
  }

  const testing::TestAuthority authority_;
  const testing::CertificateFiles files_{authority_.Issue({.dns = {"localhost"}, .for_servers = true}),
                                         authority_.pem()};
  const std::string credentials_ = ::testing::TempDir() + "mail_credentials";
};

TEST_F(TlsMailTest, SendsUserAndPasswordOfTheFileUnderTls) {
  std::ofstream(credentials_) << "mailer\ns3cret\n";
  SmtpServerForTest server({.cert_file = files_.cert_file(), .key_file = files_.key_file(), .answers = {}});
  const auto mailer = MakeSmtpMailer(Options(server));
  ASSERT_OK(mailer);
  EXPECT_OK((*mailer)->Send(Notice(), Soon()));
  const std::string proof = absl::Base64Escape(std::string("\0mailer\0s3cret", 14));
  EXPECT_THAT(server.lines(), Contains(HasSubstr(proof)));
}

TEST_F(TlsMailTest, RefusesAServerOfAnotherAuthority) {
  std::ofstream(credentials_) << "mailer\ns3cret\n";
  SmtpServerForTest server({.cert_file = files_.cert_file(), .key_file = files_.key_file(), .answers = {}});
  const testing::TestAuthority stranger;
  const testing::CertificateFiles strange(stranger.Issue({.dns = {"localhost"}}), stranger.pem());
  SmtpOptions options = Options(server);
  options.ca_file = strange.ca_file();
  const auto mailer = MakeSmtpMailer(options);
  ASSERT_OK(mailer);
  EXPECT_THAT((*mailer)->Send(Notice(), Soon()), HasReason("MAIL_NOT_SENT"));
  EXPECT_TRUE(server.lines().empty());
}

TEST(SmtpMailerOptionsTest, RefusesOptionsThatCannotWork) {
  const Mailbox from = {.address = "billing@vendor.example"};
  for (const std::string url : {"", "http://mail.example", "smtp://", "smtp://user:password@mail.example"}) {
    EXPECT_THAT(MakeSmtpMailer({.url = url, .from = from}), HasReason("INVALID_MAIL_OPTIONS")) << url;
  }
  EXPECT_THAT(MakeSmtpMailer({.url = "smtp://mail.example:25", .from = from, .plaintext_loopback = true}),
              HasReason("INVALID_MAIL_OPTIONS"));
  EXPECT_THAT(MakeSmtpMailer({.url = "smtp://mail.example:25", .from = {.address = "nobody"}}),
              HasReason("INVALID_ADDRESS"));
}

}  // namespace
}  // namespace countersign::mail
