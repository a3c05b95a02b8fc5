#include "order-service/src/domain/self_dealing.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/base/mail_domain.h"

namespace countersign::order {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

Acceptance AcceptanceOf(const std::string& billing_email, const std::string& ip_address) {
  Acceptance acceptance;
  acceptance.billing_email = billing_email;
  acceptance.ip_address = ip_address;
  return acceptance;
}

std::string OfAddresses(const std::string& submitted, const std::string& pressed) {
  return SuspectSelfDealing({.address = submitted}, AcceptanceOf("", pressed));
}

std::string OfMail(const std::string& partner, const std::string& billing_email) {
  return SuspectSelfDealing({.mail_domain = MailDomainOf(partner)}, AcceptanceOf(billing_email, ""));
}

TEST(SelfDealingTest, AnAddressThatSubmittedAndConfirmedIsSuspected) {
  EXPECT_THAT(OfAddresses("192.0.2.7", "192.0.2.7"), HasSubstr("from the address from which"));
  EXPECT_THAT(OfAddresses("192.0.2.7", "::ffff:192.0.2.7"), HasSubstr("from the address from which"));
  EXPECT_THAT(OfAddresses("192.0.2.7", "192.0.2.8"), IsEmpty());
}

TEST(SelfDealingTest, OfIpv6TheNetworkCounts) {
  // As gRPC's name of a peer is kept: the first 64 bits.
  EXPECT_THAT(OfAddresses("20010db800010002", "2001:db8:1:2::99"), HasSubstr("from the address from which"));
  EXPECT_THAT(OfAddresses("20010db800010002", "2001:db8:1:3::99"), IsEmpty());
}

TEST(SelfDealingTest, AddressesOfProxiesAndUnknownOnesSayNothing) {
  for (const char* address : {"127.0.0.1", "10.1.2.3", "172.31.0.1", "192.168.1.1", "169.254.1.1", "unknown", ""}) {
    EXPECT_THAT(OfAddresses(address, address), IsEmpty()) << address;
  }
  EXPECT_THAT(OfAddresses("0000000000000000", "::1"), IsEmpty());
  EXPECT_THAT(OfAddresses("fd00000000000000", "fd00::1"), IsEmpty());
  EXPECT_THAT(OfAddresses("172.32.0.1", "172.32.0.1"), HasSubstr("from the address from which"));
}

TEST(SelfDealingTest, InvoicesToThePartnersOwnMailDomainAreSuspected) {
  EXPECT_THAT(OfMail("sales@Contoso.example", "ann@contoso.EXAMPLE"), HasSubstr("own mail domain"));
  EXPECT_THAT(OfMail("sales@contoso.example", "ann@mail.contoso.example"), HasSubstr("own mail domain"));
  EXPECT_THAT(OfMail("sales@contoso.example", "ann@notcontoso.example"), IsEmpty());
  EXPECT_THAT(OfMail("sales@mail.contoso.example", "ann@contoso.example"), IsEmpty());
  EXPECT_THAT(OfMail("sales@gmail.com", "ann@gmail.com"), IsEmpty()) << "a public provider's domain is nobody's own";
  EXPECT_THAT(OfMail("", ""), IsEmpty());
}

TEST(SelfDealingTest, SaysBothAndNamesNobody) {
  const std::string reason = SuspectSelfDealing({.address = "192.0.2.7", .mail_domain = "contoso.example"},
                                                AcceptanceOf("ann@contoso.example", "192.0.2.7"));
  EXPECT_EQ(reason,
            "Suspected self-dealing: confirmed from the address from which the order was submitted; invoices go to the "
            "partner's own mail domain.");
}

}  // namespace
}  // namespace countersign::order
