#include "common/rpc/api_key.h"

#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/base/api_key_text.h"
#include "common/base/crypto.h"
#include "common/base/error.h"
#include "common/base/log.h"
#include "common/base/status_macros.h"
#include "common/rpc/call_slots.h"

namespace countersign::rpc {
namespace {

// One question's time, whatever its asker has: others wait for the answer, too.
constexpr absl::Duration kQuestionTimeout = absl::Seconds(2);

absl::Status NotVerified() {
  return Error(absl::StatusCode::kUnavailable, "KEY_NOT_VERIFIED",
               "It cannot be found out now whose the API key is. It is safe to try again.");
}

absl::Status Invalid() { return NotFound("API_KEY_INVALID", "The API key is unknown, revoked or expired."); }

}  // namespace

KeyCache::KeyCache(KeyVerifier verify, KeyCacheOptions options)
    : verify_(std::move(verify)), options_(std::move(options)), wrong_keys_(options_.now) {}

absl::StatusOr<VerifiedKey> KeyCache::Verify(absl::string_view key, absl::string_view address, absl::Time deadline) {
  if (!ParseApiKeyText(key).has_value()) return Invalid();
  const std::string hash = Sha256(key);
  const auto mine = std::make_shared<Question>();
  bool was_good = false;
  {
    absl::MutexLock lock(&mutex_);
    if (const std::shared_ptr<Question> known = Known(hash); known != nullptr && known->answered) return known->answer;
    was_good = good_.contains(hash);
  }
  // From here on the call may wait, for somebody else's question or for its own.
  ASSIGN_OR_RETURN(const CallSlots::Slot slot, CallSlots::OfProcess().TakeForKey(was_good ? "" : std::string(address)));
  {
    absl::MutexLock lock(&mutex_);
    while (const std::shared_ptr<Question> known = Known(hash)) {
      if (!mutex_.AwaitWithDeadline(absl::Condition(&known->answered), deadline)) return NotVerified();
      // Somebody else's failure is not ours, and an answer may be stale when it comes.
      const bool is_an_answer = known->answer.ok() || absl::IsNotFound(known->answer.status());
      if (is_an_answer && IsFresh(*known)) return known->answer;
      if (absl::Now() >= deadline) return NotVerified();
    }
    RETURN_IF_ERROR(CheckMayAsk(hash, address));
    mine->asked = options_.now();
    open_[hash] = mine;
  }
  return Ask(key, hash, address, mine);
}

bool KeyCache::IsFresh(const Question& question) const {
  const bool is_bad = question.answered && absl::IsNotFound(question.answer.status());
  return options_.now() - question.asked < (is_bad ? options_.bad_ttl : options_.ttl);
}

std::shared_ptr<KeyCache::Question> KeyCache::Known(const std::string& hash) const {
  for (const Questions* questions : {&good_, &bad_, &open_}) {
    const auto known = questions->find(hash);
    if (known != questions->end() && IsFresh(*known->second)) return known->second;
  }
  return nullptr;
}

absl::Status KeyCache::CheckMayAsk(const std::string& hash, absl::string_view address) {
  if (good_.contains(hash)) return absl::OkStatus();
  const absl::Status exhausted = wrong_keys_.Check(std::string(address), options_.wrong_keys);
  if (exhausted.ok()) return exhausted;
  return Error(absl::StatusCode::kResourceExhausted, "QUOTA_EXCEEDED",
               "Too many API keys that are no good came from the caller's address.", DetailsOf(exhausted).metadata);
}

absl::StatusOr<VerifiedKey> KeyCache::Ask(absl::string_view key, const std::string& hash, absl::string_view address,
                                          const std::shared_ptr<Question>& question) {
  absl::StatusOr<VerifiedKey> answer = verify_(key, absl::Now() + kQuestionTimeout);
  if (absl::IsNotFound(answer.status())) {
    answer = Invalid();
    wrong_keys_.Take(std::string(address), options_.wrong_keys).IgnoreError();  // Others may have taken the last one.
  } else if (!answer.ok()) {
    LogSparingly(Level::kWarning, "an API key could not be verified",
                 {{"code", absl::StatusCodeToString(answer.status().code())},
                  {"error", std::string(answer.status().message())}});
    answer = NotVerified();
  }
  absl::MutexLock lock(&mutex_);
  question->answer = answer;
  question->answered = true;
  if (const auto open = open_.find(hash); open != open_.end() && open->second == question) open_.erase(open);
  if (answer.ok()) Keep(good_, hash, question);
  if (absl::IsNotFound(answer.status())) {
    good_.erase(hash);
    Keep(bad_, hash, question);
  }
  return answer;
}

// A forgotten key is only asked for again.
void KeyCache::Keep(Questions& questions, const std::string& hash, const std::shared_ptr<Question>& question) {
  if (questions.size() >= options_.max_keys && !questions.contains(hash)) {
    absl::erase_if(questions,
                   [this](const auto& known) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return !IsFresh(*known.second); });
    if (questions.size() >= options_.max_keys) questions.clear();
  }
  questions[hash] = question;
}

}  // namespace countersign::rpc
