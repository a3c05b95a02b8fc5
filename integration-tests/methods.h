// Every method that the running services have, as their reflection tells, so that tests walk methods that nobody
// listed.
#ifndef COUNTERSIGN_INTEGRATION_TESTS_METHODS_H_
#define COUNTERSIGN_INTEGRATION_TESTS_METHODS_H_

#include <grpcpp/grpcpp.h>

#include <memory>
#include <string>
#include <vector>

#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "integration-tests/suite.h"

namespace countersign::integration {

struct Method {
  Service service;
  const google::protobuf::MethodDescriptor* descriptor;

  // "countersign.order.v1.OrderService/GetOrder"
  std::string name() const;
  std::unique_ptr<google::protobuf::Message> NewRequest() const;
  std::unique_ptr<google::protobuf::Message> NewReply() const;

  // Has a request_id, so that the same request again is answered again with the same bytes.
  bool mutates() const { return descriptor->input_type()->FindFieldByName("request_id") != nullptr; }
  // By its verb: Get, List, Lookup, Search, Watch, Check, Verify, Explain and Preview change nothing, all others do. A
  // method either reads or mutates (conventions_test.cc).
  bool reads() const;
};

// The methods of every service in package countersign that the four servers list, in the servers' order. A service of
// which this program has no descriptor fails the test that runs.
std::vector<Method> ServedMethods(Suite& suite);

// One call with a serialized request, whatever it is. A stream ends with its first reply, as OK, or with the deadline
// of `context` when it says nothing. `reply`, when given, gets the bytes of the (first) reply.
grpc::Status CallRaw(const std::shared_ptr<grpc::Channel>& channel, const Method& method, const std::string& request,
                     grpc::ClientContext& context, std::string* reply = nullptr);

// The same as `caller`: a partner with its API key (As in story.h), anybody else with a certificate (Suite::channel).
grpc::Status CallAs(Suite& suite, const std::string& caller, const Method& method, const std::string& request,
                    std::string* reply = nullptr);

}  // namespace countersign::integration

#endif  // COUNTERSIGN_INTEGRATION_TESTS_METHODS_H_
