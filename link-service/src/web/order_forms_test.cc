#include "link-service/src/web/order_forms.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "absl/strings/str_cat.h"

namespace countersign::link::web {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

using Fields = std::map<std::string, std::string>;

Fields GoodFields() {
  return {{"purchase_order_number", "PO-1"},
          {"company_name", "Fabrikam, Inc."},
          {"contact_email", "accounts@fabrikam.example"},
          {"address", "1201 Harbour Road\r\n\r\n Suite 400 "},
          {"city", "Seattle"},
          {"region", "WA"},
          {"postal_code", "98101"},
          {"country", "US"},
          {"tax_id", "91-1144442"},
          {"confirmer_name", "Ann Buyer"},
          {"confirmer_title", "Head of Purchasing"},
          {"confirmer_email", "ann@fabrikam.example"},
          {"agreement", "accepted"},
          {"revision", "3"},
          {"content_hash", std::string(64, 'a')}};
}

Form FormOf(const Fields& fields) {
  std::string body;
  for (const auto& [name, value] : fields) {
    absl::StrAppend(&body, body.empty() ? "" : "&", name, "=");
    for (const char c : value) absl::StrAppend(&body, "%", absl::Hex(static_cast<unsigned char>(c), absl::kZeroPad2));
  }
  return *Form::Parse("application/x-www-form-urlencoded", body);
}

std::vector<std::string> ErrorFields(const ConfirmSubmission& submission) {
  std::vector<std::string> fields;
  for (const FormError& error : submission.errors) fields.push_back(error.field);
  return fields;
}

std::vector<std::string> ErrorFieldsWith(const std::string& field, const std::string& value) {
  Fields fields = GoodFields();
  fields[field] = value;
  return ErrorFields(ReadConfirmForm(FormOf(fields)));
}

// The fields that hold text which somebody types.
constexpr const char* kTyped[] = {
    "purchase_order_number", "company_name", "contact_email", "address", "city", "region", "postal_code"};

std::string Repeated(int count, const std::string& text) {
  std::string repeated;
  for (int i = 0; i < count; ++i) repeated += text;
  return repeated;
}

TEST(ConfirmFormTest, NothingInvisibleIsStoredOfAnyField) {
  for (const char* field : kTyped) {
    for (const std::string hidden : {"\u200B", "\u202E", "\u2060", "\u2800", "\u3164", "\uFEFF", "\uFDD0"}) {
      EXPECT_THAT(ErrorFieldsWith(field, "a" + hidden + "b"), ElementsAre(field));
    }
    Fields fields = GoodFields();
    fields[field] += "\u200B\u00A0";
    EXPECT_THAT(ErrorFields(ReadConfirmForm(FormOf(fields))), IsEmpty()) << field;
  }
  Fields fields = GoodFields();
  fields["purchase_order_number"] = "\u00A0PO-1\u200B";
  EXPECT_EQ(ReadConfirmForm(FormOf(fields)).form.purchase_order_number, "PO-1");
  for (const char* required : {"company_name", "contact_email", "address", "city"}) {
    EXPECT_THAT(ErrorFieldsWith(required, "\u2800\u3164\u200B"), ElementsAre(required));
  }
}

TEST(ConfirmFormTest, ReadsWhatWasTyped) {
  const ConfirmSubmission submission = ReadConfirmForm(FormOf(GoodFields()));
  EXPECT_TRUE(submission.ok());
  EXPECT_EQ(submission.form.purchase_order_number, "PO-1");
  EXPECT_EQ(submission.form.company_name, "Fabrikam, Inc.");
  EXPECT_THAT(submission.form.address_lines, ElementsAre("1201 Harbour Road", "Suite 400"));
  EXPECT_EQ(submission.form.country, "US");
  EXPECT_EQ(submission.revision, 3);
  EXPECT_EQ(submission.content_hash, std::string(64, 'a'));
}

TEST(ConfirmFormTest, ListsEveryErrorOfAnEmptyForm) {
  const ConfirmSubmission submission = ReadConfirmForm(FormOf({{"action", "confirm"}}));
  EXPECT_THAT(ErrorFields(submission),
              ElementsAre("country", "company_name", "address", "city", "contact_email", "confirmer_name",
                          "confirmer_title", "confirmer_email", "agreement"));
  EXPECT_EQ(submission.revision, 0);
  EXPECT_EQ(submission.content_hash, "");
}

TEST(ConfirmFormTest, KeepsWhatWasTypedBesideTheErrors) {
  Fields fields = GoodFields();
  fields["contact_email"] = " accounts at fabrikam ";
  fields.erase("agreement");
  const ConfirmSubmission submission = ReadConfirmForm(FormOf(fields));
  EXPECT_THAT(ErrorFields(submission), ElementsAre("contact_email", "agreement"));
  EXPECT_EQ(submission.typed.contact_email, " accounts at fabrikam ");
  EXPECT_EQ(submission.typed.company_name, "Fabrikam, Inc.");
  EXPECT_EQ(submission.typed.address, "1201 Harbour Road\n\n Suite 400 ");
  EXPECT_FALSE(submission.typed.agreement_accepted);
}

TEST(ConfirmFormTest, LeavesOptionalFieldsOut) {
  EXPECT_THAT(ErrorFieldsWith("purchase_order_number", ""), IsEmpty());
  EXPECT_THAT(ErrorFieldsWith("tax_id", ""), IsEmpty());
}

TEST(ConfirmFormTest, ATaxIdHasTheFormOfItsCountry) {
  Fields fields = GoodFields();
  fields["country"] = "DE";
  fields["tax_id"] = " de 123 456 789";
  const ConfirmSubmission submission = ReadConfirmForm(FormOf(fields));
  EXPECT_TRUE(submission.ok());
  EXPECT_EQ(submission.form.tax_id, "DE123456789");
  EXPECT_EQ(submission.typed.tax_id, " de 123 456 789");
  fields["tax_id"] = "12/345/67890";
  EXPECT_THAT(ErrorFields(ReadConfirmForm(FormOf(fields))), ElementsAre("tax_id"));
  EXPECT_THAT(ErrorFieldsWith("tax_id", std::string(33, '1')), ElementsAre("tax_id"));
}

TEST(ConfirmFormTest, AsksForStateAndPostalCodeWhereTheCountryHasThem) {
  EXPECT_THAT(ErrorFieldsWith("region", ""), ElementsAre("region"));
  EXPECT_THAT(ErrorFieldsWith("postal_code", ""), ElementsAre("postal_code"));
  Fields fields = GoodFields();
  fields["country"] = "IE";
  fields["region"] = fields["postal_code"] = fields["tax_id"] = "";
  EXPECT_THAT(ErrorFields(ReadConfirmForm(FormOf(fields))), IsEmpty());
}

TEST(ConfirmFormTest, AsksWhoConfirms) {
  EXPECT_THAT(ErrorFieldsWith("confirmer_name", " "), ElementsAre("confirmer_name"));
  EXPECT_THAT(ErrorFieldsWith("confirmer_title", ""), ElementsAre("confirmer_title"));
  EXPECT_THAT(ErrorFieldsWith("confirmer_email", "ann"), ElementsAre("confirmer_email"));
}

TEST(ConfirmFormTest, WritesAnInternationalDomainAsMailDoes) {
  Fields fields = GoodFields();
  fields["contact_email"] = "rechnung@bücher.example";
  const ConfirmSubmission submission = ReadConfirmForm(FormOf(fields));
  EXPECT_TRUE(submission.ok());
  EXPECT_EQ(submission.form.contact_email, "rechnung@xn--bcher-kva.example");
  EXPECT_EQ(submission.typed.contact_email, "rechnung@bücher.example");
}

TEST(ConfirmFormTest, MeasuresLengthsInCharacters) {
  EXPECT_THAT(ErrorFieldsWith("company_name", Repeated(kMaxCompanyName, "山")), IsEmpty());
  EXPECT_THAT(ErrorFieldsWith("company_name", Repeated(kMaxCompanyName + 1, "a")), ElementsAre("company_name"));
  EXPECT_THAT(ErrorFieldsWith("purchase_order_number", Repeated(kMaxPurchaseOrderNumber + 1, "1")),
              ElementsAre("purchase_order_number"));
  EXPECT_THAT(ErrorFieldsWith("address", Repeated(kMaxAddressLine + 1, "a")), ElementsAre("address"));
  EXPECT_THAT(ErrorFieldsWith("address", Repeated(kMaxAddressLines, "a\n")), IsEmpty());
  EXPECT_THAT(ErrorFieldsWith("address", Repeated(kMaxAddressLines + 1, "a\n")), ElementsAre("address"));
}

TEST(ConfirmFormTest, RefusesControlCharacters) {
  EXPECT_THAT(ErrorFieldsWith("company_name", "Fabri\nkam"), ElementsAre("company_name"));
  EXPECT_THAT(ErrorFieldsWith("city", "Sea\x1b[31mttle"), ElementsAre("city"));
  EXPECT_THAT(ErrorFieldsWith("address", "1201\tHarbour Road"), ElementsAre("address"));
  EXPECT_THAT(ErrorFieldsWith("region",
                              "W\xC2\x85"
                              "A"),
              ElementsAre("region"));
}

TEST(ConfirmFormTest, RefusesWhatOrderServiceWouldRefuse) {
  for (const char* mark : {"\xE2\x80\xA8", "\xE2\x80\xAE", "\xE2\x81\xA6", "\xE2\x81\xA9", "\xEF\xBB\xBF"}) {
    EXPECT_THAT(ErrorFieldsWith("company_name", absl::StrCat("Fabri", mark, "kam")), ElementsAre("company_name"));
  }
  // Their neighbours are letters, punctuation and spaces like any other.
  for (const char* text : {"\xE2\x80\x99", "\xE2\x80\xAF", "\xE2\x81\xB0", "\xEF\xBB\xBC"}) {
    EXPECT_THAT(ErrorFieldsWith("company_name", absl::StrCat("Fabri", text, "kam")), IsEmpty());
  }
}

TEST(ConfirmFormTest, AcceptsPlausibleAddressesOfMailOnly) {
  for (const char* good : {"a@b.co", "first.last+tag@sub.example.com", "o'neill@example.ie"}) {
    EXPECT_THAT(ErrorFieldsWith("contact_email", good), IsEmpty()) << good;
  }
  for (const char* bad : {"a", "a@b", "@b.co", "a@", "a@b@c.co", "a b@c.co", "a@.co", "a@b..co", "a@-b.co",
                          "A <a@b.co>", "a@b.co,c@d.co", "山@b.co"}) {
    EXPECT_THAT(ErrorFieldsWith("contact_email", bad), ElementsAre("contact_email")) << bad;
  }
}

TEST(ConfirmFormTest, KnowsTheCountriesOfIso3166) {
  EXPECT_THAT(ErrorFieldsWith("country", "jp"), IsEmpty());
  for (const char* bad : {"XX", "USA", "U", "  "}) {
    EXPECT_THAT(ErrorFieldsWith("country", bad), ElementsAre("country")) << bad;
  }
}

TEST(ConfirmFormTest, ReadsADamagedRevisionAsOneThatFitsNoPage) {
  for (const char* revision : {"", "-1", "1x", "99999999999999999999"}) {
    Fields fields = GoodFields();
    fields["revision"] = revision;
    fields["content_hash"] = "not a hash";
    const ConfirmSubmission submission = ReadConfirmForm(FormOf(fields));
    EXPECT_TRUE(submission.ok());
    EXPECT_EQ(submission.revision, 0) << revision;
    EXPECT_EQ(submission.content_hash, "");
  }
}

TEST(DeclineFormTest, TakesAReasonOfSeveralLines) {
  const DeclineSubmission submission = ReadDeclineForm(FormOf({{"reason", " Too many seats.\r\nPlease offer 20. "}}));
  EXPECT_TRUE(submission.ok());
  EXPECT_EQ(submission.reason, "Too many seats.\nPlease offer 20.");
  EXPECT_TRUE(ReadDeclineForm(FormOf({{"action", "decline"}})).ok());
}

TEST(DeclineFormTest, RefusesALongReasonAndKeepsIt) {
  const std::string reason = Repeated(kMaxDeclineReason + 1, "x");
  const DeclineSubmission submission = ReadDeclineForm(FormOf({{"reason", reason}}));
  EXPECT_FALSE(submission.ok());
  EXPECT_EQ(submission.typed_reason, reason);
}

TEST(OrderActionTest, KnowsItsButtons) {
  EXPECT_EQ(*ActionOf(FormOf({{"action", "check"}})), OrderAction::kCheck);
  EXPECT_EQ(*ActionOf(FormOf({{"action", "confirm"}})), OrderAction::kConfirm);
  EXPECT_EQ(*ActionOf(FormOf({{"action", "decline"}})), OrderAction::kDecline);
  EXPECT_FALSE(ActionOf(FormOf({{"action", "cancel"}})).ok());
  EXPECT_FALSE(ActionOf(FormOf({})).ok());
}

}  // namespace
}  // namespace countersign::link::web
