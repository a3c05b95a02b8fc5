#include "integration-tests/checker.h"

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "countersign/event/v1/delivery_event.pb.h"
#include "integration-tests/checks.h"

namespace countersign::integration {
namespace {

using mysql::Connection;
using mysql::Row;

constexpr absl::string_view kUnsealed = "SELECT COUNT(*) FROM events WHERE position IS NULL";
constexpr absl::string_view kHeads = "SELECT bucket, MAX(position) FROM events GROUP BY bucket";
constexpr absl::string_view kCursors = "SELECT consumer, bucket, position FROM cursors";
constexpr absl::string_view kWaiting = "SELECT COUNT(*) FROM held_deliveries WHERE parked = 0";
constexpr absl::string_view kHeld = "SELECT aggregate_id, consumer, version, last_error FROM held_deliveries";
constexpr absl::string_view kGivenUp = "SELECT payload FROM events WHERE type = 'DELIVERY_ABANDONED'";
constexpr absl::string_view kMoment = "SELECT COUNT(*), COUNT(position) FROM events";

// The consumers of each log. A consumer that has not begun has no cursor, and nothing else tells of it.
const std::map<std::string, std::set<std::string>>& Consumers() {
  static const auto* const consumers = new std::map<std::string, std::set<std::string>>{
      {"partner", {"order"}}, {"order", {"link", "billing"}}, {"link", {}}, {"billing", {"payments", "fees"}}};
  return *consumers;
}

// How many events there are, and how many are sealed: as long as neither grows, no service has changed a row.
absl::StatusOr<std::vector<int64_t>> MomentOf(const Schemas& schemas) {
  std::vector<int64_t> moment;
  for (const auto& [service, connection] : Named(schemas)) {
    ASSIGN_OR_RETURN(const std::vector<Row> rows, connection->Query(kMoment, {}));
    moment.insert(moment.end(), {rows[0].Int(0), rows[0].Int(1)});
  }
  return moment;
}

// The findings of `check`. Error: ABORTED when a service changed something while it read.
absl::StatusOr<Sentences> AtOneMoment(const Schemas& schemas, absl::FunctionRef<absl::Status(Sentences&)> check) {
  Sentences broken;
  ASSIGN_OR_RETURN(const std::vector<int64_t> before, MomentOf(schemas));
  RETURN_IF_ERROR(check(broken));
  ASSIGN_OR_RETURN(const std::vector<int64_t> after, MomentOf(schemas));
  if (before != after) return absl::AbortedError("The services were at work while their schemas were read.");
  return broken;
}

absl::StatusOr<std::set<Uuid>> FindGivenUp(Connection& connection) {
  std::set<Uuid> aggregates;
  ASSIGN_OR_RETURN(const std::vector<Row> rows, connection.Query(kGivenUp, {}));
  for (const Row& row : rows) {
    event::v1::DeliveryEvent event;
    if (!event.ParseFromString(row.Bytes(0))) continue;
    ASSIGN_OR_RETURN(const Uuid aggregate, Uuid::Parse(event.aggregate()));
    aggregates.insert(aggregate);
  }
  return aggregates;
}

absl::Status CheckDelivered(const Schemas& schemas, bool& all, Sentences& broken) {
  all = true;
  for (const auto& [service, connection] : Named(schemas)) {
    ASSIGN_OR_RETURN(const bool drained, IsLogDrained(service, *connection));
    if (!drained) broken.push_back(service + ": the log is not sealed and delivered to its end");
    all = all && drained;
  }
  return absl::OkStatus();
}

absl::Status CheckAll(const Schemas& schemas, Sentences& broken) {
  bool drained = false;
  Sentences orphans;
  RETURN_IF_ERROR(CheckDelivered(schemas, drained, broken));
  RETURN_IF_ERROR(CheckMoney(*schemas.billing, broken));
  RETURN_IF_ERROR(CheckSums(*schemas.billing, broken));
  RETURN_IF_ERROR(CheckCharges(*schemas.billing, schemas.processor_book, broken));
  RETURN_IF_ERROR(CheckDunning(*schemas.billing, broken));
  RETURN_IF_ERROR(CheckFees(*schemas.billing, broken));
  RETURN_IF_ERROR(CheckSubscriptions(*schemas.billing, broken));
  RETURN_IF_ERROR(CheckOrders(schemas, broken));
  RETURN_IF_ERROR(CheckCatalogue(*schemas.order, broken));
  RETURN_IF_ERROR(CheckReservations(schemas, broken, orphans));
  RETURN_IF_ERROR(CheckErasedRows(schemas, broken));
  for (const auto& [service, connection] : Named(schemas)) {
    RETURN_IF_ERROR(CheckLog(service, *connection, broken));
    RETURN_IF_ERROR(CheckReplies(service, *connection, broken));
  }
  if (!drained) return absl::OkStatus();
  RETURN_IF_ERROR(CheckErasedEverywhere(schemas, broken));
  return CheckCopies(schemas, broken);
}

}  // namespace

absl::Status ExpectNone(Connection& connection, absl::string_view sql, absl::string_view sentence, Sentences& broken) {
  ASSIGN_OR_RETURN(const std::vector<Row> rows, connection.Query(sql, {}));
  for (const Row& row : rows) broken.push_back(absl::StrCat(sentence, ": ", row.Bytes(0)));
  return absl::OkStatus();
}

absl::StatusOr<std::set<Uuid>> FindUndelivered(Connection& connection) {
  ASSIGN_OR_RETURN(std::set<Uuid> aggregates, FindGivenUp(connection));
  ASSIGN_OR_RETURN(const std::vector<Row> held, connection.Query(kHeld, {}));
  for (const Row& row : held) aggregates.insert(row.Id(0));
  return aggregates;
}

absl::StatusOr<bool> IsLogDrained(const std::string& service, Connection& connection) {
  ASSIGN_OR_RETURN(const std::vector<Row> unsealed, connection.Query(kUnsealed, {}));
  ASSIGN_OR_RETURN(const std::vector<Row> waiting, connection.Query(kWaiting, {}));
  if (unsealed[0].Int(0) != 0 || waiting[0].Int(0) != 0) return false;
  ASSIGN_OR_RETURN(const std::vector<Row> heads, connection.Query(kHeads, {}));
  ASSIGN_OR_RETURN(const std::vector<Row> cursors, connection.Query(kCursors, {}));
  std::map<std::string, std::map<int64_t, int64_t>> reached;
  for (const std::string& consumer : Consumers().at(service)) reached[consumer];
  for (const Row& row : cursors) reached[row.Bytes(0)][row.Int(1)] = row.Int(2);
  for (const auto& [consumer, positions] : reached) {
    for (const Row& head : heads) {
      const auto position = positions.find(head.Int(0));
      if (position == positions.end() || position->second < head.Int(1)) return false;
    }
  }
  return true;
}

absl::StatusOr<std::vector<std::string>> FindBrokenInvariants(const Schemas& schemas) {
  return AtOneMoment(schemas, [&](Sentences& broken) { return CheckAll(schemas, broken); });
}

absl::StatusOr<std::vector<std::string>> FindBrokenReplies(const Schemas& schemas) {
  return AtOneMoment(schemas, [&](Sentences& broken) -> absl::Status {
    for (const auto& [service, connection] : Named(schemas)) {
      RETURN_IF_ERROR(CheckReplies(service, *connection, broken));
    }
    return absl::OkStatus();
  });
}

absl::StatusOr<std::vector<std::string>> FindLeftovers(const Schemas& schemas) {
  Sentences broken;
  Sentences leftovers;
  RETURN_IF_ERROR(CheckReservations(schemas, broken, leftovers));
  for (const auto& [service, connection] : Named(schemas)) {
    ASSIGN_OR_RETURN(const std::vector<Row> held, connection->Query(kHeld, {}));
    for (const Row& row : held) {
      leftovers.push_back(absl::StrCat(service, ": version ", row.Int(2), " of ", row.Id(0).ToString(),
                                       " is held for consumer ", row.Bytes(1), ": ", row.Bytes(3)));
    }
    ASSIGN_OR_RETURN(const std::set<Uuid> given_up, FindGivenUp(*connection));
    for (const Uuid& aggregate : given_up) {
      leftovers.push_back(absl::StrCat(service, ": a delivery of ", aggregate.ToString(), " was given up"));
    }
  }
  return leftovers;
}

absl::StatusOr<bool> IsDrained(const Schemas& schemas) {
  for (const auto& [service, connection] : Named(schemas)) {
    ASSIGN_OR_RETURN(const bool drained, IsLogDrained(service, *connection));
    if (!drained) return false;
  }
  return true;
}

}  // namespace countersign::integration
