#include "billing-service/src/store/payment_store.h"

#include <optional>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"
#include "billing-service/src/domain/names.h"
#include "billing-service/src/store/account_book_store.h"
#include "billing-service/src/store/rows.h"
#include "billing-service/src/store/tenant_list.h"
#include "common/base/status_macros.h"
#include "common/mysql/read.h"

namespace countersign::billing {
namespace {

constexpr mysql::Table kPayments = {
    .name = "payments",
    .key = "account_id, payment_id",
    .fixed = "receipt_id, charge_id, currency, amount_micros, credit_micros, value_date, create_time",
    .changing = "state, version"};

constexpr mysql::Table kPaymentAllocations = {.name = "payment_allocations",
                                              .key = "account_id, payment_id, invoice_id",
                                              .fixed = "currency, amount_micros, bank_charge_micros"};

constexpr absl::string_view kSelectPayment = "SELECT 1 FROM payments WHERE account_id = ? AND payment_id = ?";

constexpr absl::string_view kPartsOfPayment = "WHERE account_id = ? AND payment_id = ? ORDER BY invoice_id";

Payment PaymentIn(mysql::RowReader& row) {
  Payment payment;
  payment.account = row.Id();
  payment.id = row.Id();
  payment.receipt = row.OptionalId();
  payment.charge = row.OptionalId();
  const std::string currency = row.Text();
  payment.amount = row.Amount(currency);
  payment.allocation.credit = row.Amount(currency);
  payment.value_date = row.Day();
  payment.create_time = row.Time();
  payment.state = row.Enumerated(kPaymentStates);
  payment.version = row.Int();
  return payment;
}

AllocatedPart PartIn(mysql::RowReader& row) {
  row.Skip(2);  // account_id, payment_id
  AllocatedPart part;
  part.invoice = row.Id();
  part.amount = row.Amount(row.Text());
  part.bank_charge = row.Int();
  part.settles = false;
  return part;
}

const mysql::KeyedSelect& SelectParts() {
  static const auto* const select =
      new mysql::KeyedSelect{.select = mysql::SelectFrom(kPaymentAllocations, "FORCE INDEX (PRIMARY)"),
                             .key = "account_id, payment_id",
                             .rest = "ORDER BY invoice_id"};
  return *select;
}

// Its parts are written with its first version and never change.
std::vector<mysql::RowWrite> PaymentRows(const Payment& payment) {
  std::vector<mysql::RowWrite> rows = {
      mysql::Put(kPayments, {payment.account, payment.id, payment.receipt, payment.charge, payment.amount.currency(),
                             payment.amount.micros(), payment.allocation.credit.micros(), payment.value_date,
                             payment.create_time, NameOf(payment.state), payment.version})};
  if (payment.version > 1) return rows;
  for (const AllocatedPart& part : payment.allocation.parts) {
    rows.push_back(mysql::Insert(
        kPaymentAllocations,
        {payment.account, payment.id, part.invoice, part.amount.currency(), part.amount.micros(), part.bank_charge}));
  }
  return rows;
}

}  // namespace

std::vector<mysql::FilterField> PaymentFilterFields() {
  using enum mysql::FilterType;
  return {{"state", "state", kEnum, NamesIn(kPaymentStates)},
          {"bank_receipt", "receipt_id", kName, {kReceiptName}},
          {"charge", "charge_id", kName, {kChargeName}},
          {"value_date", "value_date", kDate},
          {"create_time", "create_time", kTime}};
}

absl::StatusOr<bool> PaymentStore::Exists(absl::Time deadline, const Uuid& account, const Uuid& payment) const {
  ASSIGN_OR_RETURN(const std::optional<mysql::Row> row,
                   mysql::ReadOne(database_, deadline, kSelectPayment, {account, payment}));
  return row.has_value();
}

absl::StatusOr<std::optional<Payment>> PaymentStore::Find(absl::Time deadline, const Uuid& account,
                                                          const Uuid& payment) const {
  ASSIGN_OR_RETURN(std::optional<Payment> found,
                   mysql::FindOne<Payment>(database_, deadline, kPayments, {account, payment}, PaymentIn));
  if (!found.has_value()) return std::nullopt;
  ASSIGN_OR_RETURN(
      found->allocation.parts,
      mysql::ListBy<AllocatedPart>(database_, deadline, mysql::SelectFrom(kPaymentAllocations, kPartsOfPayment),
                                   {account, payment}, PartIn));
  return found;
}

absl::StatusOr<mysql::Page<Payment>> PaymentStore::List(absl::Time deadline, const std::optional<Uuid>& account,
                                                        const mysql::PageQuery& query) const {
  ASSIGN_OR_RETURN(mysql::Page<Payment> page,
                   ListOfAccounts<Payment>(database_, deadline, kPayments, "payment_id", account, query, PaymentIn));
  std::vector<std::vector<mysql::Parameter>> keys;
  for (const Payment& payment : page.items) keys.push_back({payment.account, payment.id});
  ASSIGN_OR_RETURN(const std::vector<std::vector<mysql::Row>> parts,
                   mysql::ReadByKeys(database_, deadline, SelectParts(), keys, {}));
  for (size_t i = 0; i < page.items.size(); ++i) {
    for (const mysql::Row& row : parts[i]) {
      ASSIGN_OR_RETURN(AllocatedPart part, mysql::ReadItem<AllocatedPart>(row, PartIn));
      page.items[i].allocation.parts.push_back(std::move(part));
    }
  }
  return page;
}

std::vector<mysql::RowWrite> PaymentStore::Rows(const Payment& payment) { return PaymentRows(payment); }

absl::StatusOr<std::vector<mysql::RowWrite>> PaymentStore::Rows(const Settlement& settlement) {
  ASSIGN_OR_RETURN(std::vector<mysql::RowWrite> rows, RowsOf(settlement.change));
  AppendRows(rows, PaymentRows(settlement.payment));
  return rows;
}

}  // namespace countersign::billing
