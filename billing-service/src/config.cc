#include "billing-service/src/config.h"

namespace countersign::billing {

rpc::ServiceOptions ParseConfig(int argc, char** argv) {
  return rpc::ParseServiceFlags(
      argc, argv, "The vendor's billing: accounts, subscriptions, invoices, payments, and the partners' fees.",
      {.name = "billing-service",
       .listen = "127.0.0.1:7104",
       .database = "mysql://countersign_billing@127.0.0.1:3306/countersign_billing"});
}

}  // namespace countersign::billing
