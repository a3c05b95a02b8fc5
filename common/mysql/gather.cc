#include "common/mysql/gather.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/let_others_join.h"
#include "common/base/status_macros.h"

namespace countersign::mysql {
namespace {

std::string TextOf(const Parameter& parameter) {
  if (const int64_t* number = parameter.number()) return absl::StrCat(*number);
  return std::string(parameter.bytes().value_or(""));
}

std::vector<Row> RowsWithKey(const std::vector<Row>& rows, const std::vector<std::string>& key) {
  std::vector<Row> found;
  std::copy_if(rows.begin(), rows.end(), std::back_inserter(found), [&](const Row& row) { return HasKey(row, key); });
  return found;
}

}  // namespace

std::vector<std::string> TextsOf(const std::vector<Parameter>& key) {
  std::vector<std::string> texts;
  texts.reserve(key.size());
  for (const Parameter& parameter : key) texts.push_back(TextOf(parameter));
  return texts;
}

std::optional<Row> RowWithKey(const std::vector<Row>& rows, const std::vector<std::string>& key) {
  const auto found = std::find_if(rows.begin(), rows.end(), [&](const Row& row) { return HasKey(row, key); });
  if (found == rows.end()) return std::nullopt;
  return *found;
}

bool HasKey(const Row& row, const std::vector<std::string>& key) {
  for (size_t i = 0; i < key.size(); ++i) {
    if (row.Bytes(static_cast<int>(i)) != key[i]) return false;
  }
  return true;
}

size_t RoundUpKeys(size_t count) {
  size_t rounded = 1;
  while (rounded < count) rounded *= 2;
  return rounded;
}

size_t AppendKeys(const std::vector<const std::vector<Parameter>*>& keys, std::vector<Parameter>& parameters) {
  const size_t count = RoundUpKeys(keys.size());
  for (size_t i = 0; i < count; ++i) {
    const std::vector<Parameter>& key = *keys[std::min(i, keys.size() - 1)];
    parameters.insert(parameters.end(), key.begin(), key.end());
  }
  return count;
}

absl::StatusOr<std::vector<Row>> Gatherer::ReadAlone(absl::Time deadline, const KeyedSelect& select,
                                                     const Waiting& mine) {
  std::vector<Parameter> parameters = mine.asked;
  parameters.insert(parameters.end(), mine.parameters.begin(), mine.parameters.end());
  return read_(deadline, StatementFor(select, 1), parameters);
}

absl::StatusOr<std::vector<Row>> Gatherer::ReadBatch(absl::Time deadline, const KeyedSelect& select,
                                                     const std::vector<std::shared_ptr<Waiting>>& batch) {
  std::vector<Parameter> parameters = batch.back()->asked;
  std::vector<const std::vector<Parameter>*> keys;
  for (const std::shared_ptr<Waiting>& waiting : batch) keys.push_back(&waiting->parameters);
  const size_t count = AppendKeys(keys, parameters);
  return read_(deadline, StatementFor(select, static_cast<int>(count)), parameters);
}

absl::StatusOr<std::vector<Row>> Gatherer::Read(absl::Time deadline, const KeyedSelect& select,
                                                const std::vector<Parameter>& key,
                                                const std::vector<Parameter>& asked) {
  const auto mine = std::make_shared<Waiting>(key, asked);
  std::vector<std::shared_ptr<Waiting>> batch;
  Queue* queue = nullptr;
  {
    absl::MutexLock lock(&mutex_);
    queue = &queues_[select.select];
    queue->waiting.push_back(mine);
    if (std::exchange(queue->led, true)) {
      while (!mine->answered && !mine->alone && !mine->leads) {
        const bool late = mine->changed.WaitWithDeadline(&mutex_, deadline);
        if (!late || mine->answered || mine->alone || mine->leads) continue;
        const auto place = std::find(queue->waiting.begin(), queue->waiting.end(), mine);
        if (place != queue->waiting.end()) queue->waiting.erase(place);
        return absl::DeadlineExceededError("The database did not answer in time.");
      }
    }
    if (mine->answered) return std::move(mine->rows);
    if (!mine->alone) {
      LetOthersJoin(mutex_, [queue] { return queue->waiting.size(); });
      while (!queue->waiting.empty() && batch.size() < kMaxKeys) {
        batch.push_back(std::move(queue->waiting.front()));
        queue->waiting.pop_front();
      }
    }
  }
  if (mine->alone) return ReadAlone(deadline, select, *mine);

  const absl::StatusOr<std::vector<Row>> rows = ReadBatch(deadline, select, batch);
  const bool one_by_one = !rows.ok() && batch.size() > 1;
  {
    absl::MutexLock lock(&mutex_);
    queue->led = !queue->waiting.empty();
    if (queue->led) {
      queue->waiting.front()->leads = true;
      queue->waiting.front()->changed.Signal();
    }
    for (const std::shared_ptr<Waiting>& waiting : batch) {
      if (rows.ok()) waiting->rows = RowsWithKey(*rows, waiting->texts);
      (rows.ok() ? waiting->answered : waiting->alone) = true;
      waiting->changed.Signal();
    }
  }
  if (one_by_one) return ReadAlone(deadline, select, *mine);
  if (!rows.ok()) return rows.status();
  return std::move(mine->rows);
}

size_t Gatherer::waiting(const KeyedSelect& select) {
  absl::MutexLock lock(&mutex_);
  return queues_[select.select].waiting.size();
}

}  // namespace countersign::mysql
