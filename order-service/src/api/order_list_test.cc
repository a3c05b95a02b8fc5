#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/rpc/convert.h"
#include "countersign/order/v1/order.pb.h"
#include "countersign/order/v1/order_service.pb.h"
#include "gmock/gmock.h"
#include "order-service/src/api/api_test_base.h"

namespace countersign::order {
namespace {

using ::countersign::testing::HasReason;
using ::countersign::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;
using ::testing::UnorderedElementsAreArray;

constexpr char kViewer[] = "viewers/reader";

class OrderListTest : public ApiTest {
 protected:
  // A draft of the number-th other partner.
  v1::Order OrderOf(int number, const std::string& reference = "") {
    const std::string partner = absl::StrCat("partners/0190a5b2-7c3d-7e4f-8a6b-00000000", 1000 + number);
    v1::CreateOrderRequest request = CreateRequest();
    request.set_parent(partner);
    request.mutable_order()->set_partner_of_record(partner);
    request.mutable_order()->set_customer(partner + "/customers/0190a5b2-7c3d-7e4f-8a6b-00000000c0de");
    request.mutable_order()->set_partner_reference(reference);
    const absl::StatusOr<v1::Order> order = Call(&Stub::CreateOrder, request, partner);
    EXPECT_OK(order);
    return order.value_or(v1::Order());
  }

  static v1::ListOrdersRequest ListRequest(const std::string& parent, const std::string& filter = "") {
    v1::ListOrdersRequest request;
    request.set_parent(parent);
    request.set_filter(filter);
    return request;
  }

  std::vector<std::string> Names(const v1::ListOrdersRequest& request, absl::string_view caller = "") {
    std::vector<std::string> names;
    const absl::StatusOr<v1::ListOrdersResponse> page = Call(&Stub::ListOrders, request, caller);
    EXPECT_OK(page);
    if (page.ok()) {
      for (const v1::Order& order : page->orders()) names.push_back(order.name());
    }
    return names;
  }
  std::vector<std::string> Mine(const std::string& filter) { return Names(ListRequest(partner_, filter)); }
};

TEST_F(OrderListTest, ListsOnesOwnOrdersAsTheyAre) {
  const v1::Order draft = CreateOrder();
  const v1::Order waiting = WaitingOrder().order();
  OrderOf(1);
  ASSERT_OK_AND_ASSIGN(const v1::ListOrdersResponse page, Call(&Stub::ListOrders, ListRequest(partner_)));
  ASSERT_EQ(page.orders_size(), 2);
  EXPECT_EQ(page.next_page_token(), "");
  for (const v1::Order& order : page.orders()) {
    EXPECT_EQ(order.SerializeAsString(), Read(order.name() == draft.name() ? draft : waiting).SerializeAsString());
  }
  EXPECT_LT(page.orders(0).name(), page.orders(1).name());
  EXPECT_THAT(Names(ListRequest(partner_), kOperator), UnorderedElementsAre(draft.name(), waiting.name()));
}

TEST_F(OrderListTest, FiltersByEveryFieldItNames) {
  v1::CreateOrderRequest create = CreateRequest();
  create.mutable_order()->set_partner_reference("A \"1\"");
  ASSERT_OK_AND_ASSIGN(const v1::Order first, Call(&Stub::CreateOrder, create));
  clock_.Advance(absl::Hours(24));
  create.set_request_id(NewRequestId());
  create.mutable_order()->set_partner_reference("B");
  create.mutable_order()->set_customer(partner_ + "/customers/0190a5b2-7c3d-7e4f-8a6b-00000000beef");
  ASSERT_OK_AND_ASSIGN(const v1::Order draft, Call(&Stub::CreateOrder, create));
  const v1::Order second = SubmitOrder(draft).order();

  EXPECT_THAT(Mine("state = DRAFT"), ElementsAre(first.name()));
  EXPECT_THAT(Mine("state != DRAFT"), ElementsAre(second.name()));
  EXPECT_THAT(Mine("state = DRAFT OR state = AWAITING_CONFIRMATION"),
              UnorderedElementsAre(first.name(), second.name()));
  EXPECT_THAT(Mine("state = CONFIRMED"), IsEmpty());
  EXPECT_THAT(Mine(absl::StrCat("order_number = ", second.order_number())), ElementsAre(second.name()));
  EXPECT_THAT(Mine("partner_reference = \"A \\\"1\\\"\""), ElementsAre(first.name()));
  EXPECT_THAT(Mine(absl::StrCat("customer = \"", second.customer(), "\"")), ElementsAre(second.name()));
  EXPECT_THAT(Mine("create_time > \"2009-06-01T23:00:00Z\""), ElementsAre(second.name()));
  EXPECT_THAT(Mine("update_time < \"2009-06-01T23:00:00Z\" AND state = DRAFT"), ElementsAre(first.name()));
}

TEST_F(OrderListTest, RefusesAFilterThatItDoesNotUnderstand) {
  for (const char* filter : {"state = RUNNING", "total = 1", "partner_id = 'x'", "state = DRAFT; DROP TABLE orders",
                             "create_time > yesterday", "state", "state > DRAFT"}) {
    const auto refused = Call(&Stub::ListOrders, ListRequest(partner_, filter));
    ASSERT_THAT(refused, StatusIs(absl::StatusCode::kInvalidArgument)) << filter;
    ASSERT_EQ(DetailsOf(refused.status()).violations.size(), 1) << filter;
    EXPECT_EQ(DetailsOf(refused.status()).violations[0].field, "filter");
  }
}

TEST_F(OrderListTest, NamesEveryBadFieldAtOnce) {
  v1::ListOrdersRequest request = ListRequest("partners", "state = ?");
  request.set_page_size(-1);
  request.set_page_token("forged");
  std::vector<std::string> fields;
  for (const FieldViolation& violation : DetailsOf(Call(&Stub::ListOrders, request).status()).violations) {
    fields.push_back(violation.field);
  }
  EXPECT_THAT(fields, UnorderedElementsAre("parent", "filter", "page_size", "page_token"));
}

TEST_F(OrderListTest, PagesAddUpToTheWholeList) {
  std::vector<std::string> made;
  for (int i = 0; i < 7; ++i) made.push_back(CreateOrder().name());
  for (int i = 0; i < 6; ++i) made.push_back(OrderOf(i).name());
  for (const std::string& parent : {partner_, std::string("partners/-")}) {
    const bool all = parent != partner_;
    v1::ListOrdersRequest request = ListRequest(parent, "state = DRAFT");
    request.set_page_size(3);
    std::vector<std::string> names;
    do {
      ASSERT_OK_AND_ASSIGN(const v1::ListOrdersResponse page, Call(&Stub::ListOrders, request, all ? kOperator : ""));
      EXPECT_THAT(page.orders_size(), ::testing::AllOf(::testing::Gt(0), ::testing::Le(3)));
      for (const v1::Order& order : page.orders()) names.push_back(order.name());
      request.set_page_token(page.next_page_token());
    } while (!request.page_token().empty());
    EXPECT_THAT(names, UnorderedElementsAreArray(made.begin(), all ? made.end() : made.begin() + 7));
  }
}

TEST_F(OrderListTest, AnOperatorFindsAnOrderOfAnyPartnerByItsNumber) {
  CreateOrder();
  for (int i = 0; i < 5; ++i) OrderOf(i);
  const v1::Order wanted = OrderOf(7, "their key");
  for (const char* caller : {kOperator, kViewer}) {
    EXPECT_THAT(Names(ListRequest("partners/-", absl::StrCat("order_number = ", wanted.order_number())), caller),
                ElementsAre(wanted.name()));
    EXPECT_THAT(Names(ListRequest("partners/-", "partner_reference = \"their key\""), caller),
                ElementsAre(wanted.name()));
  }
}

TEST_F(OrderListTest, APartnerSeesNobodyElsesOrders) {
  const v1::Order other = OrderOf(1);
  const std::string owner = other.name().substr(0, other.name().find("/orders/"));
  EXPECT_THAT(Call(&Stub::ListOrders, ListRequest(owner)), HasReason("RESOURCE_NOT_FOUND"));
  EXPECT_THAT(Call(&Stub::ListOrders, ListRequest("partners/-")), HasReason("RESOURCE_NOT_FOUND"));
  EXPECT_THAT(Call(&Stub::ListOrders, ListRequest("partners/x")), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(OrderListTest, APageTokenIsGoodForItsOwnQuestionOnly) {
  for (int i = 0; i < 3; ++i) CreateOrder();
  v1::ListOrdersRequest request = ListRequest(partner_);
  request.set_page_size(2);
  request.set_page_token(Call(&Stub::ListOrders, request)->next_page_token());
  EXPECT_OK(Call(&Stub::ListOrders, request));
  EXPECT_THAT(Call(&Stub::ListOrders, request, kOperator), StatusIs(absl::StatusCode::kInvalidArgument));
  v1::ListOrdersRequest filtered = request;
  filtered.set_filter("state = DRAFT");
  EXPECT_THAT(Call(&Stub::ListOrders, filtered), StatusIs(absl::StatusCode::kInvalidArgument));
  v1::ListOrdersRequest elsewhere = request;
  elsewhere.set_parent("partners/-");
  EXPECT_THAT(Call(&Stub::ListOrders, elsewhere, kOperator), StatusIs(absl::StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace countersign::order
