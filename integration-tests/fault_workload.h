// The users of the system while it is being hurt: they try again until they are answered, and remember the answers.
#ifndef COUNTERSIGN_INTEGRATION_TESTS_FAULT_WORKLOAD_H_
#define COUNTERSIGN_INTEGRATION_TESTS_FAULT_WORKLOAD_H_

#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "integration-tests/fault_story.h"
#include "integration-tests/suite.h"

namespace countersign::integration {

// Thread-safe.
class FaultWorkload {
 public:
  // Begins at once, with so many users that tell one story after the other.
  FaultWorkload(Suite& suite, int users);
  ~FaultWorkload();  // Ends it.

  // Begins no new act while paused.
  void Pause(bool paused);
  // How long it took from `since` until the next change was acknowledged, and was not before `since`.
  absl::Duration AwaitChange(absl::Time since);

  // Lets each user finish the act it is at, and no more.
  void Stop();

  // After Stop: one sentence for each answer that turns out to be untrue. `sample`: how many requests are sent again to
  // see whether the same answers come.
  std::vector<std::string> FindUntrue(size_t sample);

  // How often an act failed, by its name and why; how many were done, and stories told to the end.
  struct Tally {
    std::map<std::string, int> failures;
    int acts = 0;
    int stories = 0;
    int charged = 0;  // Of them, and those whose customer was erased.
    int erased = 0;
    absl::Duration longest_silence = absl::ZeroDuration();  // In which no change was acknowledged, pauses apart.
  };
  Tally tally() const;

 private:
  // A story and how many of its steps were answered.
  struct Told {
    std::unique_ptr<FaultStory> story;
    size_t steps = 0;

    bool Was(absl::string_view step) const;  // Whether that step was answered.
  };

  void Act();
  void Note(const FaultStory::Step& step, const absl::Status& done) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Adds a sentence for each claim of one story that is not true, without and with sending its requests again.
  static void FindUntrueOf(const Told& told, std::vector<std::string>& untrue);
  static void SendAgain(Story& story, std::vector<std::string>& untrue);
  bool MayGoOn() ABSL_LOCKS_EXCLUDED(mutex_);

  Suite& suite_;
  mutable absl::Mutex mutex_;
  bool paused_ ABSL_GUARDED_BY(mutex_) = false;
  bool stopped_ ABSL_GUARDED_BY(mutex_) = false;
  int begun_ ABSL_GUARDED_BY(mutex_) = 0;
  absl::Time last_change_ ABSL_GUARDED_BY(mutex_) = absl::Now();
  Tally tally_ ABSL_GUARDED_BY(mutex_);
  std::vector<Told> told_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::thread> users_;
};

}  // namespace countersign::integration

#endif  // COUNTERSIGN_INTEGRATION_TESTS_FAULT_WORKLOAD_H_
