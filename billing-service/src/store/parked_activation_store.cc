#include "billing-service/src/store/parked_activation_store.h"

#include <utility>

#include "absl/strings/string_view.h"
#include "billing-service/src/domain/names.h"
#include "billing-service/src/store/tenant_list.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/mysql/read.h"

namespace countersign::billing {
namespace {

constexpr mysql::Table kParkedActivations = {
    .name = "parked_activations",
    .key = "account_id, parked_activation_id",
    .fixed = "partner_id, order_id, revision, reason, message, start_date, confirm_time, create_time",
    .changing = "request, state, operator_reason, version, update_time"};

ParkedActivation ParkedActivationOf(mysql::RowReader& row) {
  ParkedActivation parked;
  parked.account = row.Id();
  parked.id = row.Id();
  parked.order.partner = row.Id();
  parked.order.order = row.Id();
  parked.revision = row.Int();
  parked.reason = row.Text();
  parked.message = row.Text();
  parked.start = row.Day();
  parked.confirm_time = row.Time();
  parked.create_time = row.Time();
  parked.request = row.Text();
  parked.state = row.Enumerated(kParkedActivationStates);
  parked.operator_reason = row.Text();
  parked.version = row.Int();
  parked.update_time = row.Time();
  return parked;
}

}  // namespace

std::vector<mysql::FilterField> ParkedActivationFilterFields() {
  using enum mysql::FilterType;
  return {{"state", "state", kEnum, NamesIn(kParkedActivationStates)},
          {"reason", "reason", kAscii},
          {"order", "order_id", kName, {kOrderName}},
          {"create_time", "create_time", kTime}};
}

absl::StatusOr<std::optional<ParkedActivation>> ParkedActivationStore::Find(absl::Time deadline, const Uuid& account,
                                                                            const Uuid& parked) const {
  return mysql::FindOne<ParkedActivation>(database_, deadline, kParkedActivations, {account, parked},
                                          ParkedActivationOf);
}

absl::StatusOr<ParkedActivation> ParkedActivationStore::Get(absl::Time deadline, const Uuid& account,
                                                            const Uuid& parked) const {
  ASSIGN_OR_RETURN(std::optional<ParkedActivation> found, Find(deadline, account, parked));
  if (found.has_value()) return *std::move(found);
  return NotFound("PARKED_ACTIVATION_NOT_FOUND", "The billing account has no such parked activation.",
                  {{"billingAccount", account.ToString()}, {"parkedActivation", parked.ToString()}});
}

absl::StatusOr<mysql::Page<ParkedActivation>> ParkedActivationStore::List(absl::Time deadline,
                                                                          const std::optional<Uuid>& account,
                                                                          const mysql::PageQuery& query) const {
  return ListOfAccounts<ParkedActivation>(database_, deadline, kParkedActivations, "parked_activation_id", account,
                                          query, ParkedActivationOf);
}

mysql::RowWrite ParkedActivationStore::Row(const ParkedActivation& parked) {
  return mysql::Put(kParkedActivations,
                    {parked.account, parked.id, parked.order.partner, parked.order.order, parked.revision,
                     parked.reason, parked.message, parked.start, parked.confirm_time, parked.create_time,
                     parked.request, NameOf(parked.state), parked.operator_reason, parked.version, parked.update_time});
}

}  // namespace countersign::billing
