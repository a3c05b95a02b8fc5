// The page in the customer's language, over real HTTP.
#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "countersign/link/v1/evidence.pb.h"
#include "link-service/src/page/page_sentences.h"
#include "link-service/src/page/page_test_base.h"
#include "link-service/src/page/shown_page.h"
#include "link-service/src/store/press_store.h"

namespace countersign::link {
namespace {

using ::countersign::testing::FormFields;
using ::countersign::testing::HttpGet;
using ::countersign::testing::HttpPost;
using ::countersign::testing::HttpReply;
using ::countersign::testing::InputValue;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;

class PageLanguageTest : public PageTest {
 protected:
  // The confirm form of the page in another language, filled in.
  FormFields FormIn(const std::string& language) const {
    const std::string page = HttpGet(url_ + "?lang=" + language).body;
    FormFields fields = ConfirmFields();
    for (auto& [name, value] : fields) {
      if (name == "content_hash" || name == "form_id") value = InputValue(page, name);
    }
    fields.emplace_back("lang", InputValue(page, "lang"));
    return fields;
  }

  static v1::PageContent KeptContent() {
    const std::string kept = database_->Query("SELECT content FROM page_contents").at(0).Bytes(0);
    v1::PageContent content;
    EXPECT_TRUE(content.ParseFromString(Uncompressed(kept).value_or("")));
    return content;
  }
};

TEST_F(PageLanguageTest, IsChosenByTheBrowserAndByALink) {
  EXPECT_THAT(HttpGet(url_).body, HasSubstr("<html lang=\"en\" dir=\"ltr\">"));
  const std::string german = HttpGet(url_, {"Accept-Language: de-AT,de;q=0.9,en;q=0.5"}).body;
  EXPECT_THAT(german, HasSubstr("<html lang=\"de\" dir=\"ltr\">"));
  EXPECT_THAT(german, HasSubstr("375,00\u00a0$"));
  EXPECT_THAT(german, HasSubstr("formaction=\"?lang=ar\""));
  EXPECT_THAT(HttpGet(Local(absl::StrCat(kPublicUrl, "/agreements/2009-06"))).body, HasSubstr("href=\"?lang=ar\""));
  EXPECT_THAT(HttpGet(url_ + "?lang=ar", {"Accept-Language: de"}).body, HasSubstr("<html lang=\"ar\" dir=\"rtl\">"));
}

TEST_F(PageLanguageTest, WhatTheCustomerConfirmedIsKeptAsItWasShown) {
  orders_.Answer(FakeOrders::ConfirmedOrder());
  const HttpReply pressed = HttpPost(url_ + "?lang=de", FormIn("de"));
  EXPECT_EQ(pressed.status, 303);
  EXPECT_THAT(pressed.headers.at("location"), EndsWith("?lang=de"));
  const v1::PageContent content = KeptContent();
  EXPECT_EQ(content.locale(), "de");
  ASSERT_EQ(orders_.confirms().size(), 1u);
  EXPECT_EQ(orders_.confirms()[0].acceptance().language_code(), "de");
  EXPECT_THAT(std::string(SentenceOf(content, kObligationSentence)), HasSubstr("bestellt Ihr Unternehmen"));
  EXPECT_THAT(content.partner_learns(0), HasSubstr("Ob und wie oft"));
  EXPECT_THAT(HttpGet(Followed(pressed)).body, HasSubstr("Ihre Bestellung ist bestätigt"));
}

TEST_F(PageLanguageTest, AnotherLanguageAloneSendsNobodyBackToReview) {
  orders_.Answer(FakeOrders::ConfirmedOrder());
  FormFields fields = FormIn("fr");
  fields.back() = {"lang", "ja"};  // As after a change of the browser's setting between opening and pressing.
  EXPECT_EQ(HttpPost(url_, fields).status, 303);
  EXPECT_EQ(KeptContent().locale(), "fr") << "what was shown, and not what the press asks for";
}

TEST_F(PageLanguageTest, AFormWithoutALanguageIsOfTheContentThatItNames) {
  orders_.Answer(FakeOrders::ConfirmedOrder());
  FormFields fields = FormIn("ja");
  fields.pop_back();
  EXPECT_EQ(HttpPost(url_, fields).status, 303);
  EXPECT_EQ(KeptContent().locale(), "ja");
}

TEST_F(PageLanguageTest, MistakesAreToldInTheLanguageOfTheForm) {
  FormFields fields = FormIn("fr");
  for (auto& [name, value] : fields) {
    if (name == "city") value = "";
  }
  const HttpReply reply = HttpPost(url_, fields);
  EXPECT_EQ(reply.status, 422);
  EXPECT_THAT(reply.body, HasSubstr("Indiquez la ville."));
  EXPECT_THAT(reply.body, HasSubstr("<html lang=\"fr\""));
}

TEST_F(PageLanguageTest, AnotherContentIsStillShownAgainInTheSameLanguage) {
  FormFields fields = FormIn("de");
  for (auto& [name, value] : fields) {
    if (name == "content_hash") value = std::string(64, 'a');
  }
  const HttpReply reply = HttpPost(url_, fields);
  EXPECT_EQ(reply.status, 409);
  EXPECT_THAT(reply.body, HasSubstr("Diese Bestellung hat sich geändert"));
  EXPECT_EQ(CountRows("presses"), 0);
}

TEST_F(PageLanguageTest, TheButtonsOfTheFormKeepWhatWasTyped) {
  const auto with_action = [](FormFields fields, const std::string& action) {
    for (auto& [name, value] : fields) {
      if (name == "action") value = action;
    }
    return fields;
  };
  FormFields english = with_action(FormIn("en"), "language");
  english.emplace_back("reason", "Too <many>");
  const HttpReply german = HttpPost(url_ + "?lang=de", english);
  EXPECT_EQ(german.status, 200);
  EXPECT_THAT(german.body, HasSubstr("<html lang=\"de\""));
  EXPECT_THAT(german.body, HasSubstr("1201 Harbour Road"));
  EXPECT_THAT(german.body, HasSubstr("Too &lt;many&gt;"));
  EXPECT_THAT(german.body, Not(HasSubstr("class=\"alert")));
  EXPECT_THAT(german.body, Not(HasSubstr(" checked"))) << "the tick is for the words beside it";
  EXPECT_EQ(InputValue(german.body, "confirmer_name"), "Ann Buyer");
  EXPECT_EQ(InputValue(german.body, "lang"), "de");
  EXPECT_EQ(CountRows("presses"), 0);

  FormFields pressed = ConfirmFields();
  for (auto& [name, value] : pressed) {
    if (name == "content_hash" || name == "form_id") value = InputValue(german.body, name);
  }
  pressed.emplace_back("lang", "de");
  EXPECT_EQ(HttpPost(url_ + "?lang=de", pressed).status, 303);
  EXPECT_EQ(KeptContent().locale(), "de");
  EXPECT_EQ(HttpPost(url_ + "?lang=fr", english).status, 303) << "confirmed meanwhile: the page as it is now";
}

TEST_F(PageLanguageTest, WhereNothingWasTypedTheButtonOpensThePageAnew) {
  const std::string page = HttpGet(url_).body;
  FormFields untouched = {{"action", "language"}};
  for (const char* name : {"revision", "content_hash", "form_id", "company_name", "purchase_order_number", "lang"}) {
    untouched.emplace_back(name, InputValue(page, name));
  }
  const HttpReply moved = HttpPost(url_ + "?lang=ja", untouched);
  EXPECT_EQ(moved.status, 303);
  EXPECT_THAT(moved.headers.at("location"), EndsWith("?lang=ja"));
}

TEST_F(PageLanguageTest, AnOrderThatChangedIsShownAgainInTheNewLanguageToo) {
  FormFields fields = FormIn("en");
  for (auto& [name, value] : fields) {
    if (name == "action") value = "language";
    if (name == "content_hash") value = std::string(64, 'a');
  }
  const HttpReply reply = HttpPost(url_ + "?lang=de", fields);
  EXPECT_EQ(reply.status, 409);
  EXPECT_THAT(reply.body, HasSubstr("Diese Bestellung hat sich geändert"));
  EXPECT_THAT(reply.body, HasSubstr("1201 Harbour Road"));
}

TEST_F(PageLanguageTest, WhoeverOpensNoLinkIsToldInTheBrowsersLanguage) {
  const HttpReply unknown = HttpGet(Local(absl::StrCat(kPublicUrl, "/c/x")), {"Accept-Language: ja"});
  EXPECT_EQ(unknown.status, 404);
  EXPECT_THAT(unknown.body, HasSubstr("このリンクは登録されていません"));
  EXPECT_THAT(HttpGet(Local(absl::StrCat(kPublicUrl, "/agreements/2009-06?lang=de"))).body,
              HasSubstr("in englischer Sprache"));
}

}  // namespace
}  // namespace countersign::link
