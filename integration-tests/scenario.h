// scenario.txt: one plain call per method, made on the running services and recorded.
#ifndef COUNTERSIGN_INTEGRATION_TESTS_SCENARIO_H_
#define COUNTERSIGN_INTEGRATION_TESTS_SCENARIO_H_

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "google/protobuf/message.h"
#include "integration-tests/methods.h"
#include "integration-tests/suite.h"

namespace countersign::integration {

// A call that succeeded.
struct Recorded {
  Method method;
  std::string caller;
  std::shared_ptr<const google::protobuf::Message> request;
  std::string reply;  // Its bytes; the first message of a stream.
};

class Scenario {
 public:
  Scenario(Suite& suite, std::vector<Method> methods) : suite_(suite), methods_(std::move(methods)) {}

  // $name stands for it, for what was made before.
  void Keep(const std::string& name, const std::string& value) { variables_[name] = value; }

  // Makes every call of the file in order. Error: the first that does not succeed.
  absl::Status Play(const std::string& path);

  const std::vector<Recorded>& recorded() const { return recorded_; }

 private:
  struct Step {
    int line = 0;
    std::string caller, method, server, body;
    std::vector<std::pair<std::string, std::string>> keeps;  // Variable, path.
  };

  static absl::StatusOr<std::vector<Step>> Read(const std::string& path);
  absl::Status Make(const Step& step, const Method& method);
  // With the variables' values; an unknown $id_… becomes one.
  std::string Fill(const std::string& text);

  Suite& suite_;
  const std::vector<Method> methods_;
  std::map<std::string, std::string> variables_;
  std::vector<Recorded> recorded_;
};

}  // namespace countersign::integration

#endif  // COUNTERSIGN_INTEGRATION_TESTS_SCENARIO_H_
