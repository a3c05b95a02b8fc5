#include "link-service/src/page/receipt_act_requests.h"

#include "common/rpc/convert.h"

namespace countersign::link {
namespace {

using billing::v1::CancelSubscriptionRequest;
using billing::v1::ChangeBillingContactRequest;
using billing::v1::OptOutOfPartnerTransferRequest;
using billing::v1::RemovePartnerOfRecordRequest;

constexpr char kReason[] = "The customer asked for it on its receipt, with a code from the billing contact's mail.";
constexpr char kCorrectionReason[] =
    "Whoever confirmed corrected the address that was typed, with a code from the mail that the confirmation names.";

}  // namespace

v1::ReceiptActPlan::Act ToProto(ReceiptActKind kind) {
  return rpc::EnumNamed<v1::ReceiptActPlan::Act>("ACT_", NameOf(kind));
}

CancelSubscriptionRequest CancelRequestOf(const std::string& subscription, bool now, const Uuid& request_id) {
  CancelSubscriptionRequest request;
  request.set_name(subscription);
  request.set_when(now ? CancelSubscriptionRequest::WHEN_NOW : CancelSubscriptionRequest::WHEN_TERM_END);
  if (now) request.set_policy(CancelSubscriptionRequest::POLICY_FREE_WINDOW);
  request.set_reason(kReason);
  request.set_request_id(request_id.ToString());
  return request;
}

RemovePartnerOfRecordRequest RemovalRequestOf(const std::string& subscription, const Uuid& request_id) {
  RemovePartnerOfRecordRequest request;
  request.set_name(subscription);
  request.set_reason(kReason);
  request.set_request_id(request_id.ToString());
  return request;
}

OptOutOfPartnerTransferRequest RefusalRequestOf(const std::string& subscription, const Uuid& request_id) {
  OptOutOfPartnerTransferRequest request;
  request.set_name(subscription);
  request.set_reason(kReason);
  request.set_request_id(request_id.ToString());
  return request;
}

billing::v1::CreatePartnerRequestRequest AskingRequestOf(const std::string& subscription,
                                                         const std::string& partner_number, const Uuid& request_id) {
  billing::v1::CreatePartnerRequestRequest request;
  request.set_parent(subscription);
  request.set_partner_number(partner_number);
  request.set_request_id(request_id.ToString());
  return request;
}

ChangeBillingContactRequest ContactRequestOf(const v1::ReceiptActPlan& plan, const std::string& email,
                                             const Uuid& request_id) {
  ChangeBillingContactRequest request;
  request.set_name(plan.billing_account());
  request.set_billing_email(email);
  request.set_corrected_by_order(plan.corrected_by_order());
  request.set_reason(plan.corrected_by_order().empty() ? kReason : kCorrectionReason);
  request.set_request_id(request_id.ToString());
  return request;
}

}  // namespace countersign::link
