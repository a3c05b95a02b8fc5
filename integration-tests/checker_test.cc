// Breaks once what the checker claims to prove, by one statement with root's rights that is rolled back afterwards, and
// sees that it is found and named.
#include "integration-tests/checker.h"

#include <memory>
#include <string>
#include <vector>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "common/base/uuid.h"
#include "countersign/billing/v1/bank_receipt_service.grpc.pb.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "integration-tests/charging.h"
#include "integration-tests/checker_breaks.h"
#include "integration-tests/proof.h"
#include "integration-tests/story.h"
#include "integration-tests/suite.h"

namespace countersign::integration {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// What is read of each schema: one paid story with money left as credit, one charged, one unpaid, one that waits for
// its customer.
class CheckerTest : public SuiteTest {
 protected:
  static void SetUpTestSuite() {
    SuiteTest::SetUpTestSuite();
    if (HasFatalFailure()) return;
    Story paid(suite());
    ASSERT_TRUE(paid.Run().ok());
    ASSERT_TRUE(PayTenMore(paid).ok());
    Story charged(suite());
    ASSERT_TRUE(charged.RunUntil("pay").ok());
    ASSERT_TRUE(ChargeFor(suite(), charged, "tok").ok());
    ASSERT_TRUE(AwaitCharge(suite(), charged, billing::v1::Charge::STATE_SUCCEEDED).ok());
    Story unpaid(suite());
    ASSERT_TRUE(unpaid.RunUntil("pay").ok());
    Story waiting(suite());
    ASSERT_TRUE(waiting.RunUntil("confirm").ok());
    ProveInvariants();
    absl::StatusOr<Sessions> sessions = Connect();
    ASSERT_TRUE(sessions.ok()) << sessions.status();
    sessions_ = *std::move(sessions);
  }
  static void TearDownTestSuite() {
    sessions_.clear();
    SuiteTest::TearDownTestSuite();
  }

  void SetUp() override { ASSERT_EQ(sessions_.size(), kServices.size()); }

  static absl::Status PayTenMore(const Story& story) {
    billing::v1::CreateBankReceiptRequest request;
    request.mutable_bank_receipt()->set_external_reference("BANK-" + NewRequestId());
    request.mutable_bank_receipt()->mutable_amount()->set_currency_code("USD");
    request.mutable_bank_receipt()->mutable_amount()->set_units(10);
    request.mutable_bank_receipt()->mutable_value_date()->set_year(2009);
    request.mutable_bank_receipt()->mutable_value_date()->set_month(6);
    request.mutable_bank_receipt()->mutable_value_date()->set_day(1);
    request.mutable_bank_receipt()->set_billing_account(story.billing_account);
    request.set_request_id(NewRequestId());
    billing::v1::BankReceipt reply;
    const grpc::Status status =
        suite().stub<billing::v1::BankReceiptService>().CreateBankReceipt(As(kOperator).get(), request, &reply);
    return status.ok() ? absl::OkStatus() : absl::InternalError(status.error_message());
  }

  static Schemas schemas() { return SchemasOf(sessions_); }
  static mysql::Connection& session(Service service) { return *sessions_.at(service); }

  // What the statement changes is there for this session alone, until the returned value ends.
  static auto Break(Service service, const std::string& sql) {
    EXPECT_TRUE(session(service).Run("START TRANSACTION").ok());
    const absl::StatusOr<int64_t> changed = session(service).Execute(sql, {});
    EXPECT_GT(changed.value_or(0), 0) << sql << ": " << changed.status();
    return absl::MakeCleanup([service] { EXPECT_TRUE(session(service).Run("ROLLBACK").ok()); });
  }

  static std::vector<std::string> Broken() { return Sentences(FindBrokenInvariants(schemas())); }
  static std::vector<std::string> Leftovers() { return Sentences(FindLeftovers(schemas())); }
  static std::vector<std::string> Sentences(const absl::StatusOr<std::vector<std::string>>& found) {
    EXPECT_TRUE(found.ok()) << found.status();
    return found.ok() ? *found : std::vector<std::string>();
  }

 private:
  static Sessions sessions_;
};

SuiteTest::Sessions CheckerTest::sessions_;

class CheckerBreakTest : public CheckerTest, public ::testing::WithParamInterface<Fault> {};

TEST_P(CheckerBreakTest, IsFoundAndNamed) {
  const auto restore = Break(GetParam().service, GetParam().sql);
  EXPECT_THAT(Broken(), Contains(HasSubstr(GetParam().named)));
}

INSTANTIATE_TEST_SUITE_P(Each, CheckerBreakTest, ::testing::ValuesIn(Faults()),
                         [](const auto& info) { return info.param.name; });

TEST_F(CheckerTest, FindsNothingWhereNothingIsBroken) {
  EXPECT_THAT(Broken(), IsEmpty());
  EXPECT_THAT(Leftovers(), IsEmpty());
}

TEST_F(CheckerTest, FindsOneBitOfEveryReplyThatIsNotSealed) {
  for (const Service service : kServices) {
    const auto replies = session(service).Query(
        "SELECT tenant_id, caller, method, request_id FROM stored_replies WHERE sealed = 0 AND reply <> ''", {});
    ASSERT_TRUE(replies.ok()) << replies.status();
    for (const mysql::Row& reply : *replies) {
      ASSERT_TRUE(session(service).Run("START TRANSACTION").ok());
      const auto flipped = session(service).Execute(
          "UPDATE stored_replies SET reply = CONCAT(LEFT(reply, LENGTH(reply) - 1), "
          "CHAR(ASCII(RIGHT(reply, 1)) ^ 1)) WHERE tenant_id = ? AND caller = ? AND method = ? AND request_id = ?",
          {reply.Bytes(0), reply.Bytes(1), reply.Bytes(2), reply.Bytes(3)});
      EXPECT_TRUE(flipped.ok()) << flipped.status();
      EXPECT_THAT(Sentences(FindBrokenReplies(schemas())),
                  ElementsAre(HasSubstr(absl::StrCat("reply of ", reply.Bytes(2), " to ", reply.Bytes(3)))));
      ASSERT_TRUE(session(service).Run("ROLLBACK").ok());
    }
  }
}

// What no event has a digest of is found by the next check.
TEST_F(CheckerTest, RemembersSealedRepliesAndHashesOfRequests) {
  ReplyMemory memory;
  EXPECT_THAT(Sentences(memory.FindChanged(schemas())), IsEmpty());
  EXPECT_THAT(Sentences(memory.FindChanged(schemas())), IsEmpty());
  for (const char* sql : {"UPDATE stored_replies SET reply = CONCAT(reply, 'x') WHERE sealed = 1 LIMIT 1",
                          "UPDATE stored_replies SET request_hash = REVERSE(request_hash) LIMIT 1",
                          "DELETE FROM stored_replies LIMIT 1"}) {
    {
      const auto restore = Break(Service::kPartner, sql);
      EXPECT_THAT(Sentences(memory.FindChanged(schemas())), ElementsAre(HasSubstr("the stored reply of"))) << sql;
    }
    (void)memory.FindChanged(schemas());
  }
}

TEST_F(CheckerTest, ReportsAReservationThatCanBeTakenAgainAndNoMore) {
  const auto restore = Break(Service::kPartner,
                             "INSERT INTO partner_numbers (partner_number, partner_id, create_time) "
                             "VALUES ('P-ORPHAN', 'nobody nobody no', '2009-06-01')");
  EXPECT_THAT(Broken(), IsEmpty());
  EXPECT_THAT(Leftovers(), ElementsAre(HasSubstr("partner number P-ORPHAN is reserved")));
}

// The copy of a partner is then as old as its last delivery.
TEST_F(CheckerTest, ExpectsNoCopyOfWhatIsParkedAndReportsIt) {
  const auto stale = Break(Service::kOrder, "UPDATE partner_states SET version = version - 1, inactive_version = 0");
  EXPECT_THAT(Broken(), Contains(HasSubstr("order-service's copy of partner")));
  const auto parked =
      Break(Service::kPartner,
            "INSERT INTO held_deliveries (tenant_id, aggregate_id, consumer, bucket, version, parked, attempts, "
            "next_attempt, last_error) SELECT partner_id, partner_id, 'order', 0, version, 1, 1, UTC_TIMESTAMP(6), "
            "'refused' FROM partners");
  EXPECT_THAT(Broken(), IsEmpty());
  EXPECT_THAT(Leftovers(), Contains(HasSubstr("is held for consumer order: refused")));
}

}  // namespace
}  // namespace countersign::integration
