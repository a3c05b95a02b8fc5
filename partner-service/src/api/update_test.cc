// UpdatePartner, UpdateCustomer and LookupPartner.
#include <string>

#include "absl/strings/str_cat.h"
#include "partner-service/src/api/api_test_base.h"

namespace countersign::partner {
namespace {

using ::countersign::testing::HasReason;
using ::countersign::testing::StatusIs;

class UpdateTest : public ApiTest {
 protected:
  static v1::UpdatePartnerRequest PartnerRequest(const std::string& name) {
    v1::UpdatePartnerRequest request;
    request.mutable_partner()->set_name(name);
    request.set_request_id(NewRequestId());
    return request;
  }

  static v1::UpdateCustomerRequest CustomerRequest(const std::string& name) {
    v1::UpdateCustomerRequest request;
    request.mutable_customer()->set_name(name);
    request.set_request_id(NewRequestId());
    return request;
  }
};

TEST_F(UpdateTest, ChangesWhatIsSetOfAPartner) {
  const v1::Partner created = CreatePartner();
  clock_.Advance(absl::Hours(1));
  v1::UpdatePartnerRequest request = PartnerRequest(created.name());
  request.mutable_partner()->set_display_name("Contoso");
  ASSERT_OK_AND_ASSIGN(const v1::Partner updated, Call(&Stub::UpdatePartner, request));
  EXPECT_EQ(updated.display_name(), "Contoso");
  EXPECT_EQ(updated.contact_email(), created.contact_email());
  EXPECT_EQ(updated.version(), 2);
  EXPECT_EQ(updated.update_time().seconds(), absl::ToUnixSeconds(clock_.Now()));
  v1::GetPartnerRequest get;
  get.set_name(created.name());
  ASSERT_OK_AND_ASSIGN(const v1::Partner read, Call(&Stub::GetPartner, get));
  EXPECT_EQ(read.SerializeAsString(), updated.SerializeAsString());
  EXPECT_EQ(database_->Query("SELECT type FROM events WHERE version = 2").at(0).Bytes(0), "PARTNER_UPDATED");
}

TEST_F(UpdateTest, ChangesOnlyTheFieldsOfTheMask) {
  const v1::Partner created = CreatePartner();
  v1::UpdatePartnerRequest request = PartnerRequest(created.name());
  request.mutable_partner()->set_display_name("Ignored");
  request.mutable_partner()->set_contact_email("orders@contoso.example");
  request.mutable_update_mask()->add_paths("contact_email");
  ASSERT_OK_AND_ASSIGN(const v1::Partner updated, Call(&Stub::UpdatePartner, request));
  EXPECT_EQ(updated.display_name(), created.display_name());
  EXPECT_EQ(updated.contact_email(), "orders@contoso.example");
}

TEST_F(UpdateTest, NeverChangesNumberOrStateByAMask) {
  const v1::Partner created = CreatePartner();
  for (const char* path : {"partner_number", "state", "name", "etag", "version", "nonsense", "display_name.x", ""}) {
    v1::UpdatePartnerRequest request = PartnerRequest(created.name());
    request.mutable_partner()->set_partner_number("P-2");
    request.mutable_partner()->set_state(v1::Partner::STATE_ACTIVE);
    request.mutable_update_mask()->add_paths(path);
    const auto refused = Call(&Stub::UpdatePartner, request);
    EXPECT_THAT(refused, StatusIs(absl::StatusCode::kInvalidArgument)) << path;
    ASSERT_EQ(DetailsOf(refused.status()).violations.size(), 1U) << path;
    EXPECT_EQ(DetailsOf(refused.status()).violations[0].field, "update_mask") << path;
  }
  EXPECT_EQ(CountRows("events"), 1);
}

TEST_F(UpdateTest, RefusesAChangeMadeOnAnOldEtag) {
  const v1::Partner created = CreatePartner();
  v1::UpdatePartnerRequest request = PartnerRequest(created.name());
  request.mutable_partner()->set_display_name("Contoso");
  request.set_etag(created.etag());
  ASSERT_OK(Call(&Stub::UpdatePartner, request));
  request.set_request_id(NewRequestId());
  EXPECT_THAT(Call(&Stub::UpdatePartner, request), HasReason("ETAG_MISMATCH"));
  EXPECT_THAT(Call(&Stub::UpdatePartner, PartnerRequest(created.name())), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(UpdateTest, LetsNoPartnerChangeTheNameThatWasApproved) {
  const std::string partner = CreatePartner().name();
  v1::UpdatePartnerRequest request = PartnerRequest(partner);
  request.mutable_partner()->set_display_name("Microsoft");
  EXPECT_THAT(Call(&Stub::UpdatePartner, request, partner), StatusIs(absl::StatusCode::kPermissionDenied));
}

TEST_F(UpdateTest, LetsAPartnerChangeItsCustomers) {
  const std::string partner = CreatePartner("P-1001").name();
  const v1::Customer created = CreateCustomer(partner);
  v1::UpdateCustomerRequest request = CustomerRequest(created.name());
  request.mutable_customer()->set_display_name("Fabrikam");
  request.mutable_update_mask()->add_paths("display_name");
  request.mutable_update_mask()->add_paths("contact_name");  // Not set: emptied.
  request.set_etag(created.etag());
  ASSERT_OK_AND_ASSIGN(const v1::Customer updated, Call(&Stub::UpdateCustomer, request, partner));
  EXPECT_EQ(updated.display_name(), "Fabrikam");
  EXPECT_EQ(updated.contact_name(), "");
  EXPECT_EQ(updated.contact_email(), created.contact_email());
  EXPECT_EQ(updated.partner_reference(), created.partner_reference());
  ASSERT_OK_AND_ASSIGN(const v1::Customer again, Call(&Stub::UpdateCustomer, request, partner));
  EXPECT_EQ(again.SerializeAsString(), updated.SerializeAsString());
  request.set_request_id(NewRequestId());
  EXPECT_THAT(Call(&Stub::UpdateCustomer, request, partner), HasReason("ETAG_MISMATCH"));
  EXPECT_THAT(Call(&Stub::UpdateCustomer, request, CreatePartner("P-1002").name()),
              StatusIs(absl::StatusCode::kNotFound));
  request.mutable_customer()->set_name(absl::StrCat(partner, "/customers/", NewRequestId()));
  EXPECT_THAT(Call(&Stub::UpdateCustomer, request, partner), HasReason("CUSTOMER_NOT_FOUND"));
}

TEST_F(UpdateTest, FindsAPartnerByItsNumber) {
  CreatePartner("P-1001");
  const v1::Partner partner = CreatePartner("P-1002");
  v1::LookupPartnerRequest request;
  request.set_partner_number("P-1002");
  ASSERT_OK_AND_ASSIGN(const v1::Partner found, Call(&Stub::LookupPartner, request));
  EXPECT_EQ(found.SerializeAsString(), partner.SerializeAsString());
  EXPECT_THAT(Call(&Stub::LookupPartner, request, partner.name()), StatusIs(absl::StatusCode::kPermissionDenied));
  request.set_partner_number("P-9999");
  EXPECT_THAT(Call(&Stub::LookupPartner, request), HasReason("PARTNER_NOT_FOUND"));
}

}  // namespace
}  // namespace countersign::partner
