// Acts on one order at the same moment, in many interleavings: each order has one outcome, and whoever came too
// late gets a clear refusal. Every race has a seed. COUNTERSIGN_RACES says how many there are.
#include <algorithm>
#include <cstdlib>
#include <functional>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/barrier.h"
#include "absl/synchronization/mutex.h"
#include "common/base/error.h"
#include "common/testing/status_matchers.h"
#include "countersign/order/v1/order.pb.h"
#include "gmock/gmock.h"
#include "order-service/src/api/api_test_base.h"

namespace countersign::order {
namespace {

constexpr int kLanes = 4;  // Races that run at once, so that their changes meet in the committer's transactions.
constexpr int kRacesOfARun = 1200;  // 17 ms of processor time each, the database included.

// COUNTERSIGN_RACES: another number.
int RacesPerLane() {
  const char* const wanted = std::getenv("COUNTERSIGN_RACES");
  int races = kRacesOfARun;
  if (wanted != nullptr && !absl::SimpleAtoi(wanted, &races)) races = kRacesOfARun;
  return std::max(1, races / kLanes);
}

struct Act {
  std::string name;
  std::function<absl::Status(const v1::Order&)> run;
};

// What became of two acts that began at the same moment.
struct Outcome {
  absl::Status first;
  absl::Status second;
  int successes() const { return (first.ok() ? 1 : 0) + (second.ok() ? 1 : 0); }
};

class OrderRaceTest : public ApiTest {
 protected:
  Act Confirm() {
    return {"confirm", [this](const v1::Order& order) {
              return Call(&Stub::ConfirmOrder, ConfirmRequest(order), kLinkService).status();
            }};
  }
  Act Decline() {
    return {"decline", [this](const v1::Order& order) {
              return Call(&Stub::DeclineOrder, DeclineRequest(order), kLinkService).status();
            }};
  }
  Act Cancel() {
    return {"cancel",
            [this](const v1::Order& order) { return Call(&Stub::CancelOrder, CancelRequest(order)).status(); }};
  }
  Act Revise() {
    return {"revise",
            [this](const v1::Order& order) { return Call(&Stub::ReviseOrder, ReviseRequest(order)).status(); }};
  }
  Act Reissue() {
    return {"reissue",
            [this](const v1::Order& order) { return Call(&Stub::ReissueLink, ReissueRequest(order)).status(); }};
  }
  Act Extend() {
    return {"extend", [this](const v1::Order& order) {
              return Call(&Stub::ExtendExpiry, ExtendRequest(order, absl::Hours(60 * 24))).status();
            }};
  }
  Act Submit() {
    return {"submit",
            [this](const v1::Order& order) { return Call(&Stub::SubmitOrder, SubmitRequest(order)).status(); }};
  }

  static Outcome Race(const v1::Order& order, const Act& first, const Act& second) {
    Outcome outcome;
    auto* const barrier = new absl::Barrier(2);
    const auto start = [barrier] {
      if (barrier->Block()) delete barrier;
    };
    std::thread other([&] {
      start();
      outcome.second = second.run(order);
    });
    start();
    outcome.first = first.run(order);
    other.join();
    return outcome;
  }

  // A refusal that says what happened meanwhile.
  static bool IsClear(const absl::Status& status) {
    static const auto* const reasons = new std::vector<std::string>{
        "ORDER_STATE", "LINK_NOT_CURRENT", "REVISION_NOT_CURRENT", "PARTNER_NOT_ACTIVE", "EXPIRY_OUT_OF_RANGE"};
    const std::string reason = DetailsOf(status).reason;
    return status.ok() || std::find(reasons->begin(), reasons->end(), reason) != reasons->end();
  }

  // True when nobody won without an event of his own: versions 1 to n, one event each.
  static bool HasOneEventPerVersion(const v1::Order& order) {
    const std::string id = order.name().substr(order.name().rfind('/') + 1);
    absl::MutexLock lock(&query_mutex_);
    const auto rows = database_->Query(
        "SELECT COUNT(*), MAX(version), (SELECT version FROM orders WHERE order_id = ?) FROM events WHERE "
        "aggregate_id = ?",
        {*Uuid::Parse(id), *Uuid::Parse(id)});
    return rows.at(0).Int(0) == rows.at(0).Int(1) && rows.at(0).Int(1) == rows.at(0).Int(2);
  }

  static int64_t Acceptances(const v1::Order& order) {
    const std::string id = order.name().substr(order.name().rfind('/') + 1);
    absl::MutexLock lock(&query_mutex_);
    return database_->Query("SELECT COUNT(*) FROM acceptances WHERE order_id = ?", {*Uuid::Parse(id)}).at(0).Int(0);
  }

  inline static absl::Mutex query_mutex_;  // database_ has one connection for all.

  // May both acts succeed, one after the other? A confirmation or a refusal of the customer ends everything.
  static bool MayBothSucceed(const std::string& first, const std::string& second) {
    const auto is = [&](const char* a, const char* b) {
      return (first == a && second == b) || (first == b && second == a);
    };
    return is("confirm", "confirm") || is("decline", "decline") ||  // The same press again.
           is("reissue", "cancel") || is("reissue", "revise") || is("reissue", "reissue") || is("revise", "cancel") ||
           is("extend", "confirm") || is("extend", "decline") || is("extend", "cancel") || is("extend", "revise") ||
           is("extend", "reissue") || is("revise", "revise") || is("decline", "revise") || is("submit", "cancel");
  }

  void CheckOutcome(const v1::Order& order, const Act& first, const Act& second, const Outcome& outcome) {
    EXPECT_GE(outcome.successes(), 1) << outcome.first << "; " << outcome.second;
    EXPECT_TRUE(outcome.successes() < 2 || MayBothSucceed(first.name, second.name));
    EXPECT_TRUE(IsClear(outcome.first)) << outcome.first;
    EXPECT_TRUE(IsClear(outcome.second)) << outcome.second;
    const bool confirmed =
        (first.name == "confirm" && outcome.first.ok()) || (second.name == "confirm" && outcome.second.ok());
    EXPECT_EQ(Read(order).state() == v1::Order::STATE_CONFIRMED, confirmed);
    EXPECT_EQ(Acceptances(order), confirmed ? 1 : 0);
    EXPECT_TRUE(HasOneEventPerVersion(order));
  }

  void RunLane(int lane) {
    std::mt19937 random(20090601 + lane);
    const std::vector<Act> waiting = {Confirm(), Decline(), Cancel(), Revise(), Reissue(), Extend()};
    const std::vector<Act> draft = {Submit(), Submit(), Cancel()};
    const int races = RacesPerLane();
    for (int i = 0; i < races && !HasFailure(); ++i) {
      const bool is_draft = random() % 4 == 0;
      const std::vector<Act>& acts = is_draft ? draft : waiting;
      const Act& first = acts[random() % acts.size()];
      const Act& second = acts[random() % acts.size()];
      SCOPED_TRACE(absl::StrCat("lane ", lane, ", race ", i, ": ", first.name, " against ", second.name));
      const v1::Order order = is_draft ? CreateOrder() : WaitingOrder().order();
      CheckOutcome(order, first, second, Race(order, first, second));
    }
  }
};

TEST_F(OrderRaceTest, TwoActsOnOneOrderHaveOneOutcomeAndTheOtherIsToldWhy) {
  std::vector<std::thread> lanes;
  for (int lane = 0; lane < kLanes; ++lane) lanes.emplace_back([this, lane] { RunLane(lane); });
  for (std::thread& lane : lanes) lane.join();
}

TEST_F(OrderRaceTest, ASuspensionComesBeforeAConfirmationOrAfterIt) {
  int confirmed = 0;
  for (int i = 0; i < 60 && !HasFailure(); ++i) {
    const int64_t version = 10 + 2 * i;
    SCOPED_TRACE(absl::StrCat("race ", i));
    partners_.partner.set_version(version);
    const v1::Order order = WaitingOrder().order();
    const Act suspend{"suspend", [&](const v1::Order&) {
                        return Call(&PartnerStateStub::ApplyPartnerState, PartnerStateRequest(version + 1, false),
                                    kPartnerService)
                            .status();
                      }};
    const Outcome outcome = Race(order, Confirm(), suspend);
    EXPECT_OK(outcome.second);
    EXPECT_TRUE(IsClear(outcome.first)) << outcome.first;
    EXPECT_EQ(Read(order).state() == v1::Order::STATE_CONFIRMED, outcome.first.ok());
    confirmed += outcome.first.ok() ? 1 : 0;
    // Whatever came first, nothing is confirmed afterwards.
    const absl::Status late = Call(&Stub::ConfirmOrder, ConfirmRequest(order), kLinkService).status();
    EXPECT_EQ(late.ok(), outcome.first.ok()) << late;
    ApplyPartnerState(version + 2, true);
  }
  RecordProperty("confirmed", confirmed);
}

}  // namespace
}  // namespace countersign::order
