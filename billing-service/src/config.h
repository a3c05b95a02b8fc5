// The configuration of billing-service, which calls no peer.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_CONFIG_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_CONFIG_H_

#include "common/rpc/service_flags.h"

namespace countersign::billing {

// Parses the flags, the flag file and the environment; ends the program when they make no sense.
rpc::ServiceOptions ParseConfig(int argc, char** argv);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_CONFIG_H_
