// A simulated customer: at most one act a day, so that nothing depends on which of two comes first. Its decisions
// depend only on the seed, its number and what the services did.
#ifndef COUNTERSIGN_INTEGRATION_TESTS_SIMULATE_CUSTOMER_H_
#define COUNTERSIGN_INTEGRATION_TESTS_SIMULATE_CUSTOMER_H_

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "common/base/date.h"
#include "integration-tests/simulate_world.h"

namespace countersign::integration {

// The same numbers on every machine: what the standard library's distributions give differs.
class Dice {
 public:
  Dice(uint64_t seed, uint64_t stream) : engine_(seed * 1'000'003 + stream) {}
  int64_t Below(int64_t limit) { return static_cast<int64_t>(engine_() % static_cast<uint64_t>(limit)); }
  int64_t Between(int64_t low, int64_t high) { return low + Below(high - low + 1); }
  bool Percent(int64_t percent) { return Below(100) < percent; }

 private:
  std::mt19937_64 engine_;
};

// An invoice as it opened.
struct OpenedInvoice {
  std::string name;
  int64_t total_micros = 0;
  std::string first_line_start;  // "2009-06-01"
  std::string first_line_end;
};

class Customer {
 public:
  Customer(World& world, SimulatedCustomer who, uint64_t seed, Date from, Date until);

  const std::string& account() const { return who_.account; }
  // An invoice of its account has opened: decides how it is paid, or not.
  void OnInvoice(const OpenedInvoice& invoice);
  // Does what is due by today, one act; what else is due waits a day. An error is a failure, not a refusal.
  absl::Status ActOn(Date today);

 private:
  using Act = std::function<absl::Status()>;
  struct Bought {
    std::string order;
    SimulatedOrder what;
    Date start;
    std::string subscription;
    SimulatedCustomer buyer;  // As its partner of record, or the one that is to be, has it.
    bool ends = false;
  };

  void Plan(Date day, Act act);
  absl::Status Buy();
  absl::Status Learn(size_t index);
  void PlanYears(size_t index);
  absl::Status Change(size_t index, order::v1::Order::Kind kind, bool at_renewal);
  absl::Status ChangePartner(size_t index);
  absl::Status Pay(const OpenedInvoice& invoice, int64_t micros, absl::string_view part, bool named);
  absl::Status PayAsUnknown(const OpenedInvoice& invoice);
  absl::Status PayAndBounce(const OpenedInvoice& invoice);
  // One whose account is charged: decides how that goes.
  void OnInvoiceByCard(const OpenedInvoice& invoice);
  absl::Status UseToken(const std::string& token);
  absl::Status TakeBack(const OpenedInvoice& invoice);
  void MaybeCredit(const OpenedInvoice& invoice, Date day);
  absl::Status Credit(const OpenedInvoice& invoice, int64_t method);

  World& world_;
  SimulatedCustomer who_;
  Dice dice_;
  const Date from_;
  const Date until_;
  const bool bounces_;  // One whose payments bounce gets no refunds, and the other way round.
  const bool has_card_;
  bool by_card_ = false;    // From the day on which its account got a token.
  bool timed_out_ = false;  // Once a customer: the service waits seconds for an answer.
  int cards_ = 0;
  std::optional<SimulatedCustomer> at_other_partner_;  // In that partner's address book, once it changed to it.
  std::multimap<Date, Act> plan_;
  std::vector<Bought> bought_;
};

}  // namespace countersign::integration

#endif  // COUNTERSIGN_INTEGRATION_TESTS_SIMULATE_CUSTOMER_H_
