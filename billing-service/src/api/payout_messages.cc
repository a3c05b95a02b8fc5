#include "billing-service/src/api/payout_messages.h"

#include <cstdint>

#include "billing-service/src/domain/csv.h"
#include "billing-service/src/domain/names.h"
#include "common/rpc/convert.h"
#include "common/rpc/etag.h"
#include "common/rpc/names.h"

namespace countersign::billing {
namespace {

absl::string_view PayoutEventType(PayoutState state) {
  switch (state) {
    case PayoutState::kPending:
      return "PAYOUT_CREATED";
    case PayoutState::kApproved:
      return "PAYOUT_APPROVED";
    case PayoutState::kSent:
      return "PAYOUT_SENT";
    case PayoutState::kPaid:
      return "PAYOUT_PAID";
    case PayoutState::kReturned:
      return "PAYOUT_RETURNED";
  }
  return "PAYOUT_CREATED";
}

v1::PayoutEvent PayoutPayload(const Payout& payout) {
  v1::PayoutEvent payload;
  payload.set_payout(rpc::FormatName(kPayoutName, {payout.partner, payout.id}));
  payload.set_state(rpc::EnumNamed<v1::Payout::State>("STATE_", NameOf(payout.state)));
  payload.set_version(payout.version);
  return payload;
}

}  // namespace

v1::Payout ToProto(const Payout& payout) {
  v1::Payout message;
  message.set_name(rpc::FormatName(kPayoutName, {payout.partner, payout.id}));
  message.set_state(rpc::EnumNamed<v1::Payout::State>("STATE_", NameOf(payout.state)));
  message.set_statement(rpc::FormatName(kStatementName, {payout.partner, payout.statement}));
  *message.mutable_total() = rpc::ToProto(payout.total);
  *message.mutable_withheld() = rpc::ToProto(payout.withheld);
  *message.mutable_amount() = rpc::ToProto(SentAmount(payout));
  message.set_withholding_basis_points(static_cast<int32_t>(payout.withholding_basis_points));
  message.set_tax_form_kind(payout.tax_form);
  *message.mutable_tax() = rpc::ToProto(payout.tax);
  message.set_tax_rate_ppm(payout.tax_rate_ppm);
  if (payout.self_billing.has_value()) {
    message.set_self_billing_agreement(
        rpc::FormatName(kSelfBillingAgreementName, {payout.partner, *payout.self_billing}));
  }
  message.set_region_code(payout.region);
  if (payout.withholding_rate.has_value()) {
    message.set_withholding_rate(rpc::FormatName(kWithholdingRateName, {*payout.withholding_rate}));
  }
  message.set_masked_bank_reference(payout.payee);
  message.set_attempt(static_cast<int32_t>(payout.attempt));
  message.set_bank_reference(payout.bank_reference);
  message.set_reason(payout.reason);
  *message.mutable_create_time() = rpc::ToProto(payout.create_time);
  *message.mutable_update_time() = rpc::ToProto(payout.update_time);
  message.set_etag(rpc::EtagOf(payout.version));
  return message;
}

v1::PayoutTerms ToProto(const PayoutTerms& terms) {
  v1::PayoutTerms message;
  message.set_name(rpc::FormatName(kPayoutTermsName, {PayoutTermsId(terms)}));
  message.set_currency_code(terms.currency);
  *message.mutable_effective_date() = rpc::ToProto(terms.effective_date);
  *message.mutable_minimum() = rpc::ToProto(terms.minimum);
  message.set_withholding_basis_points(static_cast<int32_t>(terms.withholding_basis_points));
  return message;
}

events::Event PayoutEventOf(const rpc::Call& call, const Payout& payout) {
  return call.MakeEvent({.tenant = payout.partner,
                         .aggregate = payout.id,
                         .version = payout.version,
                         .type = PayoutEventType(payout.state),
                         .payload = PayoutPayload(payout),
                         .resource = ToProto(payout),
                         .reason = payout.reason});
}

events::Event PayoutEventOf(const rpc::WorkerAct& act, const Payout& payout) {
  return rpc::WorkerEvent(act, {.tenant = payout.partner,
                                .aggregate = payout.id,
                                .version = payout.version,
                                .type = PayoutEventType(payout.state),
                                .payload = PayoutPayload(payout),
                                .resource = ToProto(payout)});
}

PayoutFile::PayoutFile() {
  for (const char* column : {"payout", "attempt", "payee", "currency", "amount"}) csv_.Text(column);
  csv_.EndRow();
}

void PayoutFile::Add(const Payout& payout, absl::string_view payout_cell, absl::string_view payee) {
  csv_.Text(payout_cell).Number(payout.attempt).Text(payee).Text(payout.currency);
  csv_.Amount(SentAmount(payout)).EndRow();
}

Payee PayeeOf(const partner::v1::PayeeProfile& profile) {
  Payee payee;
  payee.currency = profile.currency_code();
  payee.masked_reference = profile.masked_bank_reference();
  payee.region = profile.tax_region_code();
  if (!profile.has_tax_form_date()) return payee;
  const auto& date = profile.tax_form_date();
  const absl::StatusOr<Date> day = MakeDate(date.year(), date.month(), date.day());
  if (!day.ok()) return payee;
  payee.tax_form = profile.tax_form_kind();
  payee.tax_form_date = *day;
  return payee;
}

}  // namespace countersign::billing
