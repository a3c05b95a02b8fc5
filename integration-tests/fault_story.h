// The stories that users tell while the system is being hurt: some pay, some are charged, some leave and are erased.
#ifndef COUNTERSIGN_INTEGRATION_TESTS_FAULT_STORY_H_
#define COUNTERSIGN_INTEGRATION_TESTS_FAULT_STORY_H_

#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "integration-tests/story.h"
#include "integration-tests/suite.h"

namespace countersign::integration {

// Every step may be tried again: it is the same request each time.
class FaultStory : public Story {
 public:
  // Its number says how it ends: of four, two pay, one is charged, one leaves.
  FaultStory(Suite& suite, int number);

  struct Step {
    std::string name;
    std::function<absl::Status()> act;
    bool only_reads = false;
  };
  const std::vector<Step>& steps() const { return steps_; }

  bool leaves() const { return number_ % 4 == 3; }

 private:
  absl::Status SetMethod();
  absl::Status Charge();
  absl::Status AwaitPaid() const;
  absl::Status Cancel();
  absl::Status Erase();
  absl::Status AwaitErased() const;

  Suite& suite_;
  const int number_;
  std::vector<Step> steps_;
  const std::string method_id_ = NewRequestId(), charge_id_ = NewRequestId(), cancel_id_ = NewRequestId(),
                    erase_id_ = NewRequestId();
};

}  // namespace countersign::integration

#endif  // COUNTERSIGN_INTEGRATION_TESTS_FAULT_STORY_H_
