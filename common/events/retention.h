// Deletes or empties old rows, table by table: each table's retention is a constant beside its store.
#ifndef COUNTERSIGN_COMMON_EVENTS_RETENTION_H_
#define COUNTERSIGN_COMMON_EVENTS_RETENTION_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/clock.h"
#include "common/events/relay.h"
#include "common/mysql/database.h"

namespace countersign::events {

// How long a table keeps its rows, and what is done with older ones.
struct Retention {
  // A statement without its WHERE, which names the row by the leading columns of the table's key: all, or fewer where
  // what hangs on the row goes, too. Idempotent.
  struct Act {
    absl::string_view statement;  // "DELETE FROM notes"
    absl::string_view key;        // "owner_id, note_id"
  };
  absl::string_view table;
  absl::string_view key;  // The primary key, the tenant's column first.
  absl::string_view age;  // A DATETIME column with an index of its own.
  absl::Duration keep;    // Rows with age < now - keep are old.
  std::vector<Act> acts;  // In this order.
  // Which of the old rows: "AND expired.state = 'DONE'"; empty: all. The table's alias is `expired`. What does not
  // match when it becomes old is looked at again only by the next process that holds the task.
  absl::string_view only = "";
};

// A task that does so by the business clock, a few rows at a time: it reads keys along the index of `age`, never twice
// the same, and names each row by its key. One replica does it, the one that holds the first bucket; should two, each
// row is only found gone. Logs how many rows it dealt with. Errors of one table hold back no other; they are those of
// Database.
BucketTask RetentionTask(absl::string_view name, mysql::Database& database, const Clock& clock,
                         std::vector<Retention> retentions);

// Of stored_replies. A repeated request finds its reply for 30 days; a day more, so that a clock that is wrong by an
// hour breaks no promise.
Retention StoredReplyRetention();

}  // namespace countersign::events

#endif  // COUNTERSIGN_COMMON_EVENTS_RETENTION_H_
