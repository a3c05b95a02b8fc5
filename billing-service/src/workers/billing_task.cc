#include "billing-service/src/workers/billing_task.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"
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

// An index finds what is due in a bucket, but not in the order of the accounts: the fewer pages, the less is sorted.
constexpr int kDueAccountsPerPage = 4096;
// Read by one statement and committed by one transaction, which holds 500 rows: an account with one line has 12.
constexpr size_t kAccountsPerGroup = 32;
constexpr int kAskers = 15;
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

// Leaves only what changed, each at its next version, and what that was before; gives the change's events.
std::vector<events::Event> KeepChanged(AccountBilling& billing, std::vector<Subscription>& before, absl::Time now) {
  const rpc::WorkerAct act = Act(now);
  std::vector<events::Event> events = {AccountEvent(act, billing.account, "ACCOUNT_BILLED")};
  std::vector<Subscription> changed;
  std::vector<Subscription> changed_before;
  for (size_t i = 0; i < before.size(); ++i) {
    Subscription& after = billing.subscriptions[i];
    if (!Differs(before[i], after)) continue;
    ++after.version;
    after.update_time = now;
    events.push_back(SubscriptionEvent(act, after, EventTypeOf(before[i], after)));
    changed.push_back(std::move(after));
    changed_before.push_back(std::move(before[i]));
  }
  billing.subscriptions = std::move(changed);
  before = std::move(changed_before);
  for (const Invoice& invoice : billing.invoices) events.push_back(OpenedEvent(act, invoice));
  return events;
}

}  // namespace

BillingTask::BillingTask(const Needs& needs) : needs_(needs), askers_(kAskers) {}

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
  Tally tally;
  bool done = false;
  Uuid after;
  while (!done && absl::Now() < deadline - kReserve) {
    ASSIGN_OR_RETURN(const std::vector<Uuid> page,
                     needs_.runs.ListDueAccounts(deadline, bucket, today, after, kDueAccountsPerPage));
    absl::Span<const Uuid> rest = page;
    while (!rest.empty() && absl::Now() < deadline - kReserve) {
      const absl::Span<const Uuid> group = rest.first(std::min(rest.size(), kAccountsPerGroup));
      BillGroup(group, today, deadline, tally);
      rest.remove_prefix(group.size());
    }
    done = rest.empty() && page.size() < kDueAccountsPerPage;
    if (!page.empty()) after = page.back();
  }
  if (!shares.empty()) RETURN_IF_ERROR(Count(std::move(shares), tally.counts, done, deadline));
  return tally.first_error;
}

void BillingTask::BillGroup(absl::Span<const Uuid> accounts, Date date, absl::Time deadline, Tally& tally) const {
  std::vector<InHand> in_hand;
  for (const Uuid& account : accounts) in_hand.push_back({.account = account});
  for (int step = 0; step < kMaxStepsPerAccount && !in_hand.empty(); ++step) {
    std::vector<Uuid> ids;
    for (const InHand& account : in_hand) ids.push_back(account.account);
    absl::StatusOr<std::vector<Step>> steps = DecideGroup(ids, date, deadline);
    if (!steps.ok()) {
      for (const InHand& account : in_hand) Fail(account, steps.status(), tally);
      return;
    }
    CommitGroup(*steps, deadline);
    std::vector<InHand> left;
    for (size_t i = 0; i < in_hand.size(); ++i) {
      if (GoesOn(in_hand[i], (*steps)[i], deadline, tally)) left.push_back(in_hand[i]);
    }
    in_hand = std::move(left);
  }
}

void BillingTask::CommitGroup(std::vector<Step>& steps, absl::Time deadline) const {
  std::vector<events::Change> changes;
  std::vector<Step*> committing;
  for (Step& step : steps) {
    if (step.change.events.empty()) continue;
    changes.push_back(std::move(step.change));
    committing.push_back(&step);
  }
  const std::vector<absl::Status> answers = needs_.committer.CommitAll(deadline, changes);
  for (size_t i = 0; i < answers.size(); ++i) committing[i]->status = answers[i];
}

absl::StatusOr<std::vector<BillingTask::Step>> BillingTask::DecideGroup(const std::vector<Uuid>& ids, Date date,
                                                                        absl::Time deadline) const {
  // The accounts are read before their subscriptions: whatever changes in between makes the commit lose.
  ASSIGN_OR_RETURN(auto accounts, needs_.accounts.GetEach(deadline, ids));
  ASSIGN_OR_RETURN(auto due, needs_.subscriptions.ListDueOfEach(deadline, ids, date));
  std::vector<Step> steps(ids.size());
  const auto decide = [&](size_t i) {
    steps[i].status = accounts[i].status();
    steps[i].status.Update(due[i].status());
    if (!steps[i].status.ok()) return;
    absl::StatusOr<Step> decided = Decide(*std::move(accounts[i]), *std::move(due[i]), date, deadline);
    if (decided.ok()) {
      steps[i] = *std::move(decided);
    } else {
      steps[i].status = decided.status();
    }
  };
  const bool asks = std::any_of(due.begin(), due.end(), [&](const auto& of_account) {
    return of_account.ok() &&
           std::any_of(of_account->begin(), of_account->end(),
                       [&](const Subscription& subscription) { return NeedsRenewalPrice(subscription, date); });
  });
  if (asks) {
    askers_.Run(ids.size(), decide);
  } else {
    for (size_t i = 0; i < ids.size(); ++i) decide(i);
  }
  return steps;
}

absl::StatusOr<BillingTask::Step> BillingTask::Decide(const BillingAccount& account, std::vector<Subscription> due,
                                                      Date date, absl::Time deadline) const {
  Step step;
  if (account.state == BillingAccountState::kParked || due.empty()) return step;
  step.done = due.size() <= kMaxSubscriptionsPerStep;
  if (!step.done) due.erase(due.begin() + kMaxSubscriptionsPerStep, due.end());
  std::vector<Subscription> before = due;
  ChoosePrices(account, before, due, date, deadline);

  // Less and less of it, until one change can hold it. What is left is the next step's.
  bool all = step.done;
  size_t max_lines = kMaxLinesPerBill;
  ASSIGN_OR_RETURN(step, Bill(account, before, due, date, max_lines));
  while (step.change.rows.size() > events::kMaxRowsOfChange && (due.size() > 1 || max_lines > 1)) {
    if (due.size() > 1) {
      due.resize(due.size() / 2);
      before.resize(due.size());
      all = false;
    } else {
      max_lines /= 2;
    }
    ASSIGN_OR_RETURN(step, Bill(account, before, due, date, max_lines));
  }
  if (!step.change.events.empty()) step.done = step.done && all;
  return step;
}

absl::StatusOr<BillingTask::Step> BillingTask::Bill(BillingAccount account, const std::vector<Subscription>& before,
                                                    std::vector<Subscription> due, Date date, size_t max_lines) const {
  Step step;
  const absl::Time now = needs_.clock.Now();
  ASSIGN_OR_RETURN(AccountBilling billing,
                   BillAccount(std::move(account), std::move(due), date, now, /*order=*/std::nullopt, max_lines));
  for (const Subscription& subscription : billing.subscriptions) {
    const std::optional<Date> next = NextBillDate(subscription);
    step.done = step.done && (!next.has_value() || *next > date);
  }
  std::vector<Subscription> changed = before;
  std::vector<events::Event> events = KeepChanged(billing, changed, now);
  if (billing.subscriptions.empty()) return Step();
  ASSIGN_OR_RETURN(std::vector<mysql::RowWrite> rows, BillingRunStore::Rows(billing, changed));
  step.change = {.events = std::move(events), .reply = std::nullopt, .rows = std::move(rows)};
  step.counts.subscriptions = static_cast<int64_t>(billing.subscriptions.size());
  step.counts.invoices = static_cast<int64_t>(billing.invoices.size());
  return step;
}

bool BillingTask::GoesOn(InHand& account, const Step& step, absl::Time deadline, Tally& tally) const {
  const absl::Status& status = step.status;
  if (status.ok()) {
    if (step.counts.subscriptions == 0) return false;
    tally.counts += step.counts;
    if (!std::exchange(account.billed, true)) ++tally.counts.accounts;
    account.lost = 0;
    return !step.done;
  }
  if (IsLostRace(status) && ++account.lost < events::kMaxAttempts) return true;
  if (IsPermanentRefusal(status) || absl::IsDataLoss(status)) {
    const absl::Status parked = Park(account.account, status, deadline);
    if (parked.ok()) {
      ++tally.counts.parked;
    } else {
      Fail(account, parked, tally);
    }
  } else {
    Fail(account, status, tally);
  }
  return false;
}

void BillingTask::Fail(const InHand& account, const absl::Status& status, Tally& tally) const {
  Log(Level::kWarning, "account not billed", {{"account", account.account.ToString()}, {"error", status.ToString()}});
  tally.first_error.Update(status);
}

void BillingTask::ChoosePrices(const BillingAccount& account, std::vector<Subscription>& before,
                               std::vector<Subscription>& due, Date date, absl::Time deadline) const {
  for (size_t i = 0; i < due.size();) {
    Subscription& subscription = due[i];
    const absl::Status chosen = NeedsRenewalPrice(subscription, date)
                                    ? ChoosePrice(account.currency, subscription, date, deadline)
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

absl::Status BillingTask::ChoosePrice(absl::string_view currency, Subscription& subscription, Date date,
                                      absl::Time deadline) const {
  order::v1::ResolvePriceRequest request;
  request.set_offer(subscription.offer);
  request.set_currency_code(std::string(currency));
  request.set_quantity(RenewalQuantity(subscription));
  *request.mutable_date() = rpc::ToProto(PriceDateOfRenewal(subscription, date));
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
  if (unit_price.micros() < 1) {
    // The catalogue once took such prices. A service that costs nothing cannot be billed.
    if (subscription.renewal.source == RenewalSource::kNone) ParkRenewal(subscription);
    return absl::OkStatus();
  }
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
