#include "integration-tests/fault_workload.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

namespace countersign::integration {
namespace {

constexpr absl::Duration kPause = absl::Milliseconds(50);  // Before a user tries again.

}  // namespace

FaultWorkload::FaultWorkload(Suite& suite, int users) : suite_(suite) {
  for (int i = 0; i < users; ++i) users_.emplace_back([this] { Act(); });
}

FaultWorkload::~FaultWorkload() { Stop(); }

void FaultWorkload::Pause(bool paused) {
  absl::MutexLock lock(&mutex_);
  paused_ = paused;
}

void FaultWorkload::Stop() {
  {
    absl::MutexLock lock(&mutex_);
    stopped_ = true;
  }
  for (std::thread& user : users_) user.join();
  users_.clear();
}

bool FaultWorkload::MayGoOn() {
  absl::MutexLock lock(&mutex_);
  const auto decided = [this] { return stopped_ || !paused_; };
  mutex_.Await(absl::Condition(&decided));
  return !stopped_;
}

void FaultWorkload::Act() {
  bool going = true;
  while (going) {
    Told told{.story = std::make_unique<Story>(suite_)};
    for (const Story::Step& step : Story::Steps()) {
      absl::Status done = absl::UnknownError("not tried yet");
      while ((going = MayGoOn()) && !done.ok()) {
        done = (told.story.get()->*step.act)();
        absl::MutexLock lock(&mutex_);
        ++tally_.acts;
        if (!done.ok()) ++tally_.failures[absl::StrCat(step.name, ": ", absl::StatusCodeToString(done.code()))];
        if (!done.ok()) mutex_.AwaitWithTimeout(absl::Condition(&stopped_), kPause);
      }
      if (!done.ok()) break;
      ++told.steps;
    }
    absl::MutexLock lock(&mutex_);
    tally_.stories += told.steps == Story::Steps().size() ? 1 : 0;
    told_.push_back(std::move(told));
  }
}

std::vector<std::string> FaultWorkload::FindUntrue(size_t sample) {
  std::vector<std::string> untrue;
  absl::MutexLock lock(&mutex_);
  const auto step_of = [](absl::string_view name) {
    const std::vector<Story::Step>& steps = Story::Steps();
    const auto found = std::find_if(steps.begin(), steps.end(), [&](const auto& step) { return step.name == name; });
    return static_cast<size_t>(found - steps.begin());
  };
  size_t sent_again = 0;
  for (Told& told : told_) {
    Story& story = *told.story;
    if (told.steps > step_of("order")) {
      const absl::StatusOr<order::v1::Order> order = story.GetOrder();
      if (!order.ok()) {
        untrue.push_back(absl::StrCat(story.order, " was acknowledged and is not there: ", order.status().ToString()));
      } else if (told.steps > step_of("confirm") && order->state() != order::v1::Order::STATE_COMPLETED) {
        untrue.push_back(
            absl::StrCat(story.order, " was confirmed and is ", order::v1::Order::State_Name(order->state())));
      }
    }
    if (told.steps > step_of("pay")) {
      const absl::StatusOr<billing::v1::Invoice> invoice = story.GetInvoice();
      if (!invoice.ok() || invoice->state() != billing::v1::Invoice::STATE_PAID) {
        untrue.push_back(absl::StrCat(story.invoice, " was paid and is not PAID"));
      }
    }
    if (told.steps <= step_of("submit") || sent_again++ >= sample) continue;
    const std::string order = story.order;
    const std::string url = story.url;
    for (const absl::Status& again : {story.CreateOrder(), story.Submit()}) {
      if (!again.ok()) untrue.push_back(absl::StrCat(order, ", asked again: ", again.ToString()));
    }
    if (story.order != order || story.url != url) untrue.push_back(absl::StrCat(order, ", asked again, is another"));
  }
  return untrue;
}

FaultWorkload::Tally FaultWorkload::tally() const {
  absl::MutexLock lock(&mutex_);
  return tally_;
}

}  // namespace countersign::integration
