// The resource names of billing-service, as rpc::RequireName and rpc::FormatName take them, and filters of names.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_NAMES_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_NAMES_H_

#include "absl/strings/string_view.h"

namespace countersign::billing {

inline constexpr absl::string_view kAccountName = "billingAccounts/{account}";
inline constexpr absl::string_view kSubscriptionName = "billingAccounts/{account}/subscriptions/{subscription}";
inline constexpr absl::string_view kInvoiceName = "billingAccounts/{account}/invoices/{invoice}";
inline constexpr absl::string_view kCreditNoteName = "billingAccounts/{account}/creditNotes/{credit_note}";
inline constexpr absl::string_view kRefundName = "billingAccounts/{account}/refunds/{refund}";
inline constexpr absl::string_view kFeeScheduleName = "feeSchedules/{fee_schedule}";
inline constexpr absl::string_view kLegalEntityName = "legalEntities/{legal_entity}";
inline constexpr absl::string_view kTaxProfileName = "billingAccounts/{account}/taxProfile";
inline constexpr absl::string_view kDunningName = "billingAccounts/{account}/dunning";
inline constexpr absl::string_view kDunningLadderName = "dunningLadders/{dunning_ladder}";
inline constexpr absl::string_view kSmallDifferenceName = "smallDifferences/{small_difference}";
inline constexpr absl::string_view kWithholdingRateName = "withholdingRates/{withholding_rate}";
inline constexpr absl::string_view kNoticeName = "billingAccounts/{account}/notices/{notice}";
inline constexpr absl::string_view kTaxRateName = "taxRates/{tax_rate}";
inline constexpr absl::string_view kChargeName = "billingAccounts/{account}/charges/{charge}";
inline constexpr absl::string_view kPaymentName = "billingAccounts/{account}/payments/{payment}";
inline constexpr absl::string_view kParkedActivationName =
    "billingAccounts/{account}/parkedActivations/{parked_activation}";
inline constexpr absl::string_view kReceiptName = "bankReceipts/{receipt}";
inline constexpr absl::string_view kTransferCodeName = "billingAccounts/{account}/transferCodes/{transfer_code}";
inline constexpr absl::string_view kPartnerRequestName = "billingAccounts/{account}/partnerRequests/{partner_request}";
inline constexpr absl::string_view kPartnerName = "partners/{partner}";
inline constexpr absl::string_view kOrderName = "partners/{partner}/orders/{order}";
inline constexpr absl::string_view kFeeName = "partners/{partner}/fees/{fee}";
inline constexpr absl::string_view kStatementName = "partners/{partner}/statements/{statement}";
inline constexpr absl::string_view kPayoutName = "partners/{partner}/payouts/{payout}";
inline constexpr absl::string_view kSelfBillingAgreementName =
    "partners/{partner}/selfBillingAgreements/{self_billing_agreement}";
inline constexpr absl::string_view kPayoutTermsName = "payoutTerms/{payout_terms}";
inline constexpr absl::string_view kPayeeProfileName = "partners/{partner}/payeeProfile";
inline constexpr absl::string_view kFeeHoldName = "partners/{partner}/feeHolds/{fee_hold}";

inline constexpr absl::string_view kBillingRunName = "billingRuns/{run}";

// The parent of lists over all accounts.
inline constexpr absl::string_view kAllAccounts = "billingAccounts/-";
inline constexpr absl::string_view kAllPartners = "partners/-";

// Offers have no UUIDs: "offers/bpos-standard-suite".
inline constexpr absl::string_view kOfferPrefix = "offers/";

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_NAMES_H_
