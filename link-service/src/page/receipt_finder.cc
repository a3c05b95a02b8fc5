#include "link-service/src/page/receipt_finder.h"

#include <algorithm>
#include <utility>

#include "absl/time/clock.h"
#include "common/base/error.h"
#include "common/base/log.h"
#include "common/base/status_macros.h"
#include "common/base/uuid.h"
#include "common/rpc/names.h"
#include "link-service/src/api/access_link_change.h"
#include "link-service/src/api/names.h"
#include "link-service/src/domain/access_link.h"

namespace countersign::link {
namespace {

using order::v1::Order;

constexpr absl::Duration kFindTimeout = absl::Seconds(10);

rpc::Outgoing FinderOutgoing(const std::string& trace_id) {
  return {.caller = "services/link-service",
          .on_behalf_of = {},
          .trace_id = trace_id,
          .deadline = absl::Now() + kFindTimeout};
}

bool IsConfirmed(const Order& order) {
  return order.state() == Order::STATE_CONFIRMED || order.state() == Order::STATE_COMPLETED;
}

}  // namespace

bool ReceiptFinder::Find(Sought sought) {
  const absl::MutexLock lock(&mutex_);
  if (waiting_.size() >= kMaxWaiting) return false;
  waiting_.push_back(std::move(sought));
  return true;
}

void ReceiptFinder::WorkOff() {
  for (;;) {
    Sought next;
    {
      const absl::MutexLock lock(&mutex_);
      if (waiting_.empty()) return;
      next = std::move(waiting_.front());
      waiting_.pop_front();
    }
    const absl::Status done = Work(next);
    if (done.ok()) continue;
    Log(Level::kWarning, "receipt not looked for",
        {{"trace_id", next.trace_id}, {"code", absl::StatusCodeToString(done.code())}});
  }
}

absl::Status ReceiptFinder::Work(const Sought& sought) {
  ASSIGN_OR_RETURN(std::vector<Order> orders, OrdersOf(FinderOutgoing(sought.trace_id), sought));
  std::erase_if(orders, [](const Order& order) { return !IsConfirmed(order); });
  std::sort(orders.begin(), orders.end(), [](const Order& a, const Order& b) {
    return std::pair(b.create_time().seconds(), b.create_time().nanos()) <
           std::pair(a.create_time().seconds(), a.create_time().nanos());
  });
  if (orders.size() > kMaxReceipts) orders.resize(kMaxReceipts);
  absl::Status first;
  for (const Order& order : orders) first.Update(Ask(sought, order));
  return first;
}

absl::StatusOr<std::vector<Order>> ReceiptFinder::OrdersOf(const rpc::Outgoing& outgoing, const Sought& sought) {
  const SoughtNumber number = NumberOf(sought.number);
  if (number.kind == SoughtNumber::Kind::kAccount) {
    billing::v1::SearchBillingAccountsRequest search;
    search.set_account_number(number.number);
    ASSIGN_OR_RETURN(const billing::v1::SearchBillingAccountsResponse found,
                     parts_.billing.SearchBillingAccounts(outgoing, search));
    if (found.billing_accounts().empty()) return std::vector<Order>();
    const billing::v1::BillingAccount& account = found.billing_accounts(0);
    if (!IsSameAddress(sought.email, account.billing_email())) return std::vector<Order>();
    return Search(outgoing, account.name());
  }
  ASSIGN_OR_RETURN(std::vector<Order> orders, Search(outgoing, number.number));
  std::erase_if(orders, [&](const Order& order) { return order.order_number() != number.number; });
  if (orders.empty() || orders[0].billing_account().empty()) return std::vector<Order>();
  billing::v1::GetBillingAccountRequest get;
  get.set_name(orders[0].billing_account());
  const absl::StatusOr<billing::v1::BillingAccount> account = parts_.billing.GetBillingAccount(outgoing, get);
  if (absl::IsNotFound(account.status())) return std::vector<Order>();
  RETURN_IF_ERROR(account.status());
  if (!IsSameAddress(sought.email, account->billing_email())) return std::vector<Order>();
  return orders;
}

absl::StatusOr<std::vector<Order>> ReceiptFinder::Search(const rpc::Outgoing& outgoing, const std::string& query) {
  order::v1::SearchOrdersRequest search;
  search.set_parent(std::string(kAllPartners));
  search.set_query(query);
  ASSIGN_OR_RETURN(const order::v1::SearchOrdersResponse found, parts_.orders.SearchOrders(outgoing, search));
  return std::vector<Order>(found.orders().begin(), found.orders().end());
}

absl::Status ReceiptFinder::Ask(const Sought& sought, const Order& order) {
  const absl::Time deadline = absl::Now() + kFindTimeout;
  ASSIGN_OR_RETURN(const std::vector<Uuid> ids, rpc::ParseName(kLinkName, order.link()));
  ASSIGN_OR_RETURN(const Link link, parts_.links.Get(deadline, ids.front()));
  if (IsErased(link)) return absl::OkStatus();
  const rpc::Call call({.caller = {.role = rpc::Role::kService, .name = "services/link-service", .partner = {}},
                        .on_behalf_of = order.link(),
                        .service = "link-service",
                        .method = "page/FIND",
                        .trace_id = sought.trace_id,
                        .tenant = link.link_id,
                        .deadline = deadline,
                        .now = parts_.clock.Now()});
  const absl::StatusOr<events::Change> asked =
      AskForAccessLink(call, parts_.access_links, link, AccessLinkAsker::kCustomer);
  // Too often, or order-service's decision has not come here yet.
  if (absl::IsFailedPrecondition(asked.status())) return absl::OkStatus();
  RETURN_IF_ERROR(asked.status());
  const absl::Status committed = parts_.committer.Commit(deadline, *asked);
  return IsLostRace(committed) ? absl::OkStatus() : committed;  // Lost: another asked in the same moment.
}

void ReceiptFinder::Start() {
  thread_ = std::thread([this] { Run(); });
}

void ReceiptFinder::Stop() {
  {
    const absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  if (thread_.joinable()) thread_.join();
}

void ReceiptFinder::Run() {
  for (;;) {
    {
      absl::MutexLock lock(&mutex_);
      const auto has_work = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return stopping_ || !waiting_.empty(); };
      mutex_.Await(absl::Condition(&has_work));
      if (stopping_) return;
    }
    WorkOff();
  }
}

}  // namespace countersign::link
