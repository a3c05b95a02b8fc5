// countersign-simulate: years of business through the four real services, on a clock that is advanced day by day. It
// writes what happened (facts.jsonl) and what came out (results.jsonl), and ends with the checker of the invariants, an
// explanation of every invoice, and the reports of the books.
// scripts/simulate compares the two with a model of its own. Needs COUNTERSIGN_TEST_DATABASE.
// Exit code 0: it came to its end and every invariant holds.
#include <atomic>
#include <iostream>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/base/status_macros.h"
#include "integration-tests/checker.h"
#include "integration-tests/simulate_customer.h"
#include "integration-tests/simulate_dump.h"
#include "integration-tests/simulate_explain.h"
#include "integration-tests/simulate_facts.h"
#include "integration-tests/simulate_world.h"
#include "integration-tests/story.h"
#include "integration-tests/suite.h"

ABSL_FLAG(int, years, 3, "How many years are played, from 2009-06-01 on.");
ABSL_FLAG(int, customers, 1000, "How many customers buy.");
ABSL_FLAG(uint64_t, seed, 1, "The same seed gives the same money to the cent.");
ABSL_FLAG(std::string, directory, ".", "Where facts.jsonl and results.jsonl go.");

namespace countersign::integration {
namespace {

constexpr int kThreads = 6;
constexpr int kCustomersPerPartner = 20;
// Of the sandbox's processor, which answers at once or not at all.
constexpr absl::Duration kProcessorTimeout = absl::Seconds(1);
constexpr int kDaysAfterQuarter = 20;  // When payouts are made.
constexpr int kDayOfCorrections = 15;  // Of each month: when fees are corrected.

struct Simulation {
  std::unique_ptr<Suite> suite;
  std::unique_ptr<FactWriter> facts;
  std::unique_ptr<World> world;
  std::vector<std::string> partners;
  std::vector<std::unique_ptr<Customer>> customers;
  std::set<std::string> told;  // The invoices that their customers know of.
};

// Every customer's act of the day, in a few threads.
absl::Status ActAll(Simulation& simulation) {
  std::atomic<size_t> next = 0;
  absl::Mutex mutex;
  absl::Status first_error;
  const auto work = [&] {
    for (size_t i = next++; i < simulation.customers.size(); i = next++) {
      const absl::Status done = simulation.customers[i]->ActOn(simulation.world->today());
      const absl::MutexLock lock(&mutex);
      first_error.Update(done);
    }
  };
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) threads.emplace_back(work);
  for (std::thread& thread : threads) thread.join();
  return first_error;
}

absl::Status TellOfInvoices(Simulation& simulation, mysql::Connection& billing, Date since) {
  std::map<std::string, Customer*> by_account;
  for (const auto& customer : simulation.customers) {
    if (!customer->account().empty()) by_account[customer->account()] = customer.get();
  }
  ASSIGN_OR_RETURN(const std::vector<AccountInvoice> opened, InvoicesSince(billing, since));
  for (const AccountInvoice& one : opened) {
    if (!simulation.told.insert(one.invoice.name).second) continue;
    const auto found = by_account.find(one.account);
    if (found == by_account.end()) return absl::InternalError(absl::StrCat("nobody knows the account ", one.account));
    found->second->OnInvoice(one.invoice);
  }
  return absl::OkStatus();
}

// Regions and currencies of customers: the tax rules differ.
constexpr std::pair<const char*, const char*> kPlaces[] = {{"US", "USD"}, {"DE", "USD"}, {"GB", "USD"},
                                                           {"US", "USD"}, {"JP", "JPY"}, {"KW", "KWD"}};

absl::Status Begin(Simulation& simulation, uint64_t seed, int customers, Date from, Date until) {
  World& world = *simulation.world;
  RETURN_IF_ERROR(world.AddTaxRate("DE", Date(2009, 1, 1), 190'000, false, false));
  RETURN_IF_ERROR(world.AddTaxRate("GB", Date(2009, 1, 1), 175'000, false, true));
  RETURN_IF_ERROR(world.AddTaxRate("GB", Date(2011, 1, 4), 200'000, false, true));
  RETURN_IF_ERROR(world.AddTaxRate("JP", Date(2009, 1, 1), 50'000, true, false));
  Dice dice(seed, 0);
  for (int i = 0; i * kCustomersPerPartner < customers || i < 3; ++i) {
    const char* const currency = i % 4 == 1 ? "JPY" : i % 4 == 2 ? "KWD" : "USD";
    ASSIGN_OR_RETURN(std::string partner, world.EnrolPartner(i, currency, dice.Percent(60)));
    simulation.partners.push_back(std::move(partner));
  }
  for (int i = 0; i < customers; ++i) {
    const auto [region, currency] = kPlaces[dice.Below(std::size(kPlaces))];
    const auto any_partner = [&] {
      return simulation.partners[dice.Below(static_cast<int64_t>(simulation.partners.size()))];
    };
    const std::string partner = any_partner();
    simulation.customers.push_back(std::make_unique<Customer>(world,
                                                              SimulatedCustomer{.number = i,
                                                                                .partner = partner,
                                                                                .name = "",
                                                                                .account = "",
                                                                                .currency = currency,
                                                                                .region = region,
                                                                                .other_partner = any_partner()},
                                                              seed, from, until));
  }
  return absl::OkStatus();
}

absl::Status Play(Simulation& simulation, mysql::Connection& billing, Date from, Date until) {
  World& world = *simulation.world;
  for (Date day = from; day < until; day = world.today()) {
    RETURN_IF_ERROR(ActAll(simulation));
    const Date first_of_quarter(day.year(), (day.month() - 1) / 3 * 3 + 1, 1);
    if (day - first_of_quarter == kDaysAfterQuarter) {
      for (const std::string& partner : simulation.partners) RETURN_IF_ERROR(world.PayPartner(partner));
    }
    if (day.day() == kDayOfCorrections) {
      for (const std::string& partner : simulation.partners) {
        RETURN_IF_ERROR(world.CorrectFees(partner, AddMonths(day, -1)));
      }
    }
    RETURN_IF_ERROR(world.AdvanceTo(day + 1));
    // Invoices opened today by an act, and on the way to tomorrow.
    RETURN_IF_ERROR(TellOfInvoices(simulation, billing, day));
    if (day.day() == 1 && day.month() % 3 == 0) std::cerr << "simulate: " << FormatDate(day) << "\n";
  }
  return absl::OkStatus();
}

// Prints the newest errors that each service logged.
void TellErrors(const Suite& suite) {
  constexpr size_t kMost = 10;
  for (const Service service : kServices) {
    std::vector<std::string> errors;
    for (const absl::string_view line : absl::StrSplit(suite.Log(service), '\n')) {
      const bool is_error = absl::StrContains(line, "\"level\":\"error\"") ||
                            absl::StrContains(line, "\"code\":\"INTERNAL\"") ||
                            absl::StrContains(line, "\"code\":\"ABORTED\"");
      if (is_error) errors.emplace_back(line);
    }
    const size_t first = errors.size() > kMost ? errors.size() - kMost : 0;
    for (size_t i = first; i < errors.size(); ++i) std::cerr << NameOf(service) << ": " << errors[i] << "\n";
  }
}

absl::StatusOr<std::vector<std::string>> Check(const Schemas& schemas) {
  absl::StatusOr<std::vector<std::string>> broken = absl::UnknownError("not looked yet");
  RETURN_IF_ERROR(Eventually("every log is drained and stands still", [&] {
    const absl::StatusOr<bool> is_drained = IsDrained(schemas);
    if (!is_drained.ok() || !*is_drained) return false;
    broken = FindBrokenInvariants(schemas);
    return !absl::IsAborted(broken.status());
  }));
  return broken;
}

absl::StatusOr<int> Run() {
  const std::string directory = absl::GetFlag(FLAGS_directory);
  const Date from(2009, 6, 1);
  const Date until = AddMonths(from, 12 * absl::GetFlag(FLAGS_years));
  Simulation simulation;
  ASSIGN_OR_RETURN(simulation.suite, Suite::Start({.processor_timeout = kProcessorTimeout}));
  simulation.facts = std::make_unique<FactWriter>(directory + "/facts.jsonl");
  simulation.world = std::make_unique<World>(*simulation.suite, *simulation.facts, absl::GetFlag(FLAGS_seed));
  std::map<Service, std::unique_ptr<mysql::Connection>> sessions;
  for (const Service service : kServices) {
    ASSIGN_OR_RETURN(sessions[service], simulation.suite->Database(service));
  }
  const Schemas schemas = {sessions[Service::kPartner].get(), sessions[Service::kOrder].get(),
                           sessions[Service::kLink].get(), sessions[Service::kBilling].get(),
                           simulation.suite->processor_book()};
  RETURN_IF_ERROR(AddLegalEntities(*simulation.suite, Date(2009, 1, 1)));
  RETURN_IF_ERROR(Begin(simulation, absl::GetFlag(FLAGS_seed), absl::GetFlag(FLAGS_customers), from, until));
  if (const absl::Status played = Play(simulation, *schemas.billing, from, until); !played.ok()) {
    TellErrors(*simulation.suite);
    return played;
  }
  simulation.facts->Write(simulation.world->today(), "end", {});
  ASSIGN_OR_RETURN(std::vector<std::string> broken, Check(schemas));
  ASSIGN_OR_RETURN(const std::vector<std::string> unexplained,
                   FindUnexplained(*simulation.suite, simulation.told, simulation.world->today()));
  broken.insert(broken.end(), unexplained.begin(), unexplained.end());
  for (const std::string& sentence : broken) std::cout << "BROKEN: " << sentence << "\n";
  RETURN_IF_ERROR(DumpResults(schemas, directory + "/results.jsonl"));
  std::cout << simulation.facts->count() << " facts until " << FormatDate(simulation.world->today()) << ", "
            << broken.size() << " broken invariants\n";
  return broken.empty() ? 0 : 1;
}

}  // namespace
}  // namespace countersign::integration

int main(int argc, char** argv) {
  absl::ParseCommandLine(argc, argv);
  const absl::Time start = absl::Now();
  const absl::StatusOr<int> code = countersign::integration::Run();
  if (!code.ok()) std::cerr << "countersign-simulate: " << code.status() << "\n";
  std::cerr << "simulate: " << absl::FormatDuration(absl::Trunc(absl::Now() - start, absl::Seconds(1))) << "\n";
  return code.ok() ? *code : 2;
}
