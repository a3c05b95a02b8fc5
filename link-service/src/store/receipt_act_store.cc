#include "link-service/src/store/receipt_act_store.h"

#include <string>

#include "common/base/status_macros.h"
#include "common/mysql/read.h"

namespace countersign::link {
namespace {

constexpr mysql::Table kReceiptActs = {.name = "receipt_acts",
                                       .key = "link_id, act_id",
                                       .fixed = "act, plan, evidence, salt, press_time",
                                       .changing = "version, outcome"};

ReceiptAct ReceiptActOf(mysql::RowReader& row) {
  return {.link_id = row.Id(),
          .act_id = row.Id(),
          .kind = row.Enumerated(kReceiptActKinds),
          .plan = row.Text(),
          .evidence = row.Text(),
          .salt = row.Text(),
          .press_time = row.Time(),
          .version = row.Int(),
          .outcome = row.Text()};
}

}  // namespace

mysql::RowWrite ReceiptActStore::Row(const ReceiptAct& act) {
  return mysql::Put(kReceiptActs, {act.link_id, act.act_id, NameOf(act.kind), act.plan, act.evidence, act.salt,
                                   act.press_time, act.version, act.outcome});
}

absl::StatusOr<std::optional<ReceiptAct>> ReceiptActStore::Find(absl::Time deadline, const Uuid& link_id,
                                                                const Uuid& act_id) const {
  return mysql::FindOne<ReceiptAct>(database_, deadline, kReceiptActs, {link_id, act_id}, ReceiptActOf);
}

absl::StatusOr<std::vector<ReceiptAct>> ReceiptActStore::ListOf(absl::Time deadline, const Uuid& link_id) const {
  static const std::string kOfLink =
      mysql::SelectFrom(kReceiptActs, "WHERE link_id = ? ORDER BY press_time, act_id LIMIT 50");
  return mysql::ListBy<ReceiptAct>(database_, deadline, kOfLink, {link_id}, ReceiptActOf);
}

}  // namespace countersign::link
