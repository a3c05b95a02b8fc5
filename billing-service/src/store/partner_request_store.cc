#include "billing-service/src/store/partner_request_store.h"

#include <string>
#include <utility>

#include "billing-service/src/domain/names.h"
#include "billing-service/src/store/tenant_list.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/mysql/read.h"

namespace countersign::billing {
namespace {

constexpr mysql::Table kPartnerRequests = {
    .name = "partner_requests",
    .key = "account_id, partner_request_id",
    .fixed =
        "subscription_id, number, partner_id, partner_display_name, old_partner_id, offer_title, quantity, "
        "create_time, expire_time",
    .changing = "state, end_time, effective_date, version"};

PartnerRequest PartnerRequestOf(mysql::RowReader& row) {
  return {.account = row.Id(),
          .id = row.Id(),
          .subscription = row.Id(),
          .number = row.Int(),
          .partner = row.Id(),
          .partner_display_name = row.Text(),
          .old_partner = row.OptionalId(),
          .offer_title = row.Text(),
          .quantity = row.Int(),
          .create_time = row.Time(),
          .expire_time = row.Time(),
          .state = row.Enumerated(kPartnerRequestStates),
          .end_time = row.OptionalTime(),
          .effective = row.OptionalDay(),
          .version = row.Int()};
}

}  // namespace

std::vector<mysql::FilterField> PartnerRequestFilterFields() {
  using enum mysql::FilterType;
  return {{"state", "state", kEnum, {"WAITING", "ACCEPTED", "DECLINED", "WITHDRAWN"}},
          {"subscription", "subscription_id", kName, {kSubscriptionName}},
          {"create_time", "create_time", kTime},
          {"expire_time", "expire_time", kTime}};
}

std::vector<mysql::FilterField> ReceivedPartnerRequestFilterFields() {
  using enum mysql::FilterType;
  return {{"create_time", "create_time", kTime}, {"expire_time", "expire_time", kTime}};
}

absl::StatusOr<PartnerRequest> PartnerRequestStore::Get(absl::Time deadline, const Uuid& account,
                                                        const Uuid& request) const {
  ASSIGN_OR_RETURN(
      std::optional<PartnerRequest> found,
      mysql::FindOne<PartnerRequest>(database_, deadline, kPartnerRequests, {account, request}, PartnerRequestOf));
  if (found.has_value()) return *std::move(found);
  return PartnerRequestNotFound();
}

absl::StatusOr<std::optional<PartnerRequest>> PartnerRequestStore::FindNewest(absl::Time deadline, const Uuid& account,
                                                                              const Uuid& subscription) const {
  static const std::string kNewest =
      mysql::SelectFrom(kPartnerRequests, "WHERE account_id = ? AND subscription_id = ? ORDER BY number DESC LIMIT 1");
  return mysql::FindBy<PartnerRequest>(database_, deadline, kNewest, {account, subscription}, PartnerRequestOf);
}

absl::StatusOr<mysql::Page<PartnerRequest>> PartnerRequestStore::List(absl::Time deadline,
                                                                      const std::optional<Uuid>& account,
                                                                      const mysql::PageQuery& query) const {
  return ListOfAccounts<PartnerRequest>(database_, deadline, kPartnerRequests, "partner_request_id", account, query,
                                        PartnerRequestOf);
}

absl::StatusOr<mysql::Page<PartnerRequest>> PartnerRequestStore::ListWaiting(absl::Time deadline, const Uuid& partner,
                                                                             absl::Time now,
                                                                             const mysql::PageQuery& query) const {
  // It asks every shard: the partner that was asked knows no account.
  return mysql::ListByTime<PartnerRequest>(
      database_, deadline,
      {.table = kPartnerRequests,
       .parent = "partner_id = ? AND state = ? AND expire_time > ?",
       .id = "partner_request_id"},
      {partner, NameOf(PartnerRequestState::kWaiting), now}, query, PartnerRequestOf,
      [](const PartnerRequest& request) { return mysql::TimePosition{request.create_time, request.id}; });
}

mysql::RowWrite PartnerRequestStore::Row(const PartnerRequest& request) {
  return mysql::Put(kPartnerRequests, {request.account, request.id, request.subscription, request.number,
                                       request.partner, request.partner_display_name, request.old_partner,
                                       request.offer_title, request.quantity, request.create_time, request.expire_time,
                                       NameOf(request.state), request.end_time, request.effective, request.version});
}

absl::Status PartnerRequestNotFound() {
  return NotFound("PARTNER_REQUEST_NOT_FOUND", "There is no such request. List those that wait for the partner.");
}

}  // namespace countersign::billing
