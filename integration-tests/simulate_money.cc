// The acts that move money.
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "countersign/billing/v1/bank_receipt_service.grpc.pb.h"
#include "countersign/billing/v1/billing_account_service.grpc.pb.h"
#include "countersign/billing/v1/credit_note_service.grpc.pb.h"
#include "countersign/billing/v1/fee_service.grpc.pb.h"
#include "countersign/billing/v1/invoice_service.grpc.pb.h"
#include "countersign/billing/v1/payout_service.grpc.pb.h"
#include "countersign/billing/v1/refund_service.grpc.pb.h"
#include "integration-tests/simulate_call.h"
#include "integration-tests/simulate_convert.h"
#include "integration-tests/simulate_world.h"

namespace countersign::integration {
namespace {

namespace billing = ::countersign::billing::v1;

google::type::Money MoneyOf(int64_t micros, const std::string& currency) {
  google::type::Money money;
  money.set_currency_code(currency);
  money.set_units(micros / 1'000'000);
  money.set_nanos(static_cast<int32_t>(micros % 1'000'000 * 1'000));
  return money;
}

}  // namespace

absl::StatusOr<std::string> World::Receive(const std::string& reference, int64_t micros, const std::string& currency,
                                           const std::string& account, const std::string& invoice) {
  billing::CreateBankReceiptRequest request;
  billing::BankReceipt& receipt = *request.mutable_bank_receipt();
  receipt.set_external_reference(reference);
  *receipt.mutable_amount() = MoneyOf(micros, currency);
  *receipt.mutable_value_date() = ProtoOf(today());
  receipt.set_billing_account(account);
  receipt.set_invoice(invoice);
  request.set_request_id(RequestId("receipt " + reference));
  ASSIGN_OR_RETURN(const billing::BankReceipt made, Do(suite_.stub<billing::BankReceiptService>(),
                                                       &billing::BankReceiptService::Stub::CreateBankReceipt, request));
  facts_.Write(today(), "receipt",
               {TextField("receipt", HexOf(made.name())), NumberField("micros", micros),
                TextField("account", HexOf(account)), TextField("invoice", HexOf(invoice))});
  return made.name();
}

absl::Status World::Allocate(const std::string& receipt, const std::string& account) {
  billing::AllocateBankReceiptRequest request;
  request.set_name(receipt);
  request.set_billing_account(account);
  request.set_request_id(RequestId("allocate " + receipt));
  RETURN_IF_ERROR(
      Do(suite_.stub<billing::BankReceiptService>(), &billing::BankReceiptService::Stub::AllocateBankReceipt, request)
          .status());
  facts_.Write(today(), "allocate", {TextField("receipt", HexOf(receipt)), TextField("account", HexOf(account))});
  return absl::OkStatus();
}

absl::Status World::ReverseReceipt(const std::string& receipt) {
  billing::ReverseBankReceiptRequest request;
  request.set_name(receipt);
  request.set_reason("it bounced");
  request.set_request_id(RequestId("reverse " + receipt));
  RETURN_IF_ERROR(
      Do(suite_.stub<billing::BankReceiptService>(), &billing::BankReceiptService::Stub::ReverseBankReceipt, request)
          .status());
  facts_.Write(today(), "reverse", {TextField("receipt", HexOf(receipt))});
  return absl::OkStatus();
}

absl::Status World::CreditNote(const std::string& account, const billing::CreditNoteDraft& draft) {
  billing::CreateCreditNoteRequest request;
  request.set_parent(account);
  *request.mutable_credit_note() = draft;
  request.set_request_id(RequestId(absl::StrCat("credit ", draft.invoice(), FormatDate(today()))));
  RETURN_IF_ERROR(
      Do(suite_.stub<billing::CreditNoteService>(), &billing::CreditNoteService::Stub::CreateCreditNote, request)
          .status());
  std::vector<FactField> fields = {TextField("account", HexOf(account)), TextField("invoice", HexOf(draft.invoice()))};
  if (draft.whole()) fields.push_back(TextField("method", "whole"));
  if (draft.has_amount()) {
    fields.push_back(TextField("method", "amount"));
    fields.push_back(NumberField("micros", MicrosOf(draft.amount())));
  }
  if (!draft.lines().empty()) {
    fields.push_back(TextField("method", "days"));
    fields.push_back(NumberField("line", draft.lines(0).line()));
    const Date from = DayOf(draft.lines(0).service_start_date());
    const Date to = DayOf(draft.lines(0).service_end_date());
    fields.push_back(TextField("from", FormatDate(from)));
    fields.push_back(TextField("to", FormatDate(to)));
  }
  facts_.Write(today(), "credit_note", fields);
  return absl::OkStatus();
}

absl::Status World::Void(const std::string& invoice) {
  billing::VoidInvoiceRequest request;
  request.set_name(invoice);
  request.set_reason("sent by mistake");
  request.set_request_id(RequestId("void " + invoice));
  RETURN_IF_ERROR(
      Do(suite_.stub<billing::InvoiceService>(), &billing::InvoiceService::Stub::VoidInvoice, request).status());
  facts_.Write(today(), "void", {TextField("invoice", HexOf(invoice))});
  return absl::OkStatus();
}

absl::Status World::RefundCredit(const std::string& account) {
  billing::GetBillingAccountRequest get;
  get.set_name(account);
  ASSIGN_OR_RETURN(
      const billing::BillingAccount now,
      Do(suite_.stub<billing::BillingAccountService>(), &billing::BillingAccountService::Stub::GetBillingAccount, get));
  if (MicrosOf(now.credit()) < 1) return absl::NotFoundError("There is no credit.");
  billing::CreateRefundRequest request;
  request.set_parent(account);
  *request.mutable_refund()->mutable_amount() = now.credit();
  request.mutable_refund()->set_bank_reference(absl::StrCat("REFUND-", FormatDate(today())));
  request.mutable_refund()->set_reason("the customer asked for it");
  request.set_request_id(RequestId(absl::StrCat("refund ", account, FormatDate(today()))));
  RETURN_IF_ERROR(
      Do(suite_.stub<billing::RefundService>(), &billing::RefundService::Stub::CreateRefund, request).status());
  facts_.Write(today(), "refund",
               {TextField("account", HexOf(account)), NumberField("micros", MicrosOf(now.credit()))});
  return absl::OkStatus();
}

absl::Status World::SetPaymentTerms(const std::string& account, int days) {
  billing::UpdateBillingAccountRequest request;
  request.mutable_billing_account()->set_name(account);
  request.mutable_billing_account()->set_payment_terms_days(days);
  request.mutable_update_mask()->add_paths("payment_terms_days");
  request.set_reason("agreed with the customer");
  request.set_request_id(RequestId("terms " + account));
  RETURN_IF_ERROR(Do(suite_.stub<billing::BillingAccountService>(),
                     &billing::BillingAccountService::Stub::UpdateBillingAccount, request)
                      .status());
  facts_.Write(today(), "payment_terms", {TextField("account", HexOf(account)), NumberField("days", days)});
  return absl::OkStatus();
}

absl::Status World::CorrectFees(const std::string& partner, Date since) {
  billing::ListFeesRequest list;
  list.set_parent(partner);
  list.set_page_size(1000);
  list.set_filter(absl::StrCat("accrue_time >= \"", FormatDate(since), "T00:00:00Z\" AND accrue_time < \"",
                               FormatDate(today()), "T00:00:00Z\""));
  ASSIGN_OR_RETURN(const billing::ListFeesResponse fees,
                   Do(suite_.stub<billing::FeeService>(), &billing::FeeService::Stub::ListFees, list));
  for (const billing::Fee& fee : fees.fees()) {
    // The last digits of an id are as good as dice, and the same whatever comes first.
    const std::string id = HexOf(fee.name());
    if (fee.cause() != billing::Fee::CAUSE_INVOICE_PAID || id.back() != '7') continue;
    const int64_t half = MicrosOf(fee.amount()) / 2 / 1'000'000 * 1'000'000;
    const int64_t micros = id[id.size() - 2] < '8' ? -half : 5'000'000;
    if (micros == 0) continue;
    billing::AdjustFeeRequest request;
    request.set_name(fee.name());
    *request.mutable_amount() = MoneyOf(micros, fee.amount().currency_code());
    request.set_reason("agreed with the partner");
    request.set_request_id(RequestId("correct " + fee.name()));
    const auto made = Do(suite_.stub<billing::FeeService>(), &billing::FeeService::Stub::AdjustFee, request);
    if (absl::IsFailedPrecondition(made.status())) continue;  // It was reversed: less is left.
    RETURN_IF_ERROR(made.status());
    facts_.Write(today(), "correct_fee",
                 {TextField("invoice", HexOf(fee.invoice())), NumberField("line", fee.line() + 1),
                  NumberField("rate", fee.rate_basis_points()), NumberField("generation", fee.generation()),
                  NumberField("micros", micros)});
  }
  return absl::OkStatus();
}

absl::Status World::PayPartner(const std::string& name) {
  billing::ListPayoutsRequest list;
  list.set_parent(name);
  list.set_page_size(1000);
  ASSIGN_OR_RETURN(const billing::ListPayoutsResponse payouts,
                   Do(suite_.stub<billing::PayoutService>(), &billing::PayoutService::Stub::ListPayouts, list));
  for (const billing::Payout& payout : payouts.payouts()) {
    if (payout.state() != billing::Payout::STATE_PENDING && payout.state() != billing::Payout::STATE_RETURNED) continue;
    billing::ApprovePayoutRequest approve;
    approve.set_name(payout.name());
    approve.set_reason("checked");
    approve.set_request_id(RequestId(absl::StrCat("approve ", payout.name(), payout.attempt())));
    RETURN_IF_ERROR(
        Do(suite_.stub<billing::PayoutService>(), &billing::PayoutService::Stub::ApprovePayout, approve).status());
  }
  billing::CreatePayoutFileRequest send;
  send.set_parent(name);
  send.set_request_id(RequestId(absl::StrCat("payout file ", name, FormatDate(today()))));
  const auto file = Do(suite_.stub<billing::PayoutService>(), &billing::PayoutService::Stub::CreatePayoutFile, send);
  if (absl::IsFailedPrecondition(file.status())) return absl::OkStatus();  // Nothing to send.
  RETURN_IF_ERROR(file.status());
  for (const std::string& payout : file->payouts()) {
    billing::GetPayoutRequest get;
    get.set_name(payout);
    ASSIGN_OR_RETURN(const billing::Payout sent,
                     Do(suite_.stub<billing::PayoutService>(), &billing::PayoutService::Stub::GetPayout, get));
    billing::RecordPayoutAnswerRequest answer;
    answer.set_name(payout);
    answer.set_attempt(sent.attempt());
    // The bank does not know the account of every seventh payout at first.
    const bool returned = HexOf(payout).back() % 7 == 0 && today().month() % 2 == 1;
    answer.set_outcome(returned ? billing::RecordPayoutAnswerRequest::OUTCOME_RETURNED
                                : billing::RecordPayoutAnswerRequest::OUTCOME_PAID);
    answer.set_bank_reference(absl::StrCat("OUT-", FormatDate(today())));
    if (returned) answer.set_reason("account unknown");
    answer.set_request_id(RequestId(absl::StrCat("answer ", payout, FormatDate(today()))));
    RETURN_IF_ERROR(
        Do(suite_.stub<billing::PayoutService>(), &billing::PayoutService::Stub::RecordPayoutAnswer, answer).status());
  }
  return absl::OkStatus();
}

}  // namespace countersign::integration
