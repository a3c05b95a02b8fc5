#include "billing-service/src/store/notice_store.h"

#include <optional>
#include <utility>

#include "absl/strings/string_view.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/mysql/read.h"

namespace countersign::billing {
namespace {

constexpr mysql::Table kNotices = {
    .name = "notices",
    .key = "account_id, notice_id",
    .fixed =
        "kind, invoice_id, dunning_state, dunning_rung, contact_version, subscription_id, credit_note_id, "
        "charge_id, partner_request_id, create_time",
    .changing = "state, bounce_reason, send_time, version, update_time"};

constexpr absl::string_view kCountOfSubscription =
    "SELECT COUNT(*) FROM notices WHERE account_id = ? AND subscription_id = ? AND kind = ?";

Notice NoticeOf(mysql::RowReader& row) {
  Notice notice;
  notice.account = row.Id();
  notice.id = row.Id();
  notice.kind = row.Enumerated(kNoticeKinds);
  notice.invoice = row.Id();
  if (notice.kind == NoticeKind::kDunning) {
    notice.dunning_state = row.Enumerated(kDunningStates);
  } else {
    row.Skip();
  }
  notice.dunning_rung = row.Int();
  notice.contact_version = row.Int();
  notice.subscription = row.OptionalId();
  notice.credit_note = row.OptionalId();
  notice.charge = row.OptionalId();
  notice.partner_request = row.OptionalId();
  notice.create_time = row.Time();
  notice.state = row.Enumerated(kNoticeStates);
  notice.bounce_reason = row.Text();
  notice.send_time = row.OptionalTime();
  notice.version = row.Int();
  notice.update_time = row.Time();
  return notice;
}

}  // namespace

std::vector<mysql::FilterField> NoticeFilterFields() {
  using enum mysql::FilterType;
  return {{"state", "state", kEnum, NamesIn(kNoticeStates)},
          {"kind", "kind", kEnum, NamesIn(kNoticeKinds)},
          {"create_time", "create_time", kTime}};
}

absl::StatusOr<std::optional<Notice>> NoticeStore::Find(absl::Time deadline, const Uuid& account,
                                                        const Uuid& notice) const {
  return mysql::FindOne<Notice>(database_, deadline, kNotices, {account, notice}, NoticeOf);
}

absl::StatusOr<std::vector<bool>> NoticeStore::FindEach(absl::Time deadline, const std::vector<Notice>& notices) const {
  std::vector<std::vector<mysql::Parameter>> keys;
  for (const Notice& notice : notices) keys.push_back({notice.account, notice.id});
  ASSIGN_OR_RETURN(const std::vector<std::vector<mysql::Row>> rows,
                   mysql::ReadByKeys(database_, deadline, mysql::SelectByKey(kNotices), keys, {}));
  std::vector<bool> found;
  for (const std::vector<mysql::Row>& of_notice : rows) found.push_back(!of_notice.empty());
  return found;
}

absl::StatusOr<int64_t> NoticeStore::CountRenewals(absl::Time deadline, const Uuid& account,
                                                   const Uuid& subscription) const {
  ASSIGN_OR_RETURN(
      const std::optional<mysql::Row> row,
      mysql::ReadOne(database_, deadline, kCountOfSubscription, {account, subscription, NameOf(NoticeKind::kRenewal)}));
  return row.has_value() ? row->Int(0) : 0;
}

absl::StatusOr<Notice> NoticeStore::Get(absl::Time deadline, const Uuid& account, const Uuid& notice) const {
  ASSIGN_OR_RETURN(std::optional<Notice> found, Find(deadline, account, notice));
  if (found.has_value()) return *std::move(found);
  return NotFound("NOTICE_NOT_FOUND", "The billing account has no such notice.",
                  {{"billingAccount", account.ToString()}, {"notice", notice.ToString()}});
}

absl::StatusOr<mysql::Page<Notice>> NoticeStore::List(absl::Time deadline, const std::optional<Uuid>& account,
                                                      const mysql::PageQuery& query) const {
  std::vector<mysql::Parameter> parent;
  if (account.has_value()) parent.emplace_back(*account);
  // Without an account it asks every shard: a list for operators.
  return mysql::ListByTime<Notice>(
      database_, deadline,
      {.table = kNotices, .parent = account.has_value() ? "account_id = ?" : "", .id = "notice_id"}, std::move(parent),
      query, NoticeOf, [](const Notice& notice) { return mysql::TimePosition{notice.create_time, notice.id}; });
}

mysql::RowWrite NoticeStore::Row(const Notice& notice) {
  std::optional<absl::string_view> dunning_state;
  if (notice.kind == NoticeKind::kDunning) dunning_state = NameOf(notice.dunning_state);
  return mysql::Put(kNotices, {notice.account, notice.id, NameOf(notice.kind), notice.invoice, dunning_state,
                               notice.dunning_rung, notice.contact_version, notice.subscription, notice.credit_note,
                               notice.charge, notice.partner_request, notice.create_time, NameOf(notice.state),
                               notice.bounce_reason, notice.send_time, notice.version, notice.update_time});
}

}  // namespace countersign::billing
