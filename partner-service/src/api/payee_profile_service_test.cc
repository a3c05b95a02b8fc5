#include "absl/strings/str_cat.h"
#include "countersign/partner/v1/partner.pb.h"
#include "countersign/partner/v1/payee_profile.pb.h"
#include "countersign/partner/v1/payee_profile_service.grpc.pb.h"
#include "partner-service/src/api/api_test_base.h"
#include "partner-service/src/domain/payee_profile.h"

namespace countersign::partner {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kAccount[] = "DE89370400440532013000";

class PayeeProfileApiTest : public ApiTest {
 protected:
  static v1::UpdatePayeeProfileRequest UpdateRequest(const std::string& partner) {
    v1::UpdatePayeeProfileRequest request;
    request.mutable_payee_profile()->set_name(absl::StrCat(partner, "/payeeProfile"));
    request.set_request_id(NewRequestId());
    return request;
  }

  static v1::UpdatePayeeProfileRequest FullRequest(const std::string& partner) {
    v1::UpdatePayeeProfileRequest request = UpdateRequest(partner);
    v1::PayeeProfile& profile = *request.mutable_payee_profile();
    profile.set_currency_code("EUR");
    profile.set_bank_reference(kAccount);
    profile.set_tax_form_kind("W-8BEN-E");
    profile.set_tax_region_code("DE");
    profile.mutable_tax_form_date()->set_year(2009);
    profile.mutable_tax_form_date()->set_month(5);
    profile.mutable_tax_form_date()->set_day(31);
    return request;
  }

  absl::StatusOr<v1::PayeeProfile> Get(const std::string& partner, absl::string_view caller = kOperator) {
    v1::GetPayeeProfileRequest request;
    request.set_name(absl::StrCat(partner, "/payeeProfile"));
    return Call(&v1::PayeeProfileService::Stub::GetPayeeProfile, request, caller);
  }
};

TEST_F(PayeeProfileApiTest, IsEmptyUntilItIsSet) {
  const std::string partner = CreatePartner().name();
  ASSERT_OK_AND_ASSIGN(const v1::PayeeProfile profile, Get(partner, partner));
  EXPECT_EQ(profile.name(), absl::StrCat(partner, "/payeeProfile"));
  EXPECT_EQ(profile.currency_code(), "");
  EXPECT_EQ(profile.masked_bank_reference(), "");
  EXPECT_FALSE(profile.tax_form_on_file());
  EXPECT_FALSE(profile.has_update_time());
  EXPECT_THAT(Get(absl::StrCat("partners/", NewRequestId())), HasReason("PARTNER_NOT_FOUND"));
}

TEST_F(PayeeProfileApiTest, ShowsOnlyTheEndOfTheAccount) {
  const std::string partner = CreatePartner().name();
  const v1::UpdatePayeeProfileRequest request = FullRequest(partner);
  ASSERT_OK_AND_ASSIGN(const v1::PayeeProfile profile,
                       Call(&v1::PayeeProfileService::Stub::UpdatePayeeProfile, request, partner));
  EXPECT_EQ(profile.currency_code(), "EUR");
  EXPECT_EQ(profile.masked_bank_reference(), "••••3000");
  EXPECT_EQ(profile.bank_reference(), "");
  EXPECT_TRUE(profile.tax_form_on_file());
  EXPECT_EQ(profile.tax_form_kind(), "W-8BEN-E");
  EXPECT_EQ(profile.tax_form_date().day(), 31);
  EXPECT_EQ(profile.tax_region_code(), "DE");
  ASSERT_OK_AND_ASSIGN(const v1::PayeeProfile read, Get(partner));
  EXPECT_EQ(read.SerializeAsString(), profile.SerializeAsString());
  clock_.Advance(absl::Hours(48));
  ASSERT_OK_AND_ASSIGN(const v1::PayeeProfile again,
                       Call(&v1::PayeeProfileService::Stub::UpdatePayeeProfile, request, partner));
  EXPECT_EQ(again.SerializeAsString(), profile.SerializeAsString());
}

TEST_F(PayeeProfileApiTest, KeepsTheAccountEncryptedUnderItsPartner) {
  const v1::Partner partner = CreatePartner();
  ASSERT_OK(Call(&v1::PayeeProfileService::Stub::UpdatePayeeProfile, FullRequest(partner.name())));
  for (const char* column : {"bank_reference FROM payee_profiles", "payload FROM events", "reason FROM events",
                             "reply FROM stored_replies"}) {
    for (const mysql::Row& row : database_->Query(absl::StrCat("SELECT ", column))) {
      EXPECT_THAT(row.Bytes(0), Not(HasSubstr(kAccount))) << column;
      EXPECT_THAT(row.Bytes(0), Not(HasSubstr("DE8937040044"))) << column;
    }
  }
  const mysql::Row row = database_->Query("SELECT bank_reference, partner_id FROM payee_profiles").at(0);
  EXPECT_EQ(row.Bytes(0).substr(0, 5), "test:");
  ASSERT_OK_AND_ASSIGN(const std::string opened, keys_.Open(row.Bytes(0), BankReferenceContext(row.Id(1))));
  EXPECT_EQ(opened, kAccount);
  EXPECT_FALSE(keys_.Open(row.Bytes(0), BankReferenceContext(Uuid())).ok());
}

TEST_F(PayeeProfileApiTest, ChangesOnlyTheFieldsOfTheMask) {
  const std::string partner = CreatePartner().name();
  ASSERT_OK_AND_ASSIGN(const v1::PayeeProfile before,
                       Call(&v1::PayeeProfileService::Stub::UpdatePayeeProfile, FullRequest(partner)));
  v1::UpdatePayeeProfileRequest request = UpdateRequest(partner);
  request.mutable_payee_profile()->set_currency_code("USD");
  request.mutable_payee_profile()->set_bank_reference("IGNORED-4711");
  request.mutable_update_mask()->add_paths("currency_code");
  ASSERT_OK_AND_ASSIGN(v1::PayeeProfile after, Call(&v1::PayeeProfileService::Stub::UpdatePayeeProfile, request));
  EXPECT_EQ(after.currency_code(), "USD");
  EXPECT_EQ(after.masked_bank_reference(), before.masked_bank_reference());
  EXPECT_TRUE(after.tax_form_on_file());
  EXPECT_EQ(after.tax_region_code(), "DE");

  request = UpdateRequest(partner);  // "*" empties what is not set.
  request.mutable_payee_profile()->set_currency_code("USD");
  request.mutable_update_mask()->add_paths("*");
  ASSERT_OK_AND_ASSIGN(after, Call(&v1::PayeeProfileService::Stub::UpdatePayeeProfile, request));
  EXPECT_EQ(after.masked_bank_reference(), "");
  EXPECT_FALSE(after.tax_form_on_file());
  EXPECT_EQ(database_->Query("SELECT bank_reference FROM payee_profiles").at(0).Bytes(0), "");
}

TEST_F(PayeeProfileApiTest, RefusesHalfATaxFormAndChangesNothing) {
  const std::string partner = CreatePartner().name();
  v1::UpdatePayeeProfileRequest request = UpdateRequest(partner);
  request.mutable_payee_profile()->set_tax_form_kind("W-9");
  EXPECT_THAT(Call(&v1::PayeeProfileService::Stub::UpdatePayeeProfile, request),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_EQ(CountRows("payee_profiles"), 0);
}

TEST_F(PayeeProfileApiTest, RefusesAChangeMadeOnAnOldEtag) {
  const std::string partner = CreatePartner().name();
  ASSERT_OK_AND_ASSIGN(const v1::PayeeProfile before, Get(partner));
  v1::UpdatePayeeProfileRequest request = FullRequest(partner);
  request.set_etag(before.etag());
  ASSERT_OK(Call(&v1::PayeeProfileService::Stub::UpdatePayeeProfile, request));
  request.set_request_id(NewRequestId());
  EXPECT_THAT(Call(&v1::PayeeProfileService::Stub::UpdatePayeeProfile, request), HasReason("ETAG_MISMATCH"));
}

TEST_F(PayeeProfileApiTest, HidesItFromEveryOtherPartner) {
  const std::string partner = CreatePartner("P-1001").name();
  const std::string other = CreatePartner("P-1002").name();
  EXPECT_THAT(Get(partner, other), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(Call(&v1::PayeeProfileService::Stub::UpdatePayeeProfile, FullRequest(partner), other),
              StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(Get(partner, kService), StatusIs(absl::StatusCode::kPermissionDenied));
}

TEST_F(PayeeProfileApiTest, GivesTheWholeAccountToBillingServiceAlone) {
  const std::string partner = CreatePartner().name();
  v1::ResolvePayeeAccountRequest request;
  request.set_name(absl::StrCat(partner, "/payeeProfile"));
  const auto resolve = [&](absl::string_view caller) {
    return Call(&v1::PayeeProfileService::Stub::ResolvePayeeAccount, request, caller);
  };
  EXPECT_THAT(resolve("services/billing-service"), HasReason("PAYEE_MISSING"));
  ASSERT_OK(Call(&v1::PayeeProfileService::Stub::UpdatePayeeProfile, FullRequest(partner), partner));
  ASSERT_OK_AND_ASSIGN(const v1::ResolvePayeeAccountResponse account, resolve("services/billing-service"));
  EXPECT_EQ(account.currency_code(), "EUR");
  EXPECT_EQ(account.bank_reference(), kAccount);
  EXPECT_EQ(account.masked_bank_reference(), "••••3000");
  for (const std::string& other : {std::string(kOperator), partner, std::string("services/order-service")}) {
    EXPECT_THAT(resolve(other), StatusIs(absl::StatusCode::kPermissionDenied)) << other;
  }
  request.set_name(absl::StrCat("partners/", NewRequestId(), "/payeeProfile"));
  EXPECT_THAT(resolve("services/billing-service"), HasReason("PARTNER_NOT_FOUND"));
}

}  // namespace
}  // namespace countersign::partner
