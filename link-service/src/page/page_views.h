// The content of the customer's page: links, orders and invoices in the words of web/page.h.
#ifndef COUNTERSIGN_LINK_SERVICE_SRC_PAGE_PAGE_VIEWS_H_
#define COUNTERSIGN_LINK_SERVICE_SRC_PAGE_PAGE_VIEWS_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "countersign/billing/v1/invoice.pb.h"
#include "countersign/billing/v1/legal_entity.pb.h"
#include "countersign/billing/v1/subscription.pb.h"
#include "countersign/order/v1/order.pb.h"
#include "link-service/src/domain/link.h"
#include "link-service/src/domain/receipt_act.h"
#include "link-service/src/page/shown_page.h"
#include "link-service/src/web/page.h"

namespace countersign::link {

// The state of a link's page, as far as the link itself knows. No clock decides here: that an order has expired is
// order-service's word, by its own clock.
web::OrderPageState PageStateOf(const Link& link);

// The page state that tells the customer of order-service's refusal.
web::OrderPageState PageStateOfRefusal(const absl::Status& refusal);

// True for the states that show the form.
bool IsOpen(web::OrderPageState state);

// The parts of an order's form: a change does not ask who pays, and a change of partner is not invoiced.
web::FormParts FormPartsOf(const v1::OrderReview& review);

// Everything that a link shows at `now` without asking a peer. Error: DATA_LOSS (invalid amounts).
absl::StatusOr<web::OrderPageView> ViewOf(const Link& link, const ShownPage& page, web::OrderPageState state,
                                          const Vendor& vendor, absl::Time now);

// Adds what order-service knows of a confirmed order, including its state.
void AddOrder(const order::v1::Order& order, const v1::OrderReview& review, Date today, web::OrderPageView& view);

// Adds what the customer entered, for its receipt. The purchase-order number is the partner's where it entered none.
void AddEntered(const v1::PressEvidence& evidence, const std::string& offered_purchase_order, web::OrderPageView& view);

// Adds the order's invoices, the newest first; `today` tells which are overdue.
void AddInvoices(const std::vector<billing::v1::Invoice>& invoices, Date today, web::OrderPageView& view);

// The amount that the view's invoices leave to be paid; nullopt: nothing.
std::optional<Money> AmountToPay(const web::OrderPageView& view);

// Adds where `amount` is paid.
void AddPayment(const std::optional<billing::v1::LegalEntity>& seller, const Money& amount, web::OrderPageView& view);

// Adds how the order's subscriptions run, and what was done about them on the receipt.
void AddServices(const std::vector<billing::v1::Subscription>& subscriptions, Date today, web::OrderPageView& view);
void AddActs(const std::vector<ReceiptAct>& acts, web::OrderPageView& view);

}  // namespace countersign::link

#endif  // COUNTERSIGN_LINK_SERVICE_SRC_PAGE_PAGE_VIEWS_H_
