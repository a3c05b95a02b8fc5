#include "billing-service/src/store/fee_hold_store.h"

#include <utility>
#include <vector>

#include "billing-service/src/domain/names.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/mysql/read.h"

namespace countersign::billing {
namespace {

constexpr mysql::Table kFeeHolds = {.name = "fee_holds",
                                    .key = "partner_id, hold_id",
                                    .fixed = "kind, account_id, subscription_id, create_time",
                                    .changing = "state, reason, end_reason, end_time, version"};

FeeHold FeeHoldOf(mysql::RowReader& row) {
  return {.partner = row.Id(),
          .id = row.Id(),
          .kind = row.Enumerated(kFeeHoldKinds),
          .account = row.OptionalId(),
          .subscription = row.OptionalId(),
          .create_time = row.Time(),
          .state = row.Enumerated(kFeeHoldStates),
          .reason = row.Text(),
          .end_reason = row.Text(),
          .end_time = row.OptionalTime(),
          .version = row.Int()};
}

}  // namespace

std::vector<mysql::FilterField> FeeHoldFilterFields() {
  using enum mysql::FilterType;
  return {{"state", "state", kEnum, NamesIn(kFeeHoldStates)},
          {"kind", "kind", kEnum, NamesIn(kFeeHoldKinds)},
          {"subscription", "subscription_id", kName, {kSubscriptionName}},
          {"create_time", "create_time", kTime}};
}

absl::StatusOr<std::optional<FeeHold>> FeeHoldStore::Find(absl::Time deadline, const Uuid& partner,
                                                          const Uuid& hold) const {
  return mysql::FindOne<FeeHold>(database_, deadline, kFeeHolds, {partner, hold}, FeeHoldOf);
}

absl::StatusOr<FeeHold> FeeHoldStore::Get(absl::Time deadline, const Uuid& partner, const Uuid& hold) const {
  ASSIGN_OR_RETURN(std::optional<FeeHold> found, Find(deadline, partner, hold));
  if (found.has_value()) return *std::move(found);
  return NotFound("FEE_HOLD_NOT_FOUND", "The partner has no such hold.", {{"feeHold", hold.ToString()}});
}

absl::StatusOr<mysql::Page<FeeHold>> FeeHoldStore::List(absl::Time deadline, const std::optional<Uuid>& partner,
                                                        const mysql::PageQuery& query) const {
  std::vector<mysql::Parameter> parent;
  if (partner.has_value()) parent.emplace_back(*partner);
  // Without a partner it asks every shard: a list for operators.
  return mysql::ListByTime<FeeHold>(
      database_, deadline, {.table = kFeeHolds, .parent = partner.has_value() ? "partner_id = ?" : "", .id = "hold_id"},
      std::move(parent), query, FeeHoldOf,
      [](const FeeHold& hold) { return mysql::TimePosition{hold.create_time, hold.id}; });
}

mysql::RowWrite FeeHoldStore::Row(const FeeHold& hold) {
  return mysql::Put(kFeeHolds,
                    {hold.partner, hold.id, NameOf(hold.kind), hold.account, hold.subscription, hold.create_time,
                     NameOf(hold.state), hold.reason, hold.end_reason, hold.end_time, hold.version});
}

}  // namespace countersign::billing
