#include "common/base/mail_domain.h"

#include <gtest/gtest.h>

namespace countersign {
namespace {

TEST(MailDomainTest, IsWhatIsBehindTheLastAtInLowerCase) {
  EXPECT_EQ(MailDomainOf("Ann@Contoso.EXAMPLE"), "contoso.example");
  EXPECT_EQ(MailDomainOf("\"a@b\"@contoso.example"), "contoso.example");
}

TEST(MailDomainTest, IsEmptyWhereThereIsNone) {
  EXPECT_EQ(MailDomainOf("contoso.example"), "");
  EXPECT_EQ(MailDomainOf("ann@"), "");
  EXPECT_EQ(MailDomainOf(""), "");
}

}  // namespace
}  // namespace countersign
