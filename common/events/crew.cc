#include "common/events/crew.h"

#include <algorithm>
#include <utility>

namespace countersign::events {

Crew::~Crew() {
  std::vector<std::thread> threads;
  {
    absl::MutexLock lock(&mutex_);
    stopped_ = true;
    wanted_.SignalAll();
    threads = std::move(threads_);
  }
  for (std::thread& thread : threads) thread.join();
}

void Crew::Run(size_t count, const std::function<void(size_t index)>& act) {
  if (count == 1) return act(0);
  Job job{.act = &act, .count = count};
  absl::MutexLock lock(&mutex_);
  if (count == 0) return;
  while (threads_.size() < static_cast<size_t>(helpers_)) threads_.emplace_back([this] { Help(); });
  jobs_.push_back(&job);
  for (size_t i = 1; i < count; ++i) wanted_.Signal();
  WorkOn(job);
  while (job.running > 0) finished_.Wait(&mutex_);
}

void Crew::Help() {
  absl::MutexLock lock(&mutex_);
  while (true) {
    while (jobs_.empty() && !stopped_) wanted_.Wait(&mutex_);
    if (stopped_) return;
    WorkOn(*jobs_.front());
  }
}

void Crew::WorkOn(Job& job) {
  while (job.next < job.count) {
    const size_t index = job.next++;
    if (job.next == job.count) jobs_.erase(std::find(jobs_.begin(), jobs_.end(), &job));
    ++job.running;
    mutex_.Unlock();
    (*job.act)(index);
    mutex_.Lock();
    if (--job.running == 0) finished_.SignalAll();
  }
}

}  // namespace countersign::events
