// The requests to billing-service for an act on the receipt: first the preview, then the act.
#ifndef COUNTERSIGN_LINK_SERVICE_SRC_PAGE_RECEIPT_ACT_REQUESTS_H_
#define COUNTERSIGN_LINK_SERVICE_SRC_PAGE_RECEIPT_ACT_REQUESTS_H_

#include <string>

#include "common/base/uuid.h"
#include "countersign/billing/v1/billing_account_service.pb.h"
#include "countersign/billing/v1/partner_of_record_service.pb.h"
#include "countersign/billing/v1/partner_request_service.pb.h"
#include "countersign/billing/v1/subscription_service.pb.h"
#include "countersign/link/v1/receipt_act.pb.h"
#include "link-service/src/domain/receipt_act.h"

namespace countersign::link {

v1::ReceiptActPlan::Act ToProto(ReceiptActKind kind);

// To end the subscription `now`, with everything credited, or at the end of its term.
billing::v1::CancelSubscriptionRequest CancelRequestOf(const std::string& subscription, bool now,
                                                       const Uuid& request_id);
billing::v1::RemovePartnerOfRecordRequest RemovalRequestOf(const std::string& subscription, const Uuid& request_id);
billing::v1::OptOutOfPartnerTransferRequest RefusalRequestOf(const std::string& subscription, const Uuid& request_id);
billing::v1::CreatePartnerRequestRequest AskingRequestOf(const std::string& subscription,
                                                         const std::string& partner_number, const Uuid& request_id);
billing::v1::ChangeBillingContactRequest ContactRequestOf(const v1::ReceiptActPlan& plan, const std::string& email,
                                                          const Uuid& request_id);

}  // namespace countersign::link

#endif  // COUNTERSIGN_LINK_SERVICE_SRC_PAGE_RECEIPT_ACT_REQUESTS_H_
