// partner-service, built: its stores, gRPC services and workers, made once for main.cc and for the API tests.
#ifndef COUNTERSIGN_PARTNER_SERVICE_SRC_PARTNER_H_
#define COUNTERSIGN_PARTNER_SERVICE_SRC_PARTNER_H_

#include <vector>

#include "common/base/clock.h"
#include "common/base/crypto.h"
#include "common/events/committer.h"
#include "common/events/relay.h"
#include "common/mysql/database.h"
#include "common/rpc/endpoint.h"
#include "grpcpp/impl/service_type.h"
#include "partner-service/src/api/agreement_service.h"
#include "partner-service/src/api/api_key_service.h"
#include "partner-service/src/api/api_key_verifier.h"
#include "partner-service/src/api/authorization_service.h"
#include "partner-service/src/api/customer_service.h"
#include "partner-service/src/api/partner_service.h"
#include "partner-service/src/api/payee_profile_service.h"
#include "partner-service/src/api/seller_service.h"
#include "partner-service/src/clients/billing_client.h"
#include "partner-service/src/clients/order_client.h"
#include "partner-service/src/store/agreement_store.h"
#include "partner-service/src/store/api_key_store.h"
#include "partner-service/src/store/authorization_store.h"
#include "partner-service/src/store/customer_store.h"
#include "partner-service/src/store/partner_store.h"
#include "partner-service/src/store/payee_profile_store.h"
#include "partner-service/src/store/seller_store.h"

namespace countersign::partner {

class PartnerParts {
 public:
  // Must outlive the parts.
  struct Needs {
    mysql::Database& database;
    events::Committer& committer;
    const Clock& clock;
    const KeyRing& data_keys;  // Encrypt bank references.
    OrderClient& orders;
    BillingClient& billing;
  };
  // `options` without a key verifier: callers' API keys are verified here.
  PartnerParts(rpc::EndpointOptions options, const Needs& needs);

  const rpc::Endpoint& endpoint() const { return endpoint_; }
  std::vector<grpc::Service*> services();
  std::vector<events::Consumer> consumers() const;

 private:
  const Needs needs_;
  const AgreementStore agreements_{needs_.database};
  const PartnerStore partners_{needs_.database};
  const CustomerStore customers_{needs_.database};
  const AuthorizationStore authorizations_{needs_.database};
  const ApiKeyStore api_keys_{needs_.database};
  const PayeeProfileStore payee_profiles_{needs_.database};
  const SellerStore sellers_{needs_.database};
  const ApiKeyVerifier verifier_{partners_, api_keys_};
  const rpc::Endpoint endpoint_;
  PartnerService partner_service_{endpoint_, needs_.committer, partners_, agreements_};
  AgreementService agreement_service_{endpoint_, needs_.committer, partners_, agreements_};
  CustomerService customer_service_{endpoint_, needs_.committer, partners_, customers_, needs_.orders};
  SellerService seller_service_{endpoint_, sellers_};
  AuthorizationService authorization_service_{endpoint_, needs_.committer, partners_, authorizations_};
  ApiKeyService api_key_service_{endpoint_, needs_.committer, partners_, api_keys_, verifier_};
  PayeeProfileService payee_profile_service_{endpoint_, needs_.committer, partners_, payee_profiles_, needs_.data_keys};
};

}  // namespace countersign::partner

#endif  // COUNTERSIGN_PARTNER_SERVICE_SRC_PARTNER_H_
