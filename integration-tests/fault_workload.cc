#include "integration-tests/fault_workload.h"

#include <algorithm>
#include <cstddef>
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
  last_change_ = absl::Now();
}

absl::Duration FaultWorkload::AwaitChange(absl::Time since) {
  absl::MutexLock lock(&mutex_);
  const auto changed = [&]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return last_change_ > since; };
  mutex_.Await(absl::Condition(&changed));
  return last_change_ - since;
}

void FaultWorkload::Note(const FaultStory::Step& step, const absl::Status& done) {
  ++tally_.acts;
  if (!done.ok()) {
    ++tally_.failures[absl::StrCat(step.name, ": ", absl::StatusCodeToString(done.code()))];
    return;
  }
  if (step.only_reads) return;
  const absl::Time now = absl::Now();
  tally_.longest_silence = std::max(tally_.longest_silence, now - last_change_);
  last_change_ = now;
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
  const auto decided = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return stopped_ || !paused_; };
  mutex_.Await(absl::Condition(&decided));
  return !stopped_;
}

bool FaultWorkload::Told::Was(absl::string_view step) const {
  const auto end = story->steps().begin() + static_cast<std::ptrdiff_t>(steps);
  return std::any_of(story->steps().begin(), end, [&](const FaultStory::Step& each) { return each.name == step; });
}

void FaultWorkload::Act() {
  bool going = true;
  while (going) {
    int number = 0;
    {
      absl::MutexLock lock(&mutex_);
      number = begun_++;
    }
    Told told{.story = std::make_unique<FaultStory>(suite_, number)};
    for (const FaultStory::Step& step : told.story->steps()) {
      absl::Status done = absl::UnknownError("not tried yet");
      while ((going = MayGoOn()) && !done.ok()) {
        done = step.act();
        absl::MutexLock lock(&mutex_);
        Note(step, done);
        if (!done.ok()) mutex_.AwaitWithTimeout(absl::Condition(&stopped_), kPause);
      }
      if (!done.ok()) break;
      ++told.steps;
    }
    absl::MutexLock lock(&mutex_);
    tally_.stories += told.steps == told.story->steps().size() ? 1 : 0;
    tally_.charged += told.Was("paid") ? 1 : 0;
    tally_.erased += told.Was("erased") ? 1 : 0;
    told_.push_back(std::move(told));
  }
}

void FaultWorkload::FindUntrueOf(const Told& told, std::vector<std::string>& untrue) {
  const Story& story = *told.story;
  if (told.Was("order")) {
    const absl::StatusOr<order::v1::Order> order = story.GetOrder();
    if (!order.ok()) {
      untrue.push_back(absl::StrCat(story.order, " was acknowledged and is not there: ", order.status().ToString()));
    } else if (told.Was("confirm") && order->state() != order::v1::Order::STATE_COMPLETED) {
      untrue.push_back(
          absl::StrCat(story.order, " was confirmed and is ", order::v1::Order::State_Name(order->state())));
    }
  }
  if (told.Was("pay") || told.Was("paid")) {
    const absl::StatusOr<billing::v1::Invoice> invoice = story.GetInvoice();
    if (!invoice.ok() || invoice->state() != billing::v1::Invoice::STATE_PAID) {
      untrue.push_back(absl::StrCat(story.invoice, " was paid and is not PAID"));
    }
  }
}

void FaultWorkload::SendAgain(Story& story, std::vector<std::string>& untrue) {
  const std::string order = story.order;
  const std::string url = story.url;
  for (const absl::Status& again : {story.CreateOrder(), story.Submit()}) {
    if (!again.ok()) untrue.push_back(absl::StrCat(order, ", asked again: ", again.ToString()));
  }
  if (story.order != order || story.url != url) untrue.push_back(absl::StrCat(order, ", asked again, is another"));
}

std::vector<std::string> FaultWorkload::FindUntrue(size_t sample) {
  std::vector<std::string> untrue;
  absl::MutexLock lock(&mutex_);
  size_t sent_again = 0;
  for (const Told& told : told_) {
    FindUntrueOf(told, untrue);
    // Of an erased customer no request is sent again: its link is gone.
    if (told.Was("submit") && !told.Was("erase") && sent_again++ < sample) SendAgain(*told.story, untrue);
  }
  return untrue;
}

FaultWorkload::Tally FaultWorkload::tally() const {
  absl::MutexLock lock(&mutex_);
  return tally_;
}

}  // namespace countersign::integration
