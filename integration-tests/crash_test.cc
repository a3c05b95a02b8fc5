// Kills each service between each pair of steps, and inside Confirm before and after each commit; the story ends well
// all the same, and every invariant holds.
#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "integration-tests/proof.h"
#include "integration-tests/story.h"
#include "integration-tests/suite.h"

namespace countersign::integration {
namespace {

struct Table {
  Service owner;
  std::string name;
};

class CrashTest : public SuiteTest {
 protected:
  static void KillAndRestart(Service service) {
    suite().Kill(service);
    const absl::Status started = suite().StartService(service);
    ASSERT_TRUE(started.ok()) << started;
  }

  // Takes the story's step, again and again while it fails: its users would.
  static void Take(Story& story, const Story::Step& step) {
    const absl::Status done = Eventually(step.name, [&] { return (story.*step.act)().ok(); });
    ASSERT_TRUE(done.ok()) << done;
  }

  static void FinishFrom(Story& story, absl::string_view name) {
    bool reached = false;
    for (const Story::Step& step : Story::Steps()) {
      reached = reached || step.name == name;
      if (!reached) continue;
      ASSERT_NO_FATAL_FAILURE(Take(story, step)) << step.name;
    }
    EXPECT_EQ(story.fee.amount().units(), 45);
  }

  // A session that holds the table until it says UNLOCK TABLES. Null when it could not be had.
  static std::unique_ptr<mysql::Connection> Lock(const Table& table) {
    auto connection = suite().Database(table.owner);
    if (!connection.ok() || !(*connection)->Run(absl::StrCat("LOCK TABLES ", table.name, " WRITE")).ok())
      return nullptr;
    return *std::move(connection);
  }

  // Until so many sessions of the table's schema wait for a lock.
  static absl::Status AwaitWaiting(const Table& table, int count = 1) {
    auto watcher = suite().Database(table.owner);
    if (!watcher.ok()) return watcher.status();
    const std::string schema = suite().schema(table.owner);
    return Eventually("somebody waits for " + table.name, [&] {
      const auto sessions = (*watcher)->Query("SHOW FULL PROCESSLIST", {});  // Columns 3 and 6: schema and state.
      if (!sessions.ok()) return false;
      return std::count_if(sessions->begin(), sessions->end(), [&](const mysql::Row& session) {
               return session.Bytes(3) == schema && absl::StrContains(session.Bytes(6), "lock");
             }) >= count;
    });
  }
};

class CrashBetweenStepsTest : public CrashTest, public ::testing::WithParamInterface<Service> {};

TEST_P(CrashBetweenStepsTest, TheStoryEndsWellWhenAServiceIsKilledBetweenEachPairOfSteps) {
  Story story(suite());
  for (const Story::Step& step : Story::Steps()) {
    ASSERT_NO_FATAL_FAILURE(Take(story, step)) << step.name;
    ASSERT_NO_FATAL_FAILURE(KillAndRestart(GetParam())) << "after " << step.name;
  }
  EXPECT_EQ(story.fee.amount().units(), 45);
  ProveInvariants();
}

INSTANTIATE_TEST_SUITE_P(EachService, CrashBetweenStepsTest, ::testing::ValuesIn(kServices),
                         [](const auto& info) { return NameOf(info.param); });

// A place inside Confirm where a service is killed: a service is about to use a table that the test has locked, so
// everything that the story commits before that is there and nothing after it. `next` is locked while `table` holds the
// story up, so that it goes on from one place to the other: after the one commit, before the other.
struct Point {
  std::string name;
  Table table;
  std::optional<Table> next;
  Service victim;
};

class CrashInsideConfirmTest : public CrashTest, public ::testing::WithParamInterface<Point> {};

TEST_P(CrashInsideConfirmTest, TheOrderIsConfirmedOnceAndBilledOnce) {
  const Point& point = GetParam();
  Story story(suite());
  ASSERT_TRUE(story.RunUntil("confirm").ok());
  std::unique_ptr<mysql::Connection> locker = Lock(point.table);
  ASSERT_NE(locker, nullptr);

  std::future<absl::Status> press = std::async(std::launch::async, [&story] { return story.Confirm(); });
  absl::Status waits = AwaitWaiting(point.table);
  if (waits.ok() && point.next.has_value()) {
    std::unique_ptr<mysql::Connection> next = Lock(*point.next);
    ASSERT_NE(next, nullptr);
    locker = std::move(next);  // Ends the first session, which frees its table.
    waits = AwaitWaiting(*point.next);
  }
  suite().Kill(point.victim);
  locker.reset();
  ASSERT_TRUE(waits.ok()) << waits;
  const absl::Status started = suite().StartService(point.victim);
  ASSERT_TRUE(started.ok()) << started;
  press.wait();

  // The customer presses again: confirmed or not, the answer must now be yes.
  ASSERT_NO_FATAL_FAILURE(FinishFrom(story, "confirm"));
  ProveInvariants();
}

const Table kPresses{Service::kLink, "presses"};
const Table kAcceptances{Service::kOrder, "acceptances"};
const Table kLinks{Service::kLink, "links"};
const Table kActivations{Service::kBilling, "activations"};
const Table kOrders{Service::kOrder, "orders"};

INSTANTIATE_TEST_SUITE_P(BeforeAndAfterEachCommit, CrashInsideConfirmTest,
                         ::testing::Values(
                             // Before the evidence of the press is committed.
                             Point{"link_before_the_press", kPresses, std::nullopt, Service::kLink},
                             // After the evidence, before order-service commits the confirmation.
                             Point{"link_before_the_confirmation", kAcceptances, std::nullopt, Service::kLink},
                             Point{"order_before_the_confirmation", kAcceptances, std::nullopt, Service::kOrder},
                             // After the confirmation, before link-service commits its copy of the outcome.
                             Point{"link_after_the_confirmation", kAcceptances, kLinks, Service::kLink},
                             Point{"order_after_the_confirmation", kAcceptances, kLinks, Service::kOrder},
                             // After the confirmation, before billing commits the activation.
                             Point{"order_before_the_activation", kActivations, std::nullopt, Service::kOrder},
                             Point{"billing_before_the_activation", kActivations, std::nullopt, Service::kBilling},
                             // After the activation, before order-service commits COMPLETED.
                             Point{"order_after_the_activation", kActivations, kOrders, Service::kOrder},
                             Point{"billing_after_the_activation", kActivations, kOrders, Service::kBilling}),
                         [](const auto& info) { return info.param.name; });

// A transaction that holds the changes of several customers. While the first one's is held up by a lock of `held`, all
// others wait for their turn. So when `held` is freed, and `inside` is locked by then, they come to `inside` in one
// batch, which has written its events.
struct BatchPoint {
  Service victim;
  std::string held;
  std::string inside;
};

class CrashInsideABatchTest : public CrashTest, public ::testing::WithParamInterface<BatchPoint> {
 protected:
  static constexpr int kCustomers = 6;
  using Stories = std::vector<std::unique_ptr<Story>>;

  static void EnrolUntilConfirm(Stories& stories) {
    for (int i = 0; i < kCustomers; ++i) {
      stories.push_back(std::make_unique<Story>(suite()));
      ASSERT_TRUE(stories.back()->RunUntil("confirm").ok());
    }
  }

  static int64_t Presses() {
    auto session = suite().Database(Service::kLink);
    if (!session.ok()) return -1;
    const auto row = (*session)->QueryOne("SELECT COUNT(*) FROM presses", {});
    return row.ok() && row->has_value() ? (*row)->Int(0) : -1;
  }

  // No thread of the process runs or is about to.
  static bool Sleeps(pid_t pid) {
    for (const auto& thread : std::filesystem::directory_iterator(absl::StrCat("/proc/", pid, "/task"))) {
      std::string line;  // Number, name in brackets, state.
      std::getline(std::ifstream(thread.path() / "stat"), line);
      if (!line.empty() && line.substr(line.rfind(')'), 3) != ") S") return false;
    }
    return true;
  }

  // No statement of the service, whose user has the name of its schema, is under way but for those that wait for a
  // lock.
  static bool AsksNothing(mysql::Connection& watcher, const std::string& user) {
    const auto sessions = watcher.Query("SHOW FULL PROCESSLIST", {});  // Columns 1, 4 and 6: user, command and state.
    return sessions.ok() && std::all_of(sessions->begin(), sessions->end(), [&](const mysql::Row& session) {
             return session.Bytes(1) != user || session.Bytes(4) == "Sleep" ||
                    absl::StrContains(session.Bytes(6), "lock");
           });
  }

  // Until nothing goes on in any service: whoever is to wait for something waits for it.
  static absl::Status AwaitStandstill() {
    auto watcher = suite().Database(Service::kPartner);
    if (!watcher.ok()) return watcher.status();
    int looks = 0;
    return Eventually("the services stand still", [&] {
      const bool still = std::all_of(kServices.begin(), kServices.end(), [&](Service service) {
        return Sleeps(suite().pid(service)) && AsksNothing(**watcher, suite().schema(service));
      });
      looks = still ? looks + 1 : 0;
      return looks == 3;
    });
  }

  // Events and their tenants.
  using Tenants = std::map<std::string, std::string>;

  static Tenants EventsOf(Service service, const std::string& isolation) {
    Tenants tenants;
    auto session = suite().Database(service);
    EXPECT_TRUE(session.ok() && (*session)->Run("SET SESSION TRANSACTION ISOLATION LEVEL " + isolation).ok());
    const auto rows = (*session)->Query("SELECT aggregate_id, version, tenant_id FROM events", {});
    EXPECT_TRUE(rows.ok()) << rows.status();
    for (const mysql::Row& row : *rows) tenants[absl::StrCat(row.Bytes(0), row.Int(1))] = row.Bytes(2);
    return tenants;
  }
  static Tenants CommittedEvents(Service service) { return EventsOf(service, "READ COMMITTED"); }

  // What a transaction that is under way has written.
  static Tenants EventsUnderWay(Service service) {
    const Tenants committed = CommittedEvents(service);
    Tenants under_way = EventsOf(service, "READ UNCOMMITTED");
    std::erase_if(under_way, [&](const auto& event) { return committed.contains(event.first); });
    return under_way;
  }

  static size_t CountTenants(const Tenants& events) {
    std::set<std::string> tenants;
    for (const auto& [event, tenant] : events) tenants.insert(tenant);
    return tenants.size();
  }

  // A batch that has written its events and waits for a table.
  struct Batch {
    std::vector<std::future<absl::Status>> presses;
    std::unique_ptr<mysql::Connection> locker;
    Tenants events;
  };

  // One presses, and while its transaction waits for the table `held`, all others do, whose changes then gather.
  static Batch PressTogether(const BatchPoint& point, const Stories& stories) {
    const Table held{point.victim, point.held};
    const Table inside{point.victim, point.inside};
    Batch batch;
    batch.locker = Lock(held);
    EXPECT_NE(batch.locker, nullptr);
    const int64_t before = Presses();
    for (const auto& story : stories) {
      batch.presses.push_back(std::async(std::launch::async, [&story] { return story->Confirm(); }));
      if (story == stories.front()) EXPECT_TRUE(AwaitWaiting(held).ok());
    }
    EXPECT_TRUE(Eventually("everybody has pressed", [&] { return Presses() == before + kCustomers; }).ok());
    EXPECT_TRUE(AwaitStandstill().ok());
    // This lock waits for the end of the first transaction, and comes before the next.
    auto next = std::async(std::launch::async, [&inside] { return Lock(inside); });
    EXPECT_TRUE(AwaitWaiting(held, 2).ok());
    batch.locker.reset();
    batch.locker = next.get();
    EXPECT_NE(batch.locker, nullptr);
    EXPECT_TRUE(AwaitWaiting(inside).ok());
    batch.events = EventsUnderWay(point.victim);
    return batch;
  }

  // Kills the victim while a batch of several tenants is under way, at the moment that `go_on` leads to from there;
  // then every order is confirmed once and billed once.
  template <typename GoOn>
  static void KillInsideABatch(const BatchPoint& point, const GoOn& go_on) {
    Stories stories;
    ASSERT_NO_FATAL_FAILURE(EnrolUntilConfirm(stories));
    Batch batch = PressTogether(point, stories);
    EXPECT_GE(CountTenants(batch.events), 2U);
    go_on(batch);
    suite().Kill(point.victim);
    batch.locker.reset();
    for (const auto& [name, wire] : suite().wires()) wire->SetHoldsCommits(false);
    EXPECT_TRUE(suite().StartService(point.victim).ok());
    for (auto& press : batch.presses) press.wait();
    for (const auto& story : stories) ASSERT_NO_FATAL_FAILURE(FinishFrom(*story, "confirm"));
    ProveInvariants();
  }
};

TEST_P(CrashInsideABatchTest, EveryOrderIsConfirmedOnceAndBilledOnce) {
  KillInsideABatch(GetParam(), [](const Batch&) {});
}

INSTANTIATE_TEST_SUITE_P(BetweenItsStatements, CrashInsideABatchTest,
                         ::testing::Values(BatchPoint{Service::kOrder, "acceptances", "stored_replies"},
                                           BatchPoint{Service::kBilling, "tranches", "billing_accounts"}),
                         [](const auto& info) { return NameOf(info.param.victim); });

// The same, and the batch is committed, and the victim dies before it hears of that.
class CrashAfterTheCommitOfABatchTest : public CrashInsideABatchTest {
 protected:
  static void SetUpTestSuite() { StartSuite({.proxies = true}); }
};

TEST_P(CrashAfterTheCommitOfABatchTest, EveryOrderIsConfirmedOnceAndBilledOnce) {
  const Service victim = GetParam().victim;
  KillInsideABatch(GetParam(), [victim](Batch& batch) {
    suite().wires().at(NameOf(victim) + " to database")->SetHoldsCommits(true);
    batch.locker.reset();
    const absl::Status committed = Eventually("the batch is committed", [&] {
      const Tenants events = CommittedEvents(victim);
      return std::all_of(batch.events.begin(), batch.events.end(),
                         [&](const auto& event) { return events.contains(event.first); });
    });
    EXPECT_TRUE(committed.ok()) << committed;
  });
}

INSTANTIATE_TEST_SUITE_P(AndBeforeItsAnswer, CrashAfterTheCommitOfABatchTest,
                         ::testing::Values(BatchPoint{Service::kOrder, "acceptances", "stored_replies"},
                                           BatchPoint{Service::kBilling, "tranches", "billing_accounts"}),
                         [](const auto& info) { return NameOf(info.param.victim); });

// A step that writes something of its own before its row: the service is killed between the two commits, while a lock
// holds up the second. What is left is found, and the same step, taken again by whoever took it, takes it up.
struct Gap {
  std::string name;
  std::string step;
  Service victim;
  std::string lock;  // In a transaction.
  std::string left;  // As the checker calls it.
};

class CrashBetweenTwoCommitsTest : public CrashTest, public ::testing::WithParamInterface<Gap> {
 protected:
  static std::vector<std::string> Leftovers() {
    const absl::StatusOr<Sessions> sessions = Connect();
    EXPECT_TRUE(sessions.ok()) << sessions.status();
    if (!sessions.ok()) return {};
    return FindLeftovers(SchemasOf(*sessions)).value_or(std::vector<std::string>{"the leftovers cannot be read"});
  }

  static bool IsLeft(absl::string_view what) {
    const std::vector<std::string> leftovers = Leftovers();
    return std::any_of(leftovers.begin(), leftovers.end(),
                       [&](const std::string& sentence) { return absl::StrContains(sentence, what); });
  }

  static absl::Status AwaitLockWait(Service owner) {
    auto watcher = suite().Database(owner);
    if (!watcher.ok()) return watcher.status();
    const auto version = (*watcher)->QueryOne("SELECT VERSION()", {});
    if (!version.ok() || !version->has_value()) return absl::UnavailableError("the server does not say what it is");
    // MariaDB has no table of locks; MySQL's INNODB_TRX does not show these waits to the one who asks all the time.
    const bool is_mariadb = absl::StrContains((*version)->Bytes(0), "MariaDB");
    return Eventually("a commit waits for the lock", [&] {
      const auto waiting = (*watcher)->QueryOne(
          is_mariadb ? "SELECT COUNT(*) FROM information_schema.INNODB_TRX t JOIN information_schema.PROCESSLIST p "
                       "ON p.ID = t.trx_mysql_thread_id WHERE t.trx_state = 'LOCK WAIT' AND p.DB = ?"
                     : "SELECT COUNT(*) FROM performance_schema.data_locks "
                       "WHERE LOCK_STATUS = 'WAITING' AND OBJECT_SCHEMA = ?",
          {suite().schema(owner)});
      if (waiting.ok() && waiting->has_value() && (*waiting)->Int(0) > 0) return true;
      absl::SleepFor(absl::Milliseconds(150));  // The server looks again only when nobody has asked for 0.1 s.
      return false;
    });
  }

  static void CrashInside(Story& story, const Gap& gap) {
    auto locker = suite().Database(gap.victim);
    ASSERT_TRUE(locker.ok()) << locker.status();
    // So that the places between rows are locked as well: nothing can be inserted.
    ASSERT_TRUE((*locker)->Run("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ").ok());
    ASSERT_TRUE((*locker)->Run("START TRANSACTION").ok());
    ASSERT_TRUE((*locker)->Query(gap.lock, {}).ok());
    const Story::Step& step = *std::find_if(Story::Steps().begin(), Story::Steps().end(),
                                            [&](const Story::Step& each) { return each.name == gap.step; });
    std::future<absl::Status> act = std::async(std::launch::async, [&] { return (story.*step.act)(); });
    const absl::Status waits = AwaitLockWait(gap.victim);
    suite().Kill(gap.victim);
    ASSERT_TRUE((*locker)->Run("ROLLBACK").ok());
    act.wait();
    ASSERT_TRUE(waits.ok()) << waits;
    // Before the victim is there again, for a relay may take up at once what is left.
    EXPECT_TRUE(IsLeft(gap.left)) << gap.left;
    const absl::Status started = suite().StartService(gap.victim);
    ASSERT_TRUE(started.ok()) << started;
  }
};

TEST_P(CrashBetweenTwoCommitsTest, WhatIsLeftIsFoundAndTakenUpByTheSameStep) {
  const Gap& gap = GetParam();
  Story story(suite());
  ASSERT_TRUE(story.RunUntil(gap.step).ok());
  ASSERT_NO_FATAL_FAILURE(CrashInside(story, gap));
  ASSERT_NO_FATAL_FAILURE(FinishFrom(story, gap.step));
  EXPECT_FALSE(IsLeft(gap.left)) << gap.left;
  ProveInvariants();
}

INSTANTIATE_TEST_SUITE_P(OfEachReservation, CrashBetweenTwoCommitsTest,
                         ::testing::Values(Gap{"partner_number", "enrol", Service::kPartner,
                                               "SELECT * FROM partners FOR UPDATE", "partner number"},
                                           // By order-service's relay, once the order is confirmed.
                                           Gap{"account_number", "confirm", Service::kBilling,
                                               "SELECT * FROM billing_accounts FOR UPDATE", "account number"},
                                           Gap{"bank_reference", "pay", Service::kBilling,
                                               "SELECT * FROM bank_receipts FOR UPDATE", "bank reference"}),
                         [](const auto& info) { return info.param.name; });

class CrashInsideSubmitTest : public CrashBetweenTwoCommitsTest {};

TEST_F(CrashInsideSubmitTest, ALinkThatNoOrderNamesIsFoundAndEndedOnceItIsLate) {
  constexpr absl::string_view kLeft = "no order names the active link";
  Story story(suite());
  ASSERT_TRUE(story.RunUntil("submit").ok());
  ASSERT_NO_FATAL_FAILURE(
      CrashInside(story, {"link", "submit", Service::kOrder, "SELECT * FROM orders FOR UPDATE", std::string(kLeft)}));
  ASSERT_NO_FATAL_FAILURE(FinishFrom(story, "submit"));
  EXPECT_TRUE(IsLeft(kLeft)) << "the order has a link of its own";

  suite().Kill(Service::kLink);
  ASSERT_TRUE(suite().StartService(Service::kLink, /*days_later=*/32).ok());
  const absl::Status ended = Eventually("the link is ended", [&] { return !IsLeft(kLeft); });
  EXPECT_TRUE(ended.ok()) << ended;
  KillAndRestart(Service::kLink);
  ProveInvariants();
}

}  // namespace
}  // namespace countersign::integration
