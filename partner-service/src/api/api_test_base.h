// partner-service as its callers see it: a real gRPC server on loopback over a real database.
#ifndef COUNTERSIGN_PARTNER_SERVICE_SRC_API_API_TEST_BASE_H_
#define COUNTERSIGN_PARTNER_SERVICE_SRC_API_API_TEST_BASE_H_

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "common/rpc/endpoint.h"
#include "common/testing/api_test.h"
#include "countersign/partner/v1/partner_service.grpc.pb.h"
#include "partner-service/src/api/api_key_verifier.h"
#include "partner-service/src/api/partner_api.h"
#include "partner-service/src/store/agreement_store.h"
#include "partner-service/src/store/api_key_store.h"
#include "partner-service/src/store/authorization_store.h"
#include "partner-service/src/store/customer_store.h"
#include "partner-service/src/store/migrations.h"
#include "partner-service/src/store/partner_store.h"
#include "partner-service/src/store/payee_profile_store.h"

namespace countersign::partner {

inline constexpr char kOperator[] = "operators/test";
inline constexpr char kService[] = "services/order-service";

using testing::NewRequestId;

class ApiTest : public testing::ApiTestFrame<AllMigrations> {
 protected:
  using Stub = v1::PartnerService::Stub;

  void SetUp() override;

  // Calls the method as `caller`, through the network.
  template <typename Request, typename Reply>
  absl::StatusOr<Reply> Call(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Reply*),
                             const Request& request, absl::string_view caller = kOperator) {
    return testing::CallAs(caller, stub_, method, request);
  }

  // Calls the method with an API key, which says who calls, whatever else the call says of itself.
  template <typename Request, typename Reply>
  absl::StatusOr<Reply> CallWithKey(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Reply*),
                                    const Request& request, const std::string& key) {
    return testing::CallAs(kOperator, stub_, method, request, key);
  }

  static v1::CreatePartnerRequest CreateRequest(absl::string_view number = "P-1001");
  // A partner in state PENDING.
  v1::Partner CreatePartner(absl::string_view number = "P-1001");
  v1::Customer CreateCustomer(const std::string& partner);

  // Approve, Suspend, …: all five requests have these fields.
  template <typename Request>
  static Request TransitionRequest(const std::string& partner) {
    Request request;
    request.set_name(partner);
    request.set_reason("because of the test");
    request.set_request_id(NewRequestId());
    return request;
  }

 private:
  AgreementStore agreements_{database_->database()};
  PartnerStore partners_{database_->database()};
  CustomerStore customers_{database_->database()};
  AuthorizationStore authorizations_{database_->database()};
  ApiKeyStore api_keys_{database_->database()};
  PayeeProfileStore payee_profiles_{database_->database()};
  const ApiKeyVerifier verifier_{partners_, api_keys_};
  PartnerHandlers partner_handlers_{partners_, agreements_};
  AgreementHandlers agreement_handlers_{agreements_};
  CustomerHandlers customer_handlers_{partners_, customers_};
  SellerHandlers seller_handlers_{{partners_, agreements_, customers_, authorizations_}};
  AuthorizationHandlers authorization_handlers_{partners_, authorizations_};
  ApiKeyHandlers api_key_handlers_{partners_, api_keys_, verifier_};
  PayeeProfileHandlers payee_profile_handlers_{partners_, payee_profiles_, keys_};
  rpc::Endpoint endpoint_{{.service = "partner-service",
                           .database = &database_->database(),
                           .clock = &clock_,
                           .reply_keys = &keys_,
                           .verify_key = LocalKeyVerifier(verifier_, clock_),
                           .key_cache = {.ttl = {}}}};  // As in main.cc.
  PartnerApi api_{endpoint_,
                  {partner_handlers_, agreement_handlers_, customer_handlers_, seller_handlers_,
                   authorization_handlers_, api_key_handlers_, payee_profile_handlers_}};
  testing::InProcessServer server_{{&api_}};
  Stub stub_{server_.channel()};
};

}  // namespace countersign::partner

#endif  // COUNTERSIGN_PARTNER_SERVICE_SRC_API_API_TEST_BASE_H_
