#include "common/base/trace.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace countersign {
namespace {

const std::string kId = "4bf92f3577b34da6a3ce929d0e0e4736";

TEST(TraceTest, ReadsTheTraceIdOfATraceparent) {
  EXPECT_EQ(TraceIdOf(absl::StrCat("00-", kId, "-00f067aa0ba902b7-01")), kId);
  EXPECT_EQ(TraceIdOf(absl::StrCat("cc-", kId, "-00f067aa0ba902b7-01")), kId);
  EXPECT_EQ(TraceIdOf(absl::StrCat("cc-", kId, "-00f067aa0ba902b7-01-later")), kId);
}

TEST(TraceTest, RefusesWhatIsNoTraceparent) {
  for (const std::string& text :
       {std::string(), kId, absl::StrCat("00-", kId, "-00f067aa0ba902b7"),
        absl::StrCat("ff-", kId, "-00f067aa0ba902b7-01"), absl::StrCat("00-", kId, "-0000000000000000-01"),
        absl::StrCat("00-", kId, "-00f067aa0ba902b7-01-x"), absl::StrCat("00-", kId, "-00F067AA0BA902B7-01"),
        absl::StrCat("00_", kId, "-00f067aa0ba902b7-01"),
        absl::StrCat("00-", std::string(32, '0'), "-00f067aa0ba902b7-01"),
        absl::StrCat("00-", std::string(32, 'g'), "-00f067aa0ba902b7-01")}) {
    EXPECT_EQ(TraceIdOf(text), "") << text;
  }
}

TEST(TraceTest, WhatIsPassedOnIsInTheSameTrace) {
  const std::string passed = TraceparentOf(kId);
  EXPECT_EQ(TraceIdOf(passed), kId);
  EXPECT_NE(passed, TraceparentOf(kId));
  EXPECT_TRUE(IsTraceId(NewTraceId()));
  const std::string span = NewSpanId();
  EXPECT_NE(span, NewSpanId());
  EXPECT_EQ(ParentIdOf(TraceparentOf(kId, span)), span);
  EXPECT_EQ(TraceIdOf(TraceparentOf(kId, span)), kId);
  EXPECT_EQ(ParentIdOf("no traceparent"), "");
}

}  // namespace
}  // namespace countersign
