// Matchers for absl::Status and absl::StatusOr:
//   EXPECT_OK(store.Delete(id));
//   ASSERT_OK_AND_ASSIGN(const Order order, store.Get(id));
//   EXPECT_THAT(store.Get(id), StatusIs(absl::StatusCode::kNotFound));
//   EXPECT_THAT(order.Confirm(), HasReason("ORDER_EXPIRED"));
#ifndef COUNTERSIGN_COMMON_TESTING_STATUS_MATCHERS_H_
#define COUNTERSIGN_COMMON_TESTING_STATUS_MATCHERS_H_

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"

namespace countersign::testing {

inline const absl::Status& StatusOf(const absl::Status& status) { return status; }
template <typename T>
const absl::Status& StatusOf(const absl::StatusOr<T>& result) {
  return result.status();
}

MATCHER(IsOk, negation ? "is an error" : "is OK") {
  *result_listener << StatusOf(arg).ToString();
  return StatusOf(arg).ok();
}

MATCHER_P(StatusIs, code, std::string(negation ? "has not" : "has") + " code " + absl::StatusCodeToString(code)) {
  *result_listener << StatusOf(arg).ToString();
  return StatusOf(arg).code() == code;
}

MATCHER_P(HasReason, reason, std::string(negation ? "has not" : "has") + " reason " + reason) {
  *result_listener << StatusOf(arg).ToString() << " with reason " << ::countersign::DetailsOf(StatusOf(arg)).reason;
  return ::countersign::DetailsOf(StatusOf(arg)).reason == reason;
}

}  // namespace countersign::testing

#define EXPECT_OK(expression) EXPECT_THAT(expression, ::countersign::testing::IsOk())
#define ASSERT_OK(expression) ASSERT_THAT(expression, ::countersign::testing::IsOk())

#define COUNTERSIGN_ASSERT_OK_AND_ASSIGN(result, target, expression) \
  auto result = (expression);                                        \
  ASSERT_OK(result.status());                                        \
  target = *std::move(result)
#define ASSERT_OK_AND_ASSIGN(target, expression) \
  COUNTERSIGN_ASSERT_OK_AND_ASSIGN(COUNTERSIGN_CONCAT(result_, __LINE__), target, expression)

#endif  // COUNTERSIGN_COMMON_TESTING_STATUS_MATCHERS_H_
