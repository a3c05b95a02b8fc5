#include "integration-tests/simulate_customer.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "integration-tests/simulate_convert.h"
#include "integration-tests/simulate_facts.h"

namespace countersign::integration {
namespace {

constexpr int64_t kUnit = 1'000'000;
constexpr int kDaysToPay = 30;
constexpr const char* kDollarOffers[] = {"offers/bpos-standard-suite", "offers/exchange-online",
                                         "offers/sharepoint-online", "offers/office-live-meeting",
                                         "offers/deskless-worker-suite"};

// A refusal of the rules, which a simulation runs into now and then.
bool IsRefusal(const absl::Status& status) { return absl::IsFailedPrecondition(status) || absl::IsNotFound(status); }

// Half of it in whole units of the currency.
int64_t HalfOf(int64_t micros) { return std::max(micros / 2 / kUnit, int64_t{1}) * kUnit; }

}  // namespace

Customer::Customer(World& world, SimulatedCustomer who, uint64_t seed, Date from, Date until)
    : world_(world),
      who_(std::move(who)),
      dice_(seed, who_.number + 1),
      from_(from),
      until_(until),
      bounces_(dice_.Percent(30)),
      has_card_(dice_.Percent(25)) {
  const int64_t days = until_ - from_;
  Plan(from_ + dice_.Below(std::max<int64_t>(days / 3, 1)), [this] { return Buy(); });
  // A second order, in another third.
  if (dice_.Percent(25)) Plan(from_ + days / 3 + dice_.Below(std::max<int64_t>(days / 3, 1)), [this] { return Buy(); });
  for (Date day = from_ + 45; !bounces_ && day < until_; day += 60) {
    Plan(day + dice_.Below(20),
         [this] { return who_.account.empty() ? absl::OkStatus() : world_.RefundCredit(who_.account); });
  }
}

void Customer::Plan(Date day, Act act) {
  if (day < until_) plan_.emplace(day, std::move(act));
}

absl::Status Customer::ActOn(Date today) {
  const auto first = plan_.begin();
  if (first == plan_.end() || first->first > today) return absl::OkStatus();
  const Act act = std::move(first->second);
  plan_.erase(first);
  const absl::Status done = act();
  return IsRefusal(done) ? absl::OkStatus() : done;
}

absl::Status Customer::Buy() {
  if (who_.name.empty()) RETURN_IF_ERROR(world_.AddCustomer(who_));
  Bought bought;
  bought.what.offer =
      who_.currency == "USD" ? kDollarOffers[dice_.Below(std::size(kDollarOffers))] : "offers/sharepoint-online";
  bought.what.quantity = dice_.Percent(10) ? dice_.Between(200, 300) : dice_.Between(5, 60);
  bought.what.annual = dice_.Percent(15);
  bought.start = world_.today();
  ASSIGN_OR_RETURN(bought.order, world_.PlaceOrder(who_, bought.what));
  bought.buyer = who_;
  bought_.push_back(std::move(bought));
  Plan(world_.today() + 1, [this, index = bought_.size() - 1] { return Learn(index); });
  return absl::OkStatus();
}

absl::Status Customer::Learn(size_t index) {
  Bought& bought = bought_[index];
  const absl::StatusOr<std::string> subscription = world_.SubscriptionOf(who_, bought.order, bought.what);
  // Not a refusal: an order that was confirmed is activated by the next day.
  if (!subscription.ok()) return absl::InternalError(subscription.status().ToString());
  bought.subscription = *subscription;
  if (index == 0 && who_.number % 7 == 3) {
    Plan(world_.today() + 1, [this] { return world_.SetPaymentTerms(who_.account, who_.number % 2 == 0 ? 45 : 90); });
  }
  if (has_card_ && index == 0) Plan(world_.today() + 1, [this] { return UseToken(""); });
  PlanYears(index);
  return absl::OkStatus();
}

void Customer::PlanYears(size_t index) {
  using order::v1::Order;
  const Date start = bought_[index].start;
  for (int year = 0; AddMonths(start, 12 * year) < until_; ++year) {
    const Date term = AddMonths(start, 12 * year);
    const auto on = [&](int64_t low, int64_t high) { return term + dice_.Between(low, high); };
    if (dice_.Percent(50)) {
      Plan(on(9, 180), [=, this] { return Change(index, Order::KIND_CHANGE_SEATS, false); });
    }
    if (dice_.Percent(20)) {
      Plan(on(181, 350), [=, this] { return Change(index, Order::KIND_CHANGE_SEATS, false); });
    }
    if (dice_.Percent(25)) {
      Plan(on(200, 320), [=, this] { return Change(index, Order::KIND_CHANGE_SEATS, true); });
    }
    if (dice_.Percent(20)) {
      Plan(on(322, 360), [=, this] { return Change(index, Order::KIND_RENEW, true); });
    }
    if (year == 0 && dice_.Percent(8)) {
      Plan(on(20, 320), [=, this] { return ChangePartner(index); });
    }
    if (dice_.Percent(6)) {
      Plan(on(250, 355), [=, this] {
        bought_[index].ends = true;
        return world_.SwitchAutoRenewOff(bought_[index].subscription);
      });
    }
    if (dice_.Percent(10)) {
      const Date day = on(20, 290);
      Plan(day, [=, this] { return world_.Suspend(bought_[index].subscription); });
      Plan(day + dice_.Between(5, 50), [=, this] { return world_.Resume(bought_[index].subscription); });
    }
  }
}

absl::Status Customer::ChangePartner(size_t index) {
  Bought& bought = bought_[index];
  if (who_.other_partner == who_.partner) return absl::OkStatus();
  if (!at_other_partner_.has_value()) {
    SimulatedCustomer added = who_;
    added.partner = who_.other_partner;
    RETURN_IF_ERROR(world_.AddCustomer(added));
    at_other_partner_ = std::move(added);
  }
  SimulatedCustomer buyer = *at_other_partner_;
  SimulatedOrder change;
  change.kind = order::v1::Order::KIND_CHANGE_PARTNER;
  change.subscription = bought.subscription;
  ASSIGN_OR_RETURN(change.transfer_code, world_.MakeTransferCode(bought.subscription));
  RETURN_IF_ERROR(world_.PlaceOrder(buyer, change).status());
  bought.buyer = std::move(buyer);  // What it asks for before its first day is refused.
  return absl::OkStatus();
}

absl::Status Customer::Change(size_t index, order::v1::Order::Kind kind, bool at_renewal) {
  Bought& bought = bought_[index];
  if (bought.ends) return absl::OkStatus();  // A RENEW would bring it back.
  SimulatedOrder change;
  change.kind = kind;
  change.subscription = bought.subscription;
  change.at_renewal = at_renewal;
  change.quantity = at_renewal ? dice_.Between(5, 80) : dice_.Between(1, 25);
  return world_.PlaceOrder(bought.buyer, change).status();
}

void Customer::OnInvoice(const OpenedInvoice& invoice) {
  const Date today = world_.today();
  const int64_t kind = dice_.Below(100);
  if (kind < 2) {
    Plan(today + 2, [=, this] {
      const absl::Status voided = world_.Void(invoice.name);
      // Account credit paid a part of it.
      return voided.ok() ? voided : Pay(invoice, invoice.total_micros, "all", true);
    });
    return;
  }
  const auto on = [&](int64_t low, int64_t high) { return today + dice_.Between(low, high); };
  if (by_card_) {
    OnInvoiceByCard(invoice);
  } else if (kind < 8 && bounces_) {
    Plan(on(1, 15), [=, this] { return PayAndBounce(invoice); });
  } else if (kind < 14) {
    const int64_t half = HalfOf(invoice.total_micros);
    Plan(on(1, 10), [=, this] { return Pay(invoice, half, "first", true); });
    Plan(on(12, kDaysToPay), [=, this] { return Pay(invoice, invoice.total_micros - half, "second", true); });
  } else if (kind < 20) {
    const int64_t more = dice_.Between(200, 900) * kUnit;
    Plan(on(1, kDaysToPay), [=, this] { return Pay(invoice, invoice.total_micros + more, "more", false); });
  } else if (kind < 25) {
    Plan(on(1, 20), [=, this] { return PayAsUnknown(invoice); });
  } else {
    Plan(on(1, kDaysToPay + 3), [=, this] { return Pay(invoice, invoice.total_micros, "all", kind % 3 != 0); });
  }
  MaybeCredit(invoice, on(3, 60));
}

absl::Status Customer::Pay(const OpenedInvoice& invoice, int64_t micros, absl::string_view part, bool named) {
  if (micros < 1) return absl::OkStatus();
  const std::string reference = absl::StrCat(HexOf(invoice.name), "-", part);
  return world_.Receive(reference, micros, who_.currency, who_.account, named ? invoice.name : "").status();
}

absl::Status Customer::PayAsUnknown(const OpenedInvoice& invoice) {
  ASSIGN_OR_RETURN(const std::string receipt, world_.Receive(absl::StrCat(HexOf(invoice.name), "-unknown"),
                                                             invoice.total_micros, who_.currency, "", ""));
  Plan(world_.today() + dice_.Between(1, 6), [=, this] { return world_.Allocate(receipt, who_.account); });
  return absl::OkStatus();
}

absl::Status Customer::PayAndBounce(const OpenedInvoice& invoice) {
  ASSIGN_OR_RETURN(const std::string receipt,
                   world_.Receive(absl::StrCat(HexOf(invoice.name), "-bounces"), invoice.total_micros, who_.currency,
                                  who_.account, invoice.name));
  Plan(world_.today() + dice_.Between(2, 8), [=, this] { return world_.ReverseReceipt(receipt); });
  Plan(world_.today() + dice_.Between(10, 14), [=, this] { return Pay(invoice, invoice.total_micros, "again", true); });
  return absl::OkStatus();
}

void Customer::OnInvoiceByCard(const OpenedInvoice& invoice) {
  const Date due = world_.today() + kDaysToPay;
  const int64_t kind = dice_.Below(100);
  std::string token;
  if (kind < 8) token = "decline";
  if (kind >= 8 && kind < 12) token = "gone";
  if (kind >= 12 && kind < 16) token = "twice";
  if (kind >= 16 && kind < 20) token = "late";
  if (kind >= 20 && kind < 23 && !timed_out_) {
    timed_out_ = true;
    token = "timeout-after-charge";
  }
  if (!token.empty()) {
    Plan(due - 2, [=, this] { return UseToken(token); });
    Plan(due + 2, [this] { return UseToken(""); });
  }
  if (kind >= 23 && kind < 30) Plan(due + 1, [=, this] { return TakeBack(invoice); });
}

// "": another card that is good.
absl::Status Customer::UseToken(const std::string& token) {
  RETURN_IF_ERROR(world_.SetToken(who_.account, token.empty() ? absl::StrCat("card-", ++cards_) : token));
  by_card_ = true;
  return absl::OkStatus();
}

absl::Status Customer::TakeBack(const OpenedInvoice& invoice) {
  ASSIGN_OR_RETURN(const std::string charge, world_.ChargeBack(who_.account, invoice.name));
  const bool wins = dice_.Percent(50);
  Plan(world_.today() + 2, [=, this] {
    return wins ? world_.WinChargeback(charge, invoice.name) : Pay(invoice, invoice.total_micros, "again", true);
  });
  return absl::OkStatus();
}

void Customer::MaybeCredit(const OpenedInvoice& invoice, Date day) {
  if (!dice_.Percent(8)) return;
  const int64_t method = dice_.Below(4);
  Plan(day, [=, this] { return Credit(invoice, method); });
}

absl::Status Customer::Credit(const OpenedInvoice& invoice, int64_t method) {
  billing::v1::CreditNoteDraft draft;
  draft.set_invoice(invoice.name);
  draft.set_reason("agreed with the customer");
  if (method == 0) {
    draft.set_whole(true);
  } else if (method == 1) {
    draft.mutable_amount()->set_currency_code(who_.currency);
    draft.mutable_amount()->set_units(std::max<int64_t>(invoice.total_micros / kUnit / 3, 1));
  } else {
    ASSIGN_OR_RETURN(const Date start, ParseDate(invoice.first_line_start));
    ASSIGN_OR_RETURN(const Date end, ParseDate(invoice.first_line_end));
    const Date from = start + dice_.Below(end - start);
    billing::v1::CreditNoteDraft::Line& line = *draft.add_lines();
    line.set_line(0);
    *line.mutable_service_start_date() = ProtoOf(from);
    *line.mutable_service_end_date() = ProtoOf(end);
  }
  return world_.CreditNote(who_.account, draft);
}

}  // namespace countersign::integration
