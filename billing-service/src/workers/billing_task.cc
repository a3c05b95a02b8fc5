#include "billing-service/src/workers/billing_task.h"

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "billing-service/src/api/billing_account_messages.h"
#include "billing-service/src/api/billing_run_messages.h"
#include "billing-service/src/api/invoice_messages.h"
#include "billing-service/src/api/subscription_messages.h"
#include "billing-service/src/domain/account_billing.h"
#include "billing-service/src/domain/billing_run.h"
#include "billing-service/src/domain/parked_activation.h"
#include "billing-service/src/domain/renewal.h"
#include "common/base/error.h"
#include "common/base/log.h"
#include "common/base/status_macros.h"
#include "common/rpc/call.h"
#include "common/rpc/convert.h"

namespace countersign::billing {
namespace {

constexpr int kAccountsPerBatch = 256;
// As many accounts as one statement reads (Gatherer::kMaxKeys): with 8 an invoice cost 3.3 statements, with 32 it costs
// 1.9.
constexpr int kBillingThreads = 32;
constexpr size_t kMaxSubscriptionsPerStep = 20;
constexpr int kMaxStepsPerAccount = 100;
// A turn ends in time for the lease to be kept by another, and for the counts to be written.
constexpr absl::Duration kReserve = absl::Seconds(10);

// True when the subscription is another after billing.
bool Differs(const Subscription& before, const Subscription& after) {
  if (before.state != after.state || before.committed_months != after.committed_months ||
      before.renewal.source != after.renewal.source || !(before.renewal.unit_price == after.renewal.unit_price) ||
      before.tranches.size() != after.tranches.size()) {
    return true;
  }
  return !std::equal(before.tranches.begin(), before.tranches.end(), after.tranches.begin(),
                     [](const Tranche& a, const Tranche& b) { return a.billed_until == b.billed_until; });
}

// The event that tells most of what happened: there is one per version.
absl::string_view EventTypeOf(const Subscription& before, const Subscription& after) {
  if (before.state != after.state && after.state == SubscriptionState::kExpired) return "SUBSCRIPTION_EXPIRED";
  if (before.committed_months != after.committed_months) return "SUBSCRIPTION_RENEWED";
  if (before.state != after.state) return "SUBSCRIPTION_STARTED";
  if (before.renewal.source != after.renewal.source && after.renewal.source == RenewalSource::kParked) {
    return "SUBSCRIPTION_RENEWAL_PARKED";
  }
  if (!(before.renewal.unit_price == after.renewal.unit_price)) return "SUBSCRIPTION_RENEWAL_ANNOUNCED";
  return "SUBSCRIPTION_BILLED";
}

rpc::WorkerAct Act(absl::Time now) { return {.service = "billing-service", .now = now}; }

events::Event AccountEvent(const rpc::WorkerAct& act, const BillingAccount& account, absl::string_view type) {
  return rpc::WorkerEvent(act, {.tenant = account.id,
                                .aggregate = account.id,
                                .version = account.version,
                                .type = type,
                                .payload = EventOf(account),
                                .resource = ToProto(account)});
}

events::Event SubscriptionEvent(const rpc::WorkerAct& act, const Subscription& subscription, absl::string_view type) {
  return rpc::WorkerEvent(act, {.tenant = subscription.account,
                                .aggregate = subscription.id,
                                .version = subscription.version,
                                .type = type,
                                .payload = EventOf(subscription),
                                .resource = ToProto(subscription)});
}

events::Event OpenedEvent(const rpc::WorkerAct& act, const Invoice& invoice) {
  return rpc::WorkerEvent(act, {.tenant = invoice.account,
                                .aggregate = invoice.id,
                                .version = invoice.version,
                                .type = "INVOICE_OPENED",
                                .payload = EventOf(invoice),
                                .resource = ToProto(invoice)});
}

// Leaves only what changed, each at its next version; gives the change's events.
std::vector<events::Event> KeepChanged(AccountBilling& billing, const std::vector<Subscription>& before,
                                       absl::Time now) {
  const rpc::WorkerAct act = Act(now);
  std::vector<events::Event> events = {AccountEvent(act, billing.account, "ACCOUNT_BILLED")};
  std::vector<Subscription> changed;
  for (size_t i = 0; i < before.size(); ++i) {
    Subscription& after = billing.subscriptions[i];
    if (!Differs(before[i], after)) continue;
    ++after.version;
    after.update_time = now;
    events.push_back(SubscriptionEvent(act, after, EventTypeOf(before[i], after)));
    changed.push_back(std::move(after));
  }
  billing.subscriptions = std::move(changed);
  for (const Invoice& invoice : billing.invoices) events.push_back(OpenedEvent(act, invoice));
  return events;
}

}  // namespace

events::BucketTask BillingTask::task() const {
  return {
      .name = "billing",
      .interval = absl::Seconds(5),
      .run = [this](int bucket, absl::Time deadline) { return RunBucket(bucket, deadline); },
      .due = [this](absl::Time deadline) { return needs_.runs.ListDueBuckets(deadline, DateOf(needs_.clock.Now())); },
      .runs_only_when_due = true};
}

absl::Status BillingTask::RunBucket(int bucket, absl::Time deadline) const {
  const Date today = DateOf(needs_.clock.Now());
  ASSIGN_OR_RETURN(std::vector<BillingRunShare> shares, needs_.runs.ListOpenShares(deadline, bucket));
  BillingCounts counts;
  absl::Status first_error;
  bool done = false;
  Uuid after;
  while (!done && absl::Now() < deadline - kReserve) {
    ASSIGN_OR_RETURN(const std::vector<Uuid> accounts,
                     needs_.runs.ListDueAccounts(deadline, bucket, today, after, kAccountsPerBatch));
    counts += BillBatch(accounts, today, deadline, first_error);
    done = accounts.size() < kAccountsPerBatch;
    if (!accounts.empty()) after = accounts.back();
  }
  if (!shares.empty()) RETURN_IF_ERROR(Count(std::move(shares), counts, done, deadline));
  return first_error;
}

BillingCounts BillingTask::BillBatch(absl::Span<const Uuid> accounts, Date date, absl::Time deadline,
                                     absl::Status& first_error) const {
  BillingCounts counts;
  absl::Mutex mutex;
  std::atomic<size_t> next = 0;
  const auto bill = [&] {
    for (size_t i = next++; i < accounts.size() && absl::Now() < deadline - kReserve; i = next++) {
      const absl::StatusOr<BillingCounts> billed = BillOne(accounts[i], date, deadline);
      if (!billed.ok()) {
        Log(Level::kWarning, "account not billed",
            {{"account", accounts[i].ToString()}, {"error", billed.status().ToString()}});
        absl::MutexLock lock(&mutex);
        first_error.Update(billed.status());
        continue;
      }
      absl::MutexLock lock(&mutex);
      counts += *billed;
    }
  };
  if (accounts.size() <= 1) {
    bill();
    return counts;
  }
  std::vector<std::thread> threads;
  threads.reserve(kBillingThreads);
  for (int i = 0; i < kBillingThreads; ++i) threads.emplace_back(bill);
  for (std::thread& thread : threads) thread.join();
  return counts;
}

absl::StatusOr<BillingCounts> BillingTask::BillOne(const Uuid& account, Date date, absl::Time deadline) const {
  BillingCounts counts;
  for (int step = 0; step < kMaxStepsPerAccount; ++step) {
    Step billed;
    const absl::Status status = events::RunUntilNotLost(deadline, [&]() -> absl::Status {
      ASSIGN_OR_RETURN(billed, BillStep(account, date, deadline));
      return absl::OkStatus();
    });
    if (IsPermanentRefusal(status) || absl::IsDataLoss(status)) {
      RETURN_IF_ERROR(Park(account, status, deadline));
      counts.parked = 1;
      return counts;
    }
    RETURN_IF_ERROR(status);
    if (billed.counts.empty()) break;
    billed.counts.accounts = counts.accounts == 0 ? 1 : 0;
    counts += billed.counts;
    if (billed.done) break;
  }
  return counts;
}

absl::StatusOr<BillingTask::Step> BillingTask::BillStep(const Uuid& account_id, Date date, absl::Time deadline) const {
  // The account is read before its subscriptions: whatever changes in between makes the commit lose.
  ASSIGN_OR_RETURN(BillingAccount account, needs_.accounts.Get(deadline, account_id));
  if (account.state == BillingAccountState::kParked) return Step();
  ASSIGN_OR_RETURN(std::vector<Subscription> due, needs_.subscriptions.ListDue(deadline, account_id, date));
  Step step = {.counts = {}, .done = due.size() <= kMaxSubscriptionsPerStep};
  if (!step.done) due.erase(due.begin() + kMaxSubscriptionsPerStep, due.end());
  if (due.empty()) return Step();
  std::vector<Subscription> before = due;
  ChoosePrices(account, before, due, date, deadline);

  const absl::Time now = needs_.clock.Now();
  ASSIGN_OR_RETURN(AccountBilling billing, BillAccount(std::move(account), std::move(due), date, now));
  for (const Subscription& subscription : billing.subscriptions) {
    const std::optional<Date> next = NextBillDate(subscription);
    step.done = step.done && (!next.has_value() || *next > date);
  }
  std::vector<events::Event> events = KeepChanged(billing, before, now);
  if (billing.subscriptions.empty()) return Step();
  ASSIGN_OR_RETURN(std::vector<mysql::RowWrite> rows, BillingRunStore::Rows(billing));
  RETURN_IF_ERROR(
      needs_.committer.Commit(deadline, {.events = std::move(events), .reply = std::nullopt, .rows = std::move(rows)}));
  step.counts.accounts = 1;
  step.counts.subscriptions = static_cast<int64_t>(billing.subscriptions.size());
  step.counts.invoices = static_cast<int64_t>(billing.invoices.size());
  return step;
}

void BillingTask::ChoosePrices(const BillingAccount& account, std::vector<Subscription>& before,
                               std::vector<Subscription>& due, Date date, absl::Time deadline) const {
  for (size_t i = 0; i < due.size();) {
    Subscription& subscription = due[i];
    const absl::Status chosen = NeedsRenewalPrice(subscription, date)
                                    ? ChoosePrice(account.currency, subscription, deadline)
                                    : absl::OkStatus();
    if (chosen.ok() || date < CurrentTerm(subscription).end) {
      ++i;  // Without a price it is asked for again with the next turn.
      continue;
    }
    // On the renewal day a lower price may win: the renewal waits for the answer, the account's other lines do not.
    before.erase(before.begin() + static_cast<std::ptrdiff_t>(i));
    due.erase(due.begin() + static_cast<std::ptrdiff_t>(i));
  }
}

absl::Status BillingTask::ChoosePrice(absl::string_view currency, Subscription& subscription,
                                      absl::Time deadline) const {
  order::v1::ResolvePriceRequest request;
  request.set_offer(subscription.offer);
  request.set_currency_code(std::string(currency));
  request.set_quantity(RenewalQuantity(subscription));
  *request.mutable_date() = rpc::ToProto(CurrentTerm(subscription).end);
  request.set_renewal(true);
  const absl::StatusOr<order::v1::ResolvePriceResponse> price =
      needs_.orders.ResolvePrice(rpc::WorkerOutgoing("billing-service", deadline), request);
  if (IsPermanentRefusal(price.status())) {
    // There is no price. One that was chosen before holds.
    if (subscription.renewal.source == RenewalSource::kNone) ParkRenewal(subscription);
    return absl::OkStatus();
  }
  RETURN_IF_ERROR(price.status());
  const google::type::Money& found = price->unit_price();
  ASSIGN_OR_RETURN(const Money unit_price,
                   Money::FromUnitsAndNanos(found.units(), found.nanos(), found.currency_code()));
  ChooseRenewalPrice(subscription, unit_price,
                     {.price = price->price().name(), .tier_min_quantity = price->tier().minimum_quantity()});
  return absl::OkStatus();
}

absl::Status BillingTask::Park(const Uuid& account_id, const absl::Status& fault, absl::Time deadline) const {
  return events::RunUntilNotLost(deadline, [&]() -> absl::Status {
    ASSIGN_OR_RETURN(BillingAccount account, needs_.accounts.Get(deadline, account_id));
    if (account.state == BillingAccountState::kParked) return absl::OkStatus();
    const absl::Time now = needs_.clock.Now();
    account = ParkAccount(std::move(account), fault, now);
    Log(Level::kError, "billing account parked",
        {{"account", account_id.ToString()}, {"reason", account.park_reason}, {"message", account.park_message}});
    return needs_.committer.Commit(deadline, {.events = {AccountEvent(Act(now), account, "ACCOUNT_PARKED")},
                                              .reply = std::nullopt,
                                              .rows = {BillingAccountStore::Row(account)}});
  });
}

absl::Status BillingTask::Count(std::vector<BillingRunShare> shares, const BillingCounts& counts, bool done,
                                absl::Time deadline) const {
  const absl::Time now = needs_.clock.Now();
  for (BillingRunShare& share : shares) {
    if (counts.empty() && !done) continue;
    share.counts += counts;
    if (done) share.state = BillingRunState::kDone;
    ++share.version;
    share.update_time = now;
    const v1::BillingRunEvent payload = EventOf(share);
    const events::Event event =
        rpc::WorkerEvent(Act(now), {.tenant = share.run,
                                    .aggregate = BillingRunShareId(share.run, share.bucket),
                                    .version = share.version,
                                    .type = done ? "BILLING_RUN_SHARE_DONE" : "BILLING_RUN_SHARE_PROGRESSED",
                                    .payload = payload,
                                    .resource = payload});
    const absl::Status counted = needs_.committer.Commit(
        deadline, {.events = {event}, .reply = std::nullopt, .rows = {BillingRunStore::Row(share)}});
    // A replica that held the bucket before has counted its own part meanwhile: the next turn counts on.
    if (!IsLostRace(counted)) RETURN_IF_ERROR(counted);
  }
  return absl::OkStatus();
}

}  // namespace countersign::billing
