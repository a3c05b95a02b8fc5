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

  // A mutation has a request_id.
  bool mutates() const { return descriptor->input_type()->FindFieldByName("request_id") != nullptr; }
};

// The methods of every service in package countersign that the four servers list, in the servers' order. A service of
// which this program has no descriptor fails the test that runs.
std::vector<Method> ServedMethods(Suite& suite);

// One call with a serialized request, whatever it is. A stream ends with its first reply, as OK, or with the deadline
// of `context` when it says nothing. `reply`, when given, gets the bytes of the (first) reply.
grpc::Status CallRaw(const std::shared_ptr<grpc::Channel>& channel, const Method& method, const std::string& request,
                     grpc::ClientContext& context, std::string* reply = nullptr);

}  // namespace countersign::integration

#endif  // COUNTERSIGN_INTEGRATION_TESTS_METHODS_H_
