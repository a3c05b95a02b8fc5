#include "partner-service/src/domain/customer.h"

#include "common/base/error.h"
#include "gtest/gtest.h"

namespace countersign::partner {
namespace {

const absl::Time kNow = absl::FromUnixSeconds(1'243'846'800);

Customer Fabrikam() {
  Customer customer;
  customer.display_name = "Fabrikam, Inc.";
  customer.contact_name = "Jo Brown";
  customer.partner_reference = "F-17";
  customer.version = 3;
  return customer;
}

TEST(CustomerTest, ChangesOnlyWhatIsNamed) {
  const Customer next = Update(Fabrikam(), {.contact_name = ""}, kNow).value();
  EXPECT_EQ(next.display_name, "Fabrikam, Inc.");
  EXPECT_EQ(next.contact_name, "");
  EXPECT_EQ(next.partner_reference, "F-17");
  EXPECT_EQ(next.version, 4);
  EXPECT_EQ(next.update_time, kNow);
}

TEST(CustomerTest, IsArchivedOnceAndForGood) {
  EXPECT_TRUE(CheckNotArchived(Fabrikam()).ok());
  const Customer archived = Archive(Fabrikam(), kNow).value();
  EXPECT_EQ(archived.archive_time, kNow);
  EXPECT_EQ(archived.version, 4);
  EXPECT_EQ(DetailsOf(CheckNotArchived(archived)).reason, "CUSTOMER_ARCHIVED");
  EXPECT_EQ(DetailsOf(Archive(archived, kNow).status()).reason, "CUSTOMER_ARCHIVED");
  EXPECT_EQ(DetailsOf(Update(archived, {.display_name = "x"}, kNow).status()).reason, "CUSTOMER_ARCHIVED");
}

}  // namespace
}  // namespace countersign::partner
