// Lists over all accounts, "billingAccounts/-", and that each is read along a key.
#include "billing-service/src/api/account_list.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "billing-service/src/api/api_test_base.h"
#include "billing-service/src/store/invoice_store.h"
#include "billing-service/src/store/subscription_store.h"
#include "countersign/billing/v1/credit_note_service.grpc.pb.h"
#include "countersign/billing/v1/refund_service.grpc.pb.h"
#include "gmock/gmock.h"

namespace countersign::billing {
namespace {

using ::countersign::testing::HasReason;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class AccountListTest : public ApiTest {
 protected:
  // Of its own, because what other suites did to the tables would change the server's plans.
  static void SetUpTestSuite() { database_ = new testing::TestDatabase(AllMigrations()); }
  static void TearDownTestSuite() { delete std::exchange(database_, nullptr); }

  // An order of another account, of the same size; its account's name.
  std::string OpenElsewhere() {
    v1::ActivateOrderRequest request = OrderRequest("elsewhere");
    request.set_billing_account(absl::StrCat("billingAccounts/", Uuid::Derived({"elsewhere"}).ToString()));
    EXPECT_OK(Activate(request).status());
    Drain();
    return request.billing_account();
  }

  template <typename Request, typename Method, typename Items>
  std::vector<std::string> Names(Method method, Items items, const std::string& filter, int page_size = 0,
                                 absl::string_view caller = kOperator) {
    std::vector<std::string> names;
    Request request;
    request.set_parent("billingAccounts/-");
    request.set_filter(filter);
    request.set_page_size(page_size);
    do {
      const auto reply = Call(method, request, caller);
      EXPECT_OK(reply.status());
      if (!reply.ok()) return names;
      for (const auto& item : ((*reply).*items)()) names.push_back(item.name());
      request.set_page_token(reply->next_page_token());
    } while (!request.page_token().empty());
    return names;
  }
  std::vector<std::string> Invoices(const std::string& filter, int page_size = 0) {
    return Names<v1::ListInvoicesRequest>(
        &v1::InvoiceService::Stub::ListInvoices,
        static_cast<const google::protobuf::RepeatedPtrField<v1::Invoice>& (v1::ListInvoicesResponse::*)() const>(
            &v1::ListInvoicesResponse::invoices),
        filter, page_size);
  }
  std::vector<std::string> Subscriptions(const std::string& filter, int page_size = 0) {
    return Names<v1::ListSubscriptionsRequest>(
        &v1::SubscriptionService::Stub::ListSubscriptions,
        static_cast<const google::protobuf::RepeatedPtrField<v1::Subscription>& (v1::ListSubscriptionsResponse::*)()
                        const>(&v1::ListSubscriptionsResponse::subscriptions),
        filter, page_size);
  }

  static std::string PlanOf(const mysql::PageStatement& statement) {
    std::string plan;
    for (const mysql::Row& row : database_->Query("EXPLAIN " + statement.sql, statement.parameters)) {
      for (int column = 0; row.Has(column); ++column) absl::StrAppend(&plan, row.Bytes(column), "|");
      plan += "\n";
    }
    return plan;
  }
};

TEST_F(AccountListTest, InvoicesOfAllAccountsComeOldestFirstByThePage) {
  const std::string first = OpenInvoice();
  clock_.Advance(absl::Hours(1));
  const std::string elsewhere = OpenElsewhere();
  const std::vector<std::string> all = Invoices("");
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0], first);
  EXPECT_TRUE(absl::StartsWith(all[1], elsewhere));
  EXPECT_EQ(Invoices("", 1), all);
  EXPECT_EQ(Invoices("state = OPEN AND due_date < 2010-01-01", 1), all) << "all overdue invoices";
  EXPECT_THAT(Invoices("state = OPEN AND due_date < 2009-06-30"), IsEmpty());
  EXPECT_THAT(Invoices("state = PAID"), IsEmpty());
}

TEST_F(AccountListTest, SubscriptionsOfAllAccountsAreFoundByTheirRenewal) {
  OpenInvoice();
  clock_.Advance(absl::Hours(1));
  OpenElsewhere();
  const std::vector<std::string> all = Subscriptions("", 1);
  ASSERT_EQ(all.size(), 2u);
  EXPECT_TRUE(absl::StartsWith(all[0], account_));
  EXPECT_THAT(Subscriptions("renewal_source = PARKED"), IsEmpty());
  EXPECT_EQ(FigureNamed("countersign_renewals_parked"), 0);
  database_->Query("UPDATE subscriptions SET renewal_source = 'PARKED' WHERE account_id = ?",
                   {Uuid::Derived({"elsewhere"})});
  EXPECT_THAT(Subscriptions("renewal_source = PARKED"), ElementsAre(all[1]));
  EXPECT_EQ(FigureNamed("countersign_renewals_parked"), 1);
}

TEST_F(AccountListTest, EntitlementsOfAllAccountsLeaveOutWhatEnded) {
  OpenInvoice();
  OpenElsewhere();
  v1::ListEntitlementsRequest request;
  request.set_parent("billingAccounts/-");
  ASSERT_OK_AND_ASSIGN(v1::ListEntitlementsResponse reply,
                       Call(&v1::EntitlementService::Stub::ListEntitlements, request));
  EXPECT_EQ(reply.entitlements_size(), 2);
  database_->Query("UPDATE subscriptions SET state = 'EXPIRED' WHERE account_id = ?", {Uuid::Derived({"elsewhere"})});
  ASSERT_OK_AND_ASSIGN(reply,
                       Call(&v1::EntitlementService::Stub::ListEntitlements, request, "services/provisioning-service"));
  ASSERT_EQ(reply.entitlements_size(), 1);
  EXPECT_TRUE(absl::StartsWith(reply.entitlements(0).subscription(), account_));
}

TEST_F(AccountListTest, CreditNotesAndRefundsOfAllAccountsHaveTheirOwnLines) {
  for (const std::string& account : {account_, OpenElsewhere()}) {
    if (account == account_) OpenInvoice();
    v1::ListInvoicesRequest list;
    list.set_parent(account);
    ASSERT_OK_AND_ASSIGN(const v1::ListInvoicesResponse invoices, Call(&v1::InvoiceService::Stub::ListInvoices, list));
    ASSERT_EQ(invoices.invoices_size(), 1);
    v1::CreateCreditNoteRequest credit;
    credit.set_parent(account);
    credit.mutable_credit_note()->set_invoice(invoices.invoices(0).name());
    credit.mutable_credit_note()->mutable_amount()->set_currency_code("USD");
    credit.mutable_credit_note()->mutable_amount()->set_units(account == account_ ? 100 : 60);
    credit.mutable_credit_note()->set_reason("late");
    credit.set_request_id(NewRequestId());
    ASSERT_OK(Call(&v1::CreditNoteService::Stub::CreateCreditNote, credit));
    clock_.Advance(absl::Hours(1));
  }
  v1::ListCreditNotesRequest notes;
  notes.set_parent("billingAccounts/-");
  ASSERT_OK_AND_ASSIGN(const v1::ListCreditNotesResponse page,
                       Call(&v1::CreditNoteService::Stub::ListCreditNotes, notes));
  ASSERT_EQ(page.credit_notes_size(), 2);
  for (int i = 0; i < 2; ++i) {
    ASSERT_EQ(page.credit_notes(i).lines_size(), 1) << i;
    EXPECT_EQ(page.credit_notes(i).lines(0).net().units(), i == 0 ? 100 : 60);
  }
  v1::ListRefundsRequest refunds;
  refunds.set_parent("billingAccounts/-");
  refunds.set_filter("refund_date = \"2009-06-01\"");
  ASSERT_OK_AND_ASSIGN(const v1::ListRefundsResponse none, Call(&v1::RefundService::Stub::ListRefunds, refunds));
  EXPECT_EQ(none.refunds_size(), 0);
}

TEST_F(AccountListTest, AnotherServiceAsksForOneAccountOnly) {
  OpenInvoice();
  v1::ListInvoicesRequest invoices;
  invoices.set_parent("billingAccounts/-");
  EXPECT_THAT(Call(&v1::InvoiceService::Stub::ListInvoices, invoices, "services/link-service"),
              HasReason("RESOURCE_NOT_FOUND"));
  v1::ListSubscriptionsRequest subscriptions;
  subscriptions.set_parent("billingAccounts/-");
  EXPECT_THAT(Call(&v1::SubscriptionService::Stub::ListSubscriptions, subscriptions, "services/link-service"),
              HasReason("RESOURCE_NOT_FOUND"));
  invoices.set_parent(account_);
  EXPECT_OK(Call(&v1::InvoiceService::Stub::ListInvoices, invoices, "services/link-service"));
}

TEST_F(AccountListTest, PagesAreReadAlongAKey) {
  const mysql::PageQuery all = {.size = 50};
  EXPECT_TRUE(absl::StrContains(PlanOf(InvoiceStore::ListOfAll(all)), "invoices_by_time"));
  EXPECT_TRUE(absl::StrContains(PlanOf(SubscriptionStore::ListOfAll(all)), "subscriptions_by_time"));
  const mysql::PageQuery open = {
      .condition = {.sql = " AND state = ? AND due_date < ?", .parameters = {"OPEN", Date(2009, 8, 1)}}, .size = 50};
  // By state or by time: over tables that are nearly empty MySQL and MariaDB choose differently.
  EXPECT_TRUE(absl::StrContains(PlanOf(InvoiceStore::ListOfAll(open)), "invoices_by_"));
  const mysql::PageQuery parked = {.condition = {.sql = " AND renewal_source = ?", .parameters = {"PARKED"}},
                                   .size = 50};
  EXPECT_TRUE(absl::StrContains(PlanOf(SubscriptionStore::ListOfAll(parked)), "subscriptions_by_"));
}

}  // namespace
}  // namespace countersign::billing
