#include "common/mail/message.h"

#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/civil_time.h"
#include "common/testing/status_matchers.h"

namespace countersign::mail {
namespace {

using ::countersign::testing::HasReason;
using ::countersign::testing::IsOk;
using ::testing::HasSubstr;
using ::testing::Not;

Message Plain() {
  return {.id = "notice-1",
          .to = {.name = "Ann Buyer", .address = "ann@contoso.example"},
          .subject = "Your invoice is due",
          .text = "Dear Ann,\nplease pay.\n",
          .date = absl::FromCivil(absl::CivilSecond(2009, 6, 8, 9, 30, 0), absl::UTCTimeZone())};
}

std::string RenderedFrom(const Message& message) {
  const auto rendered = Rendered(message, {.name = "Vendor, Inc.", .address = "billing@vendor.example"});
  EXPECT_OK(rendered);
  return rendered.value_or("");
}

TEST(MessageTest, WritesAPlainMailToTheByte) {
  EXPECT_EQ(RenderedFrom(Plain()),
            "From: \"Vendor, Inc.\"\r\n <billing@vendor.example>\r\nTo: Ann Buyer\r\n <ann@contoso.example>\r\n"
            "Subject: Your invoice is due\r\nDate: Mon, 08 Jun 2009 09:30:00 +0000\r\n"
            "Message-ID: <notice-1@vendor.example>\r\nAuto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n"
            "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
            "Dear Ann,\r\nplease pay.\r\n");
}

TEST(MessageTest, EncodesHeadersAndTextThatAreNotAscii) {
  Message message = Plain();
  message.to.name = "Åsa Öberg";
  message.subject = "請求書";
  message.text = "Fällig: 375,00 €  \n.\n";
  const std::string rendered = RenderedFrom(message);
  EXPECT_THAT(rendered, HasSubstr("To: =?UTF-8?B?w4VzYSDDlmJlcmc=?=\r\n <ann@contoso.example>"));
  EXPECT_THAT(rendered, HasSubstr("Subject: =?UTF-8?B?6KuL5rGC5pu4?=\r\n"));
  EXPECT_THAT(rendered, HasSubstr("\r\n\r\nF=C3=A4llig: 375,00 =E2=82=AC =20\r\n=2E\r\n"));
}

TEST(MessageTest, KeepsEveryLineShortAndCharactersWhole) {
  Message message = Plain();
  for (int i = 0; i < 40; ++i) absl::StrAppend(&message.subject, "漢ü");
  for (int i = 0; i < 400; ++i) absl::StrAppend(&message.text, "long ");
  for (const absl::string_view line : absl::StrSplit(RenderedFrom(message), "\r\n")) {
    EXPECT_LE(line.size(), 78U) << line;
    EXPECT_TRUE(std::all_of(line.begin(), line.end(), [](unsigned char c) { return c < 0x7F; })) << line;
  }
}

TEST(MessageTest, ReadsNoPlainSubjectAsAnEncodedWord) {
  Message message = Plain();
  message.subject = "=?UTF-8?B?AAAA?=";
  EXPECT_THAT(RenderedFrom(message), Not(HasSubstr("Subject: =?UTF-8?B?AAAA?=\r\n")));
}

TEST(MessageTest, RefusesLineBreaksInHeaders) {
  for (const std::string evil :
       {"a\r\nBcc: x@y.example", "a\nb", "a\rb", "a\tb", "a\x7F", "a\xC2\x85", "\xFF", "\xC0\xAF", "\xED\xA0\x80"}) {
    Message message = Plain();
    message.subject = evil;
    EXPECT_THAT(Rendered(message, {.address = "a@b.example"}), HasReason("INVALID_MESSAGE")) << evil;
    message = Plain();
    message.to.name = evil;
    EXPECT_THAT(Rendered(message, {.address = "a@b.example"}), HasReason("INVALID_MESSAGE")) << evil;
    message = Plain();
    message.to.address = evil + "@b.example";
    EXPECT_THAT(Rendered(message, {.address = "a@b.example"}), HasReason("INVALID_ADDRESS")) << evil;
    message = Plain();
    message.id = evil;
    EXPECT_THAT(Rendered(message, {.address = "a@b.example"}), HasReason("INVALID_MESSAGE")) << evil;
  }
}

TEST(MessageTest, WritesInternationalDomainsInAscii) {
  const auto address = WireAddress("rechnung@bücher.example");
  ASSERT_OK(address);
  EXPECT_EQ(*address, "rechnung@xn--bcher-kva.example");
  EXPECT_EQ(WireAddress("a@例え。テスト").value_or(""), "a@xn--r8jz45g.xn--zckzah");
}

TEST(MessageTest, RefusesWhatIsNoAddress) {
  for (const std::string bad : {"", "a", "@b.example", "a@", "a@b", "a@b..example", "a@-b.example", "a b@c.example",
                                "a@b.example,c@d.example", "a@b.example>", "\"a\"@b.example", "ü@b.example",
                                ".a@b.example", "a.@b.example", "a@b@c.example", "a@b_c.example", "a@[127.0.0.1]"}) {
    EXPECT_THAT(WireAddress(bad), HasReason("INVALID_ADDRESS")) << bad;
  }
  EXPECT_THAT(WireAddress(std::string(65, 'a') + "@b.example"), HasReason("INVALID_ADDRESS"));
  EXPECT_THAT(WireAddress(absl::StrCat("a@", std::string(64, 'b'), ".example")), HasReason("INVALID_ADDRESS"));
  EXPECT_THAT(WireAddress("o'neil+po=5@contoso.example"), IsOk());
}

}  // namespace
}  // namespace countersign::mail
