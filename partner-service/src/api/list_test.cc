// The lists of this service: in the order of creation, page by page, through their filters.
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/rpc/convert.h"
#include "partner-service/src/api/api_test_base.h"

namespace countersign::partner {
namespace {

using ::countersign::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::IsEmpty;

constexpr char kViewer[] = "viewers/test";

class ListTest : public ApiTest {
 protected:
  // The names on all pages of a list, at most two on each, as `caller` sees them.
  template <typename Request, typename Reply, typename Item>
  std::vector<std::string> Names(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Reply*),
                                 Request request,
                                 const google::protobuf::RepeatedPtrField<Item>& (Reply::*items)() const,
                                 absl::string_view caller) {
    std::vector<std::string> names;
    request.set_page_size(2);
    do {
      const absl::StatusOr<Reply> page = Call(method, request, caller);
      EXPECT_OK(page);
      if (!page.ok()) return {"error"};
      EXPECT_LE((*page.*items)().size(), 2);
      for (const auto& item : (*page.*items)()) names.push_back(item.name());
      request.set_page_token(page->next_page_token());
    } while (!request.page_token().empty());
    return names;
  }

  std::vector<std::string> Partners(absl::string_view filter, absl::string_view caller = kOperator) {
    v1::ListPartnersRequest request;
    request.set_filter(std::string(filter));
    return Names(&Stub::ListPartners, request, &v1::ListPartnersResponse::partners, caller);
  }

  std::vector<std::string> Customers(const std::string& partner, absl::string_view filter) {
    v1::ListCustomersRequest request;
    request.set_parent(partner);
    request.set_filter(std::string(filter));
    return Names(&Stub::ListCustomers, request, &v1::ListCustomersResponse::customers, partner);
  }

  // The token of the second page of a partner's customers.
  std::string SecondPage(const std::string& partner) {
    v1::ListCustomersRequest request;
    request.set_parent(partner);
    request.set_page_size(1);
    return Call(&Stub::ListCustomers, request, partner).value_or(v1::ListCustomersResponse()).next_page_token();
  }

  void Archive(const std::string& customer) {
    v1::ArchiveCustomerRequest request;
    request.set_name(customer);
    request.set_request_id(NewRequestId());
    EXPECT_OK(Call(&Stub::ArchiveCustomer, request));
  }
};

TEST_F(ListTest, ShowsAllPartnersToOperatorsAndViewers) {
  std::vector<std::string> made;
  for (const char* number : {"P-1005", "P-1001", "P-1004", "P-1002", "P-1003"}) {
    made.push_back(CreatePartner(number).name());
    clock_.Advance(absl::Seconds(1));
  }
  EXPECT_THAT(Partners(""), ElementsAreArray(made));
  EXPECT_THAT(Partners("", kViewer), ElementsAreArray(made));
  for (const std::string& caller : {made[0], std::string(kService)}) {
    EXPECT_THAT(Call(&Stub::ListPartners, v1::ListPartnersRequest(), caller),
                StatusIs(absl::StatusCode::kPermissionDenied));
  }
}

TEST_F(ListTest, FiltersPartnersByStateNumberNameAndTime) {
  const std::string first = CreatePartner("P-1001").name();
  clock_.Advance(absl::Hours(1));
  const std::string second = CreatePartner("P-1002").name();
  clock_.Advance(absl::Hours(1));
  const std::string third = CreatePartner("P-1003").name();
  ASSERT_OK(Call(&Stub::ApprovePartner, TransitionRequest<v1::ApprovePartnerRequest>(second)));
  ASSERT_OK(Call(&Stub::RejectPartner, TransitionRequest<v1::RejectPartnerRequest>(third)));

  EXPECT_THAT(Partners("state = ACTIVE"), ElementsAre(second));
  EXPECT_THAT(Partners("state = PENDING OR state = REJECTED"), ElementsAre(first, third));
  EXPECT_THAT(Partners("partner_number = \"P-1003\""), ElementsAre(third));
  EXPECT_THAT(Partners("display_name = \"Contoso Consulting\" AND state != ACTIVE"), ElementsAre(first, third));
  EXPECT_THAT(Partners("create_time > \"2009-06-01T09:30:00Z\" AND create_time < \"2009-06-01T10:30:00Z\""),
              ElementsAre(second));
  EXPECT_THAT(Partners("contact_email = \"nobody@contoso.example\""), IsEmpty());
  EXPECT_THAT(Partners("display_name = \"' OR 1=1 --\""), IsEmpty());
}

TEST_F(ListTest, ShowsAnAddressBookWithoutWhatIsArchivedUnlessAsked) {
  const std::string partner = CreatePartner("P-1001").name();
  std::vector<std::string> made;
  for (int i = 0; i < 5; ++i) {
    made.push_back(CreateCustomer(partner).name());
    clock_.Advance(absl::Seconds(1));
  }
  CreateCustomer(CreatePartner("P-1002").name());
  EXPECT_THAT(Customers(partner, ""), ElementsAreArray(made));
  Archive(made[1]);
  EXPECT_THAT(Customers(partner, ""), ElementsAre(made[0], made[2], made[3], made[4]));
  EXPECT_THAT(Customers(partner, "partner_reference = \"F-17\""), ElementsAre(made[0], made[2], made[3], made[4]));
  EXPECT_THAT(Customers(partner, "contact_email = \"jo@fabrikam.example\" AND archived = true"), ElementsAre(made[1]));
  EXPECT_THAT(Customers(partner, "contact_email != \"jo@fabrikam.example\""), IsEmpty());
  EXPECT_THAT(Customers(partner, "archived = true"), ElementsAre(made[1]));
  EXPECT_THAT(Customers(partner, "archived = true OR archived = false"), ElementsAreArray(made));
  EXPECT_THAT(Customers(partner, "display_name = \"archived\""), IsEmpty());
  EXPECT_THAT(Customers(partner, "create_time >= \"2009-06-01T09:00:03Z\""), ElementsAre(made[3], made[4]));
}

TEST_F(ListTest, ShowsEveryListUnderAPartnerPageByPage) {
  const std::string partner = CreatePartner("P-1001").name();
  std::vector<std::string> authorizations;
  std::vector<std::string> keys;
  for (int i = 0; i < 3; ++i) {
    v1::CreateAuthorizationRequest authorize;
    authorize.set_parent(partner);
    authorize.mutable_authorization()->set_product("offers/-");
    authorize.set_request_id(NewRequestId());
    authorizations.push_back(Call(&Stub::CreateAuthorization, authorize).value_or(v1::Authorization()).name());
    v1::CreateApiKeyRequest key;
    key.set_parent(partner);
    key.mutable_api_key()->set_display_name("ordering");
    *key.mutable_api_key()->mutable_expire_time() = rpc::ToProto(clock_.Now() + absl::Seconds(1));
    key.set_request_id(NewRequestId());
    keys.push_back(Call(&Stub::CreateApiKey, key).value_or(v1::ApiKey()).name());
    v1::AcceptAgreementRequest accept;
    accept.set_name(partner);
    accept.set_agreement("agreements/2009-06");
    accept.set_accepted_by("Ann Lee");
    accept.set_request_id(NewRequestId());
    EXPECT_OK(Call(&Stub::AcceptAgreement, accept));
    clock_.Advance(absl::Seconds(1));
  }
  const auto under = [](auto request, const std::string& parent) {
    request.set_parent(parent);
    return request;
  };
  const std::string other = CreatePartner("P-1002").name();
  for (const std::string& caller : {partner, std::string(kOperator), std::string(kViewer)}) {
    EXPECT_THAT(Names(&Stub::ListAuthorizations, under(v1::ListAuthorizationsRequest(), partner),
                      &v1::ListAuthorizationsResponse::authorizations, caller),
                ElementsAreArray(authorizations));
    EXPECT_THAT(
        Names(&Stub::ListApiKeys, under(v1::ListApiKeysRequest(), partner), &v1::ListApiKeysResponse::api_keys, caller),
        ElementsAreArray(keys));
    EXPECT_THAT(Names(&Stub::ListAgreementAcceptances, under(v1::ListAgreementAcceptancesRequest(), partner),
                      &v1::ListAgreementAcceptancesResponse::agreement_acceptances, caller),
                ::testing::SizeIs(3));
  }
  EXPECT_THAT(Call(&Stub::ListAuthorizations, under(v1::ListAuthorizationsRequest(), partner), other),
              StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(Call(&Stub::ListApiKeys, under(v1::ListApiKeysRequest(), partner), other),
              StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(Call(&Stub::ListAgreementAcceptances, under(v1::ListAgreementAcceptancesRequest(), partner), other),
              StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(Call(&Stub::ListCustomers, under(v1::ListCustomersRequest(), partner), other),
              StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(ListTest, FiltersAuthorizationsByProductAndTime) {
  const std::string partner = CreatePartner("P-1001").name();
  const auto authorize = [&](const std::string& product, absl::Duration duration) {
    v1::CreateAuthorizationRequest request;
    request.set_parent(partner);
    request.mutable_authorization()->set_product(product);
    if (duration < absl::InfiniteDuration()) {
      *request.mutable_authorization()->mutable_end_time() = rpc::ToProto(clock_.Now() + duration);
    }
    request.set_request_id(NewRequestId());
    const absl::StatusOr<v1::Authorization> made = Call(&Stub::CreateAuthorization, request);
    EXPECT_OK(made);
    clock_.Advance(absl::Hours(1));
    return made.value_or(v1::Authorization()).name();
  };
  const std::string suite = authorize("offers/suite", absl::Hours(24));
  const std::string all = authorize("offers/-", absl::InfiniteDuration());
  const auto listed = [&](const std::string& filter) {
    v1::ListAuthorizationsRequest request;
    request.set_parent(partner);
    request.set_filter(filter);
    return Names(&Stub::ListAuthorizations, request, &v1::ListAuthorizationsResponse::authorizations, partner);
  };
  EXPECT_THAT(listed("product = \"offers/suite\""), ElementsAre(suite));
  EXPECT_THAT(listed("product != \"offers/suite\""), ElementsAre(all));
  EXPECT_THAT(listed("start_time > \"2009-06-01T09:30:00Z\""), ElementsAre(all));
  EXPECT_THAT(listed("create_time < \"2009-06-01T09:30:00Z\""), ElementsAre(suite));
  // Until further notice is later than any time.
  EXPECT_THAT(listed("end_time > \"2009-06-02T00:00:00Z\""), ElementsAre(suite, all));
  EXPECT_THAT(listed("end_time > \"2009-06-02T09:00:00Z\""), ElementsAre(all));
  EXPECT_THAT(listed("end_time <= \"2009-06-02T09:00:00Z\""), ElementsAre(suite));
}

TEST_F(ListTest, FiltersApiKeysByWhatTheyAreForAndByTime) {
  const std::string partner = CreatePartner("P-1001").name();
  const auto key = [&](const std::string& display_name, bool expires) {
    v1::CreateApiKeyRequest request;
    request.set_parent(partner);
    request.mutable_api_key()->set_display_name(display_name);
    if (expires) *request.mutable_api_key()->mutable_expire_time() = rpc::ToProto(clock_.Now() + absl::Hours(24));
    request.set_request_id(NewRequestId());
    const absl::StatusOr<v1::ApiKey> made = Call(&Stub::CreateApiKey, request);
    EXPECT_OK(made);
    clock_.Advance(absl::Hours(1));
    return made.value_or(v1::ApiKey());
  };
  const std::string revoked = key("ordering", /*expires=*/false).name();
  v1::RevokeApiKeyRequest revoke;
  revoke.set_name(revoked);
  revoke.set_request_id(NewRequestId());
  ASSERT_OK(Call(&Stub::RevokeApiKey, revoke));  // At 10:00.
  const std::string expiring = key("ordering", /*expires=*/true).name();
  const v1::ApiKey used = key("fees", /*expires=*/false);
  v1::VerifyApiKeyRequest verify;
  verify.set_api_key(used.key());
  ASSERT_OK(Call(&Stub::VerifyApiKey, verify, kService));  // At 12:00.
  const auto listed = [&](const std::string& filter) {
    v1::ListApiKeysRequest request;
    request.set_parent(partner);
    request.set_filter(filter);
    return Names(&Stub::ListApiKeys, request, &v1::ListApiKeysResponse::api_keys, partner);
  };
  EXPECT_THAT(listed("display_name = ordering"), ElementsAre(revoked, expiring));
  EXPECT_THAT(listed("create_time > \"2009-06-01T09:30:00Z\""), ElementsAre(expiring, used.name()));
  // What has not come is later than any time, and a key that was never used earlier than any.
  EXPECT_THAT(listed("expire_time < \"2009-06-03T00:00:00Z\""), ElementsAre(expiring));
  EXPECT_THAT(listed("expire_time > \"2009-06-03T00:00:00Z\""), ElementsAre(revoked, used.name()));
  EXPECT_THAT(listed("revoke_time <= \"2009-06-01T10:00:00Z\""), ElementsAre(revoked));
  EXPECT_THAT(listed("last_use_time < \"2009-06-01T12:00:00Z\""), ElementsAre(revoked, expiring));
  EXPECT_THAT(listed("last_use_time >= \"2009-06-01T12:00:00Z\""), ElementsAre(used.name()));
  EXPECT_THAT(listed("expire_time > \"2009-06-01T12:00:00Z\" AND revoke_time > \"2009-06-01T12:00:00Z\""),
              ElementsAre(expiring, used.name()));
}

TEST_F(ListTest, FiltersTheAcceptancesOfAgreements) {
  const std::string partner = CreatePartner("P-1001").name();
  std::vector<std::string> made;
  for (const char* person : {"Ann Lee", "Jo Brown"}) {
    v1::AcceptAgreementRequest accept;
    accept.set_name(partner);
    accept.set_agreement("agreements/2009-06");
    accept.set_accepted_by(person);
    accept.set_request_id(NewRequestId());
    ASSERT_OK(Call(&Stub::AcceptAgreement, accept, made.empty() ? partner : kOperator));
    clock_.Advance(absl::Hours(1));
    made.push_back(person);
  }
  const auto listed = [&](const std::string& filter) {
    v1::ListAgreementAcceptancesRequest request;
    request.set_parent(partner);
    request.set_filter(filter);
    std::vector<std::string> people;
    const absl::StatusOr<v1::ListAgreementAcceptancesResponse> page =
        Call(&Stub::ListAgreementAcceptances, request, partner);
    EXPECT_OK(page);
    if (page.ok()) {
      for (const auto& acceptance : page->agreement_acceptances()) people.push_back(acceptance.accepted_by());
    }
    return people;
  };
  EXPECT_THAT(listed("agreement = \"agreements/2009-06\""), ElementsAreArray(made));
  EXPECT_THAT(listed("agreement = \"agreements/2010-01\""), IsEmpty());
  EXPECT_THAT(listed("accepted_by = \"Ann Lee\""), ElementsAre("Ann Lee"));
  EXPECT_THAT(listed(absl::StrCat("recorded_by = \"", partner, "\"")), ElementsAre("Ann Lee"));
  EXPECT_THAT(listed("accept_time >= \"2009-06-01T10:00:00Z\""), ElementsAre("Jo Brown"));
}

TEST_F(ListTest, ShowsTheVersionsOfTheAgreementByTheirIds) {
  for (const char* id : {"2012-01", "2010-01", "2011-01"}) {
    v1::CreateAgreementRequest request;
    request.set_agreement_id(id);
    request.mutable_agreement()->set_title("Partner Agreement");
    request.mutable_agreement()->set_document_sha256(std::string(64, 'a'));
    request.set_request_id(NewRequestId());
    ASSERT_OK(Call(&Stub::CreateAgreement, request));
  }
  EXPECT_THAT(Names(&Stub::ListAgreements, v1::ListAgreementsRequest(), &v1::ListAgreementsResponse::agreements,
                    CreatePartner().name()),
              ElementsAre("agreements/2009-06", "agreements/2010-01", "agreements/2011-01", "agreements/2012-01"));
  const auto listed = [&](const std::string& filter) {
    v1::ListAgreementsRequest request;
    request.set_filter(filter);
    return Names(&Stub::ListAgreements, request, &v1::ListAgreementsResponse::agreements, kViewer).size();
  };
  EXPECT_EQ(listed("title = \"Partner Agreement\""), 3);
  EXPECT_EQ(listed("effective_time < \"2009-06-01T00:00:00Z\""), 1);
  EXPECT_EQ(listed("create_time >= \"2009-06-01T00:00:00Z\" AND title != \"Partner Agreement\""), 0);
}

TEST_F(ListTest, TakesAPageTokenOfTheSameListOnly) {
  const std::string partner = CreatePartner("P-1001").name();
  const std::string other = CreatePartner("P-1002").name();
  for (const std::string& owner : {partner, partner, other, other}) CreateCustomer(owner);
  v1::ListCustomersRequest request;
  request.set_parent(partner);
  request.set_page_size(1);
  request.set_page_token(SecondPage(partner));
  ASSERT_NE(request.page_token(), "");
  EXPECT_OK(Call(&Stub::ListCustomers, request, partner));
  EXPECT_THAT(Call(&Stub::ListCustomers, request, kOperator), StatusIs(absl::StatusCode::kInvalidArgument));
  request.set_filter("archived = false");
  EXPECT_THAT(Call(&Stub::ListCustomers, request, partner), StatusIs(absl::StatusCode::kInvalidArgument));
  v1::ListApiKeysRequest keys;
  keys.set_parent(partner);
  keys.set_page_token(request.page_token());
  EXPECT_THAT(Call(&Stub::ListApiKeys, keys, partner), StatusIs(absl::StatusCode::kInvalidArgument));
  v1::ListPartnersRequest partners;
  partners.set_page_token(request.page_token());
  EXPECT_THAT(Call(&Stub::ListPartners, partners), StatusIs(absl::StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace countersign::partner
