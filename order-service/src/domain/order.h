// An order and every decision about it. Decisions are pure: they give the order as it is afterwards, one version
// higher, or say why not; an erased order (order_erasure.h) refuses each with FAILED_PRECONDITION ORDER_ERASED. It is
// written with an event of that version, which fails when somebody else changed the order meanwhile.
#ifndef COUNTERSIGN_ORDER_SERVICE_SRC_DOMAIN_ORDER_H_
#define COUNTERSIGN_ORDER_SERVICE_SRC_DOMAIN_ORDER_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/date.h"
#include "common/base/money.h"
#include "common/base/uuid.h"
#include "order-service/src/domain/order_kind.h"
#include "order-service/src/domain/order_state.h"
#include "order-service/src/domain/pricing.h"
#include "order-service/src/domain/submitter.h"

namespace countersign::order {

inline constexpr int kDefaultValidDays = 30;  // For which a submitted order can be confirmed.
inline constexpr int kMaxValidDays = 90;
inline constexpr int kMaxDaysAhead = 90;  // Of the requested start.
inline constexpr int kMaxLines = 20;

// "partners/{partner}/orders/{id}".
struct OrderName {
  Uuid partner;
  Uuid id;
  friend bool operator==(const OrderName&, const OrderName&) = default;
};

// "partners/{partner}/customers/{id}".
struct CustomerName {
  Uuid partner;
  Uuid id;
};

// The terms that the partner tailors and the customer countersigns; Revise replaces them as a whole.
struct OrderTerms {
  std::string currency;
  std::vector<OrderLine> lines;   // 1 to kMaxLines.
  Money total;                    // Of the lines, per full billing period, before tax.
  int billing_period_months = 1;  // 1 or 12.
  std::optional<Date> requested_start = {};
  std::string partner_reference = {};
  std::string customer_note = {};          // The partner's words to the customer; may be empty.
  std::string purchase_order_number = {};  // The customer's, where the partner knows it.
  std::string region = {};                 // ISO 3166; empty: not said.

  // All billing periods of the initial term; never beyond what Money holds (PriceLines).
  Money Commitment() const;
  // Per full billing period after the initial term: without promotions.
  Money ListTotal() const;

  friend bool operator==(const OrderTerms&, const OrderTerms&) = default;
};

// The link and revision that a press of Confirm order or Decline names.
struct Press {
  Uuid link;
  int64_t revision = 0;
  absl::Time time = absl::InfinitePast();  // As the page recorded it.
};

struct Order {
  OrderName name;
  OrderKind kind = OrderKind::kNew;
  int64_t version = 1;  // One more with every change; the etag.
  OrderState state = OrderState::kDraft;
  std::string state_reason;  // Why DECLINED or CANCELLED.
  int64_t revision = 1;
  int64_t links_made = 0;
  Uuid customer;
  Uuid partner_of_record;
  OrderTerms terms;
  int64_t seller_version = 0;  // The partner's version at the last Submit (PartnerState); 0: none, or not known.
  std::optional<Uuid> link;    // The one current link; none while DRAFT.
  std::optional<Uuid> billing_account;  // None before the first Submit.
  bool payer_on_file = false;           // It was there at the last Submit.
  std::optional<absl::Time> submit_time;
  std::optional<absl::Time> expire_time;
  std::optional<absl::Time> confirm_time;
  std::optional<absl::Time> press_time = std::nullopt;  // Of the press that confirmed, as the page recorded it.
  std::optional<Date> start_date;                       // Fixed by the confirmation.
  std::vector<Uuid> subscriptions;                      // One per line, once COMPLETED.
  Submitter submitter = {};                             // Of the last Submit.
  std::string customer_name = {};                       // In the partner's address book at the last Submit.
  std::optional<absl::Time> erase_time = {};  // Set: nothing personal is left, and nothing more can be done with it.
  absl::Time create_time;
  absl::Time update_time;

  friend bool operator==(const Order&, const Order&) = default;

  // DRAFT → AWAITING_CONFIRMATION for `valid_days`, a change until its subscription is renewed at most, with the lines
  // as priced at `now`. NEW is billed to the `account` that is reserved for the customer, else to a new one, any other
  // kind to that of its subscription; partner's version and link are named afterwards (WithSeller, WithLink). Errors:
  // FAILED_PRECONDITION ORDER_STATE; START_DATE_PASSED when the requested start is before `now`'s date.
  absl::StatusOr<Order> Submit(PricedLines priced, absl::Time now, int valid_days = kDefaultValidDays,
                               const std::optional<Uuid>& account = std::nullopt) const;

  // The waiting order, about to get another link (WithLink). Errors: FAILED_PRECONDITION ORDER_STATE; ORDER_EXPIRED.
  absl::StatusOr<Order> ReissueLink(absl::Time now) const;

  // The waiting order with a later expire_time, at most kMaxValidDays after its Submit and, of a change, the renewal of
  // its subscription. Errors: FAILED_PRECONDITION ORDER_STATE; ORDER_EXPIRED; EXPIRY_OUT_OF_RANGE.
  absl::StatusOr<Order> ExtendExpiry(absl::Time until, absl::Time now) const;

  // The order naming the version that its partner has while it is submitted.
  Order WithSeller(int64_t partner_version) const;

  // The order naming who submits it.
  Order WithSubmitter(Submitter by) const;

  // The order with the name that its partner's address book has for the customer.
  Order WithCustomerName(std::string customer) const;

  // The order naming an account that is there (or not, and is opened for it).
  Order WithPayerOnFile(bool there) const;

  // The order naming `made` as its one current link.
  Order WithLink(const Uuid& made) const;

  // To DRAFT with other terms: a new revision, unless no customer ever saw this one.
  // Error: FAILED_PRECONDITION ORDER_STATE.
  absl::StatusOr<Order> Revise(OrderTerms revised, absl::Time now) const;

  // A DRAFT with other terms, in place. Error: FAILED_PRECONDITION ORDER_STATE.
  absl::StatusOr<Order> Update(OrderTerms updated, absl::Time now) const;

  // To CANCELLED. Error: FAILED_PRECONDITION ORDER_STATE.
  absl::StatusOr<Order> Cancel(std::string reason, absl::Time now) const;

  // To CONFIRMED; the subscriptions start on the later of the requested date and the UTC date of `now`.
  // `partner_active` is PartnerState::StandsBehind. Errors: FAILED_PRECONDITION LINK_NOT_CURRENT, REVISION_NOT_CURRENT,
  // ORDER_EXPIRED (also when only the clock says so), ORDER_STATE, PARTNER_NOT_ACTIVE.
  absl::StatusOr<Order> Confirm(const Press& press, bool partner_active, absl::Time now) const;

  // OK for a new subscription, or when the billing contact gave the code that was mailed to it.
  // Error: FAILED_PRECONDITION CODE_REQUIRED.
  absl::Status CheckVerified(bool contact_verified) const;

  // OK where the billing account is there already, or when the customer said who pays.
  // Error: INVALID_ARGUMENT for each of company_name, billing_email and billing_address.
  absl::Status CheckPayer(bool payer_named) const;

  // To DECLINED; `reason` is what the customer wrote. Errors: as Confirm, except PARTNER_NOT_ACTIVE.
  absl::StatusOr<Order> Decline(const Press& press, std::string reason, absl::Time now) const;

  // To EXPIRED. Errors: FAILED_PRECONDITION ORDER_STATE; ORDER_NOT_DUE before expire_time.
  absl::StatusOr<Order> Expire(absl::Time now) const;

  // A change of a subscription to EXPIRED before its time, because the subscription is no longer as it found it. Error:
  // FAILED_PRECONDITION ORDER_STATE, also for another kind of order.
  absl::StatusOr<Order> ExpireChanged(std::string reason, absl::Time now) const;

  // To COMPLETED: billing started these. Error: FAILED_PRECONDITION ORDER_STATE.
  absl::StatusOr<Order> Complete(std::vector<Uuid> started, absl::Time now) const;

  // CONFIRMED to CANCELLED: an operator gave up its activation, and billing has written that it never comes.
  // Error: FAILED_PRECONDITION ORDER_STATE.
  absl::StatusOr<Order> Abandon(std::string reason, absl::Time now) const;
  bool WasAbandoned() const { return state == OrderState::kCancelled && confirm_time.has_value(); }

  // True when this very press (link and revision) has confirmed, or declined, the order before.
  bool WasConfirmedBy(const Press& press) const;
  bool WasDeclinedBy(const Press& press) const;

  // Whose order it is.
  CustomerName buyer() const { return {.partner = name.partner, .id = customer}; }

  // True when this revision was given to the customer, so that its terms must be kept.
  bool WasShown() const { return state != OrderState::kDraft; }

 private:
  // A waiting order expires then at the latest.
  absl::Time LatestExpiry(int valid_days) const;
  absl::StatusOr<Order> Moved(OrderAct act, absl::Time now) const;
  absl::Status CheckPress(const Press& press, absl::Time now) const;
  bool Names(const Press& press) const { return link == press.link && revision == press.revision; }
};

// A revision of an order as it was given to a customer, or as it is now.
struct OrderRevision {
  OrderName order;
  int64_t revision = 1;
  OrderState state = OrderState::kDraft;  // What became of it.
  std::string state_reason = {};
  OrderTerms terms = {};
  std::optional<Uuid> link = {};
  std::optional<absl::Time> submit_time = {};
  std::optional<absl::Time> expire_time = {};
};

// The first version of an order: a draft with these terms.
Order NewDraft(const OrderName& name, const Uuid& customer, OrderTerms terms, absl::Time now,
               OrderKind kind = OrderKind::kNew);

// The order's lines as they were requested, to be priced anew.
std::vector<RequestedLine> RequestedLinesOf(const OrderTerms& terms);

// The link that was open `before` and is not `after`: none when the change ended no link.
std::optional<Uuid> EndedLink(const Order& before, const Order& after);

// OK when a requested start is neither before the date of `now` nor more than kMaxDaysAhead after it.
// Error: INVALID_ARGUMENT.
absl::Status CheckRequestedStart(Date requested, absl::Time now);

// The account that is opened for this customer in this currency, unless one came along with a change of partner.
Uuid BillingAccountOf(const CustomerName& customer, const std::string& currency);

}  // namespace countersign::order

#endif  // COUNTERSIGN_ORDER_SERVICE_SRC_DOMAIN_ORDER_H_
