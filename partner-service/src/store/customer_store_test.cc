#include "partner-service/src/store/customer_store.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "partner-service/src/store/store_test_base.h"

namespace countersign::partner {
namespace {

class CustomerStoreTest : public StoreTest {
 protected:
  static Customer Fabrikam() {
    return NewCustomer(Uuid::V7(kNow), Uuid::V7(kNow),
                       {.display_name = "Fabrikam, Inc.",
                        .contact_name = "Jo Brown",
                        .contact_email = "jo@fabrikam.example",
                        .partner_reference = "F-17"},
                       kNow);
  }

  const CustomerStore store_{database_->database()};
};

TEST_F(CustomerStoreTest, ReadsBackWhatWasWritten) {
  const Customer customer = Fabrikam();
  ASSERT_OK(Save(customer));
  ASSERT_OK_AND_ASSIGN(const Customer found, store_.Get(TestDeadline(), customer.partner_id, customer.customer_id));
  EXPECT_EQ(found.display_name, customer.display_name);
  EXPECT_EQ(found.contact_name, customer.contact_name);
  EXPECT_EQ(found.contact_email, customer.contact_email);
  EXPECT_EQ(found.partner_reference, customer.partner_reference);
  EXPECT_EQ(found.version, 1);
  EXPECT_EQ(found.create_time, kNow);
  EXPECT_EQ(found.update_time, kNow);
}

TEST_F(CustomerStoreTest, DoesNotFindTheCustomerOfAnotherPartner) {
  const Customer customer = Fabrikam();
  ASSERT_OK(Save(customer));
  EXPECT_THAT(store_.Get(TestDeadline(), Uuid::V7(kNow), customer.customer_id), HasReason("CUSTOMER_NOT_FOUND"));
}

TEST_F(CustomerStoreTest, RefusesASecondFirstVersion) {
  const Customer customer = Fabrikam();
  ASSERT_OK(Save(customer));
  EXPECT_TRUE(IsLostRace(Save(customer)));
}

TEST_F(CustomerStoreTest, WritesTheNextVersionAndNoOther) {
  const Customer customer = Fabrikam();
  ASSERT_OK(Save(customer));
  Customer next = Update(customer,
                         {.display_name = "Fabrikam",
                          .contact_name = "",
                          .contact_email = "kim@fabrikam.example",
                          .partner_reference = "F-18"},
                         kNow + absl::Hours(1))
                      .value();
  ASSERT_OK(Save(next));
  EXPECT_TRUE(IsLostRace(Save(next)));
  next = Archive(next, kNow + absl::Hours(2)).value();
  ASSERT_OK(Save(next));
  ASSERT_OK_AND_ASSIGN(const Customer found, store_.Get(TestDeadline(), customer.partner_id, customer.customer_id));
  EXPECT_EQ(found.display_name, "Fabrikam");
  EXPECT_EQ(found.contact_name, "");
  EXPECT_EQ(found.contact_email, "kim@fabrikam.example");
  EXPECT_EQ(found.partner_reference, "F-18");
  EXPECT_EQ(found.archive_time, kNow + absl::Hours(2));
  EXPECT_EQ(found.version, 3);
}

TEST_F(CustomerStoreTest, ListsTheAddressBookInTheOrderOfCreationThroughAFilter) {
  const Uuid partner = Uuid::V7(kNow);
  std::vector<Uuid> ids;
  for (int i = 0; i < 3; ++i) {
    Customer customer = Fabrikam();
    customer.partner_id = partner;
    customer.partner_reference = absl::StrCat("F-", i);
    customer.create_time = kNow + i * absl::Microseconds(1);
    ASSERT_OK(Save(customer));
    ids.push_back(customer.customer_id);
  }
  std::vector<Uuid> listed;
  mysql::PageQuery query{.size = 2};
  do {
    ASSERT_OK_AND_ASSIGN(const mysql::Page<Customer> page, store_.List(TestDeadline(), partner, query));
    for (const Customer& customer : page.items) listed.push_back(customer.customer_id);
    query.after = page.next;
  } while (!query.after.empty());
  EXPECT_EQ(listed, ids);
  query.condition = {" AND partner_reference = ?", {"F-1"}};
  ASSERT_OK_AND_ASSIGN(const mysql::Page<Customer> filtered, store_.List(TestDeadline(), partner, query));
  ASSERT_EQ(filtered.items.size(), 1);
  EXPECT_EQ(filtered.items[0].customer_id, ids[1]);
}

}  // namespace
}  // namespace countersign::partner
