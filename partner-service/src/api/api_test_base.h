// partner-service as its callers see it: a real gRPC server on loopback over a real database.
#ifndef COUNTERSIGN_PARTNER_SERVICE_SRC_API_API_TEST_BASE_H_
#define COUNTERSIGN_PARTNER_SERVICE_SRC_API_API_TEST_BASE_H_

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/testing/api_test.h"
#include "countersign/billing/v1/partner_state_service.pb.h"
#include "countersign/order/v1/erasure_service.pb.h"
#include "countersign/order/v1/partner_state_service.pb.h"
#include "countersign/partner/v1/agreement_service.pb.h"
#include "countersign/partner/v1/api_key.pb.h"
#include "countersign/partner/v1/api_key_service.pb.h"
#include "countersign/partner/v1/customer.pb.h"
#include "countersign/partner/v1/partner.pb.h"
#include "countersign/partner/v1/partner_service.pb.h"
#include "google/protobuf/repeated_field.h"
#include "partner-service/src/clients/order_client.h"
#include "partner-service/src/partner.h"
#include "partner-service/src/store/migrations.h"

namespace countersign::partner {

inline constexpr char kOperator[] = "operators/test";
inline constexpr char kViewer[] = "viewers/test";
inline constexpr char kService[] = "services/order-service";

using testing::HasReason;
using testing::NewRequestId;
using testing::StatusIs;

// Keeps what it is told; answers `status`.
class FakeOrders final : public OrderClient {
 public:
  absl::Status ApplyPartnerState(const rpc::Outgoing& outgoing,
                                 const order::v1::ApplyPartnerStateRequest& request) override {
    EXPECT_EQ(outgoing.caller, "services/partner-service");
    requests.push_back(request);
    return status;
  }

  absl::StatusOr<order::v1::EraseCustomerResponse> EraseCustomer(
      const rpc::Outgoing& outgoing, const order::v1::EraseCustomerRequest& request) override {
    EXPECT_EQ(outgoing.caller, "services/partner-service");
    erasures.push_back(request);
    if (!status.ok()) return status;
    return erasure;
  }

  absl::Status status;
  std::vector<order::v1::ApplyPartnerStateRequest> requests;
  order::v1::EraseCustomerResponse erasure;
  std::vector<order::v1::EraseCustomerRequest> erasures;
};

// Keeps what it was told.
class FakeBilling final : public BillingClient {
 public:
  absl::Status ApplyPartnerState(const rpc::Outgoing& outgoing,
                                 const billing::v1::ApplyPartnerStateRequest& request) override {
    EXPECT_EQ(outgoing.caller, "services/partner-service");
    requests.push_back(request);
    return status;
  }

  absl::Status status;
  std::vector<billing::v1::ApplyPartnerStateRequest> requests;
};

class ApiTest : public testing::ApiTestFrame<AllMigrations> {
 protected:
  void SetUp() override;
  std::shared_ptr<grpc::Channel> channel() override { return server_.channel(); }

  static v1::CreatePartnerRequest CreateRequest(absl::string_view number = "P-1001");
  // A partner in state PENDING.
  v1::Partner CreatePartner(absl::string_view number = "P-1001");
  v1::Customer CreateCustomer(const std::string& partner);

  static v1::AcceptAgreementRequest AcceptRequest(const std::string& partner, absl::string_view agreement,
                                                  absl::string_view person = "Ann Lee");

  static v1::CreateApiKeyRequest CreateKeyRequest(const std::string& partner);
  v1::ApiKey CreateKey(const std::string& partner);
  // Whose key it is, as another service asks.
  absl::StatusOr<v1::VerifyApiKeyResponse> Verify(const std::string& key, absl::string_view caller = kService);

  // Approve, Suspend, …: all five requests have these fields.
  template <typename Request>
  static Request TransitionRequest(const std::string& partner) {
    Request request;
    request.set_name(partner);
    request.set_reason("because of the test");
    request.set_request_id(NewRequestId());
    return request;
  }

  // The names on all pages of a list, at most two on each, as `caller` sees them.
  template <typename Stub, typename Request, typename Reply, typename Item>
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

  FakeOrders orders_;
  FakeBilling billing_;
  PartnerParts parts_{
      {.service = "partner-service", .database = &database_->database(), .clock = &clock_, .reply_keys = &keys_},
      {database_->database(), committer_, clock_, keys_, orders_, billing_}};
  testing::InProcessServer server_{parts_.services()};
};

}  // namespace countersign::partner

#endif  // COUNTERSIGN_PARTNER_SERVICE_SRC_API_API_TEST_BASE_H_
