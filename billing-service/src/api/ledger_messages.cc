#include "billing-service/src/api/ledger_messages.h"

#include "billing-service/src/domain/names.h"
#include "common/rpc/convert.h"
#include "common/rpc/names.h"

namespace countersign::billing {
namespace {

v1::AgedReceivablesResponse::Owed ToProto(const AgedDebt& debt) {
  v1::AgedReceivablesResponse::Owed message;
  for (const AgedDebt::Bracket& bracket : debt.brackets) {
    v1::AgedReceivablesResponse::Bracket& added = *message.add_brackets();
    added.set_age(rpc::EnumNamed<v1::AgedReceivablesResponse::Age>("AGE_", NameOf(bracket.age)));
    *added.mutable_amount() = rpc::ToProto(bracket.owed.amount);
    added.set_invoice_count(bracket.owed.count);
  }
  *message.mutable_uncollectible() = rpc::ToProto(debt.uncollectible.amount);
  message.set_uncollectible_count(debt.uncollectible.count);
  *message.mutable_total() = rpc::ToProto(debt.total);
  return message;
}

}  // namespace

v1::TrialBalanceResponse ToProto(const TrialBalance& trial, Date date) {
  v1::TrialBalanceResponse message;
  *message.mutable_date() = rpc::ToProto(date);
  for (const LedgerBalance& account : trial.accounts) {
    v1::TrialBalanceResponse::Account& added = *message.add_accounts();
    added.set_account(account.account);
    *added.mutable_debit() = rpc::ToProto(account.debit);
    *added.mutable_credit() = rpc::ToProto(account.credit);
    *added.mutable_balance() = rpc::ToProto(account.balance);
  }
  *message.mutable_debit() = rpc::ToProto(trial.debit);
  *message.mutable_credit() = rpc::ToProto(trial.credit);
  return message;
}

v1::AgedReceivablesResponse ToProto(const AgedReceivables& aged, Date date) {
  v1::AgedReceivablesResponse message;
  *message.mutable_date() = rpc::ToProto(date);
  for (const AgedDebt& debt : aged.accounts) {
    v1::AgedReceivablesResponse::Owed& owed = *message.add_accounts();
    owed = ToProto(debt);
    owed.set_billing_account(rpc::FormatName(kAccountName, {debt.account}));
    owed.set_account_number(debt.account_number);
  }
  *message.mutable_sum() = ToProto(aged.sum);
  return message;
}

v1::AccountStatementResponse ToProto(const AccountStatement& statement) {
  v1::AccountStatementResponse message;
  *message.mutable_opening_balance() = rpc::ToProto(statement.opening);
  for (const PostedEntry& entry : statement.entries) {
    v1::AccountStatementResponse::Entry& added = *message.add_entries();
    *added.mutable_date() = rpc::ToProto(entry.date);
    added.set_tenant(rpc::FormatName(IsPartnersAct(entry.act) ? kPartnerName : kAccountName, {entry.tenant}));
    added.set_act(entry.act);
    added.set_subject(entry.subject.ToString());
    *added.mutable_debit() = rpc::ToProto(entry.debit);
    *added.mutable_credit() = rpc::ToProto(entry.credit);
    *added.mutable_balance() = rpc::ToProto(entry.balance);
  }
  *message.mutable_debit() = rpc::ToProto(statement.debit);
  *message.mutable_credit() = rpc::ToProto(statement.credit);
  *message.mutable_closing_balance() = rpc::ToProto(statement.closing);
  return message;
}

v1::RevenueByMonthResponse ToProto(const std::vector<RevenueMonth>& months) {
  v1::RevenueByMonthResponse message;
  for (const RevenueMonth& month : months) {
    v1::RevenueByMonthResponse::Month& added = *message.add_months();
    *added.mutable_month() = rpc::ToProto(month.month);
    *added.mutable_invoiced() = rpc::ToProto(month.invoiced);
    *added.mutable_credited() = rpc::ToProto(month.credited);
    *added.mutable_net() = rpc::ToProto(month.net);
    *added.mutable_tax() = rpc::ToProto(month.tax);
  }
  return message;
}

v1::FeesByMonthResponse ToProto(const std::vector<FeesMonth>& months) {
  v1::FeesByMonthResponse message;
  for (const FeesMonth& month : months) {
    v1::FeesByMonthResponse::Month& added = *message.add_months();
    *added.mutable_month() = rpc::ToProto(month.month);
    *added.mutable_accrued() = rpc::ToProto(month.accrued);
    *added.mutable_reversed() = rpc::ToProto(month.reversed);
    *added.mutable_adjusted() = rpc::ToProto(month.adjusted);
    *added.mutable_forgone() = rpc::ToProto(month.forgone);
    *added.mutable_sent() = rpc::ToProto(month.sent);
    *added.mutable_withheld() = rpc::ToProto(month.withheld);
  }
  return message;
}

}  // namespace countersign::billing
