#include "link-service/src/web/form.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"

namespace countersign::link::web {
namespace {

constexpr char kType[] = "application/x-www-form-urlencoded";

TEST(FormTest, DecodesPlusSignsAndPercentEscapes) {
  const absl::StatusOr<Form> form = Form::Parse(kType, "a=1+2&b=%E5%B1%B1&empty=&novalue&c=%26%3D%2B");
  ASSERT_TRUE(form.ok()) << form.status();
  EXPECT_EQ(form->Get("a"), "1 2");
  EXPECT_EQ(form->Get("b"), "山");
  EXPECT_EQ(form->Get("c"), "&=+");
  EXPECT_EQ(form->Get("empty"), "");
  EXPECT_EQ(form->Get("absent"), "");
}

TEST(FormTest, AcceptsTheCharsetThatItReads) {
  EXPECT_TRUE(Form::Parse("Application/X-WWW-Form-Urlencoded; charset=utf-8", "a=1").ok());
  EXPECT_FALSE(Form::Parse("application/x-www-form-urlencoded; charset=shift_jis", "a=1").ok());
}

TEST(FormTest, RefusesOtherContentTypes) {
  for (const char* type : {"", "text/plain", "multipart/form-data; boundary=x", "application/json"}) {
    EXPECT_FALSE(Form::Parse(type, "a=1").ok()) << type;
  }
}

TEST(FormTest, RefusesWhatIsNotExactlyAForm) {
  for (const char* body : {"a=1&a=2", "=1", "a=%", "a=%4", "a=%zz", "a=%00", "a=%FF", "a=%C0%80", "a=%ED%A0%80",
                           "a=%F4%90%80%80", "a=%E5%B1", "a=1&", "&"}) {
    EXPECT_FALSE(Form::Parse(kType, body).ok()) << body;
  }
}

TEST(FormTest, RefusesTooManyFieldsAndTooLongOnes) {
  std::string body = "f0=";
  for (int i = 1; i < Form::kMaxFields; ++i) absl::StrAppend(&body, "&f", i, "=");
  EXPECT_TRUE(Form::Parse(kType, body).ok());
  EXPECT_FALSE(Form::Parse(kType, absl::StrCat(body, "&one_more=")).ok());
  EXPECT_FALSE(Form::Parse(kType, absl::StrCat(std::string(Form::kMaxNameBytes + 1, 'n'), "=")).ok());
  EXPECT_FALSE(Form::Parse(kType, absl::StrCat("a=", std::string(Form::kMaxValueBytes + 1, 'v'))).ok());
}

}  // namespace
}  // namespace countersign::link::web
