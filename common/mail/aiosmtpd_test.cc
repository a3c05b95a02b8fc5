// The mailer against a real SMTP server, which reads each mail with a library that is not ours.
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/mail/aiosmtpd_for_test.h"
#include "common/mail/mailer.h"
#include "common/testing/status_matchers.h"
#include "common/testing/test_certificates.h"

namespace countersign::mail {
namespace {

using ::countersign::testing::HasReason;
using ::countersign::testing::IsOk;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

Message MailTo(const std::string& address) {
  return {.id = "notice-1",
          .to = {.name = "Åsa \"Bücher\" <Öberg>, 請求", .address = address},
          .subject = "Zahlung fällig: 375,00 €, 請求書",
          .text = "Guten Tag,\n.\nbitte zahlen Sie 375,00 €.\n",
          .date = absl::UnixEpoch()};
}

absl::Status SendBy(const AiosmtpdForTest& server, const Message& message) {
  const auto mailer =
      MakeSmtpMailer({.url = server.Url(), .from = {.address = "billing@vendor.example"}, .plaintext_loopback = true});
  EXPECT_OK(mailer);
  return (*mailer)->Send(message, absl::Now() + absl::Seconds(60));
}

TEST(AiosmtpdTest, ReadsWhatWasWritten) {
  const AiosmtpdForTest server;
  const Message message = MailTo("asa@bücher.example");
  ASSERT_OK(SendBy(server, message));
  const std::vector<nlohmann::json> taken = server.messages();
  ASSERT_EQ(taken.size(), 1U);
  EXPECT_EQ(taken[0]["from"], "billing@vendor.example");
  EXPECT_EQ(taken[0]["receivers"].dump(), R"(["asa@xn--bcher-kva.example"])");
  EXPECT_EQ(taken[0]["subject"], message.subject);
  EXPECT_EQ(taken[0]["to_name"], message.to.name);
  EXPECT_EQ(taken[0]["to_address"], "asa@xn--bcher-kva.example");
  EXPECT_EQ(taken[0]["text"], message.text);
  EXPECT_THAT(taken[0]["defects"], IsEmpty());
  EXPECT_THAT(taken[0]["headers"].get<std::vector<std::string>>(),
              ElementsAre("From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version",
                          "Content-Type", "Content-Transfer-Encoding"));
}

TEST(AiosmtpdTest, LongLinesArriveWholeInShortOnes) {
  const AiosmtpdForTest server;
  Message message = MailTo("asa@contoso.example");
  message.subject.clear();
  for (int i = 0; i < 100; ++i) absl::StrAppend(&message.subject, "漢ü");
  message.text = absl::StrCat(std::string(5'000, 'x'), "\n", std::string(3'000, ' '), ".\n");
  ASSERT_OK(SendBy(server, message));
  const std::vector<nlohmann::json> taken = server.messages();
  ASSERT_EQ(taken.size(), 1U);
  EXPECT_EQ(taken[0]["subject"], message.subject);
  EXPECT_EQ(taken[0]["text"], message.text);
  EXPECT_LE(taken[0]["longest_line"].get<int>(), 78);
}

TEST(AiosmtpdTest, NobodyAddsAHeaderAReceiverOrAMessage) {
  const AiosmtpdForTest server;
  for (const std::string evil : {"a\r\nBcc: x@y.example", "a\nBcc: x@y.example", "a\rBcc: x@y.example"}) {
    Message message = MailTo("asa@contoso.example");
    message.subject = evil;
    EXPECT_THAT(SendBy(server, message), HasReason("INVALID_MESSAGE"));
    message = MailTo("asa@contoso.example");
    message.to.name = evil;
    EXPECT_THAT(SendBy(server, message), HasReason("INVALID_MESSAGE"));
    EXPECT_THAT(SendBy(server, MailTo(evil + "@contoso.example")), HasReason("INVALID_ADDRESS"));
  }
  EXPECT_THAT(SendBy(server, MailTo("asa@contoso.example>\r\nRCPT TO:<x@y.example")), HasReason("INVALID_ADDRESS"));
  EXPECT_THAT(server.messages(), IsEmpty());
  Message message = MailTo("asa@contoso.example");
  message.text = "a\n.\nMAIL FROM:<x@y.example>\n.\n\nBcc: x@y.example\n";
  ASSERT_OK(SendBy(server, message));
  const std::vector<nlohmann::json> taken = server.messages();
  ASSERT_EQ(taken.size(), 1U);
  EXPECT_EQ(taken[0]["text"], message.text);
  EXPECT_EQ(taken[0]["receivers"].size(), 1U);
}

TEST(AiosmtpdTest, WhatIsRefusedForNowIsTakenLaterAndTheRestNever) {
  const AiosmtpdForTest server;
  for (const std::string name : {"later", "full"}) {
    EXPECT_THAT(SendBy(server, MailTo(name + "@contoso.example")), HasReason("MAIL_NOT_SENT")) << name;
    EXPECT_OK(SendBy(server, MailTo(name + "@contoso.example")));
  }
  EXPECT_THAT(SendBy(server, MailTo("nobody@contoso.example")), HasReason("MAIL_REFUSED"));
  EXPECT_EQ(server.messages().size(), 2U);
}

class StarttlsTest : public ::testing::Test {
 protected:
  StarttlsTest() { std::ofstream(credentials_) << "mailer\ns3cret\n"; }

  absl::Status Send(const std::string& ca_file) {
    const auto mailer = MakeSmtpMailer({.url = server_.Url(),
                                        .from = {.address = "billing@vendor.example"},
                                        .credentials_file = credentials_,
                                        .ca_file = ca_file});
    EXPECT_OK(mailer);
    return (*mailer)->Send(MailTo("asa@contoso.example"), absl::Now() + absl::Seconds(60));
  }

  const testing::TestAuthority authority_;
  const testing::CertificateFiles files_{authority_.Issue({.dns = {"localhost"}, .for_servers = true}),
                                         authority_.pem()};
  const std::string credentials_ = absl::StrCat(::testing::TempDir(), "aiosmtpd_credentials_", getpid());
  const AiosmtpdForTest server_{
      {"--cert=" + files_.cert_file(), "--key=" + files_.key_file(), "--user=mailer", "--password=s3cret"}};
};

TEST_F(StarttlsTest, LogsInAndSendsUnderTls) {
  ASSERT_OK(Send(files_.ca_file()));
  const std::vector<nlohmann::json> taken = server_.messages();
  ASSERT_EQ(taken.size(), 1U);
  EXPECT_TRUE(taken[0]["tls"].get<bool>());
  EXPECT_TRUE(taken[0]["authenticated"].get<bool>());
}

TEST_F(StarttlsTest, AWrongPasswordIsTheVendorsTroubleAndNotTheReceivers) {
  std::ofstream(credentials_) << "mailer\nwrong\n";
  EXPECT_THAT(Send(files_.ca_file()), HasReason("MAIL_NOT_SENT"));
  EXPECT_THAT(server_.messages(), IsEmpty());
}

TEST_F(StarttlsTest, RefusesAServerOfAnotherAuthority) {
  const testing::TestAuthority stranger;
  const testing::CertificateFiles strange(stranger.Issue({.dns = {"localhost"}}), stranger.pem());
  EXPECT_THAT(Send(strange.ca_file()), HasReason("MAIL_NOT_SENT"));
  EXPECT_THAT(server_.messages(), IsEmpty());
}

}  // namespace
}  // namespace countersign::mail
