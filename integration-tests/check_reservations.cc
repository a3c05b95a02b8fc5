// Invariant 10: every reservation has the row that it was made for, or can be taken again.
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "integration-tests/checks.h"

namespace countersign::integration {
namespace {

using mysql::Row;

// A key that is unique beyond its tenant is reserved, with its owner's id, before the owner's row is written.
struct Reservation {
  absl::string_view what;
  // Reservations that their owner does not bear: the key, the owner, and the key that the owner bears, NULL when it is
  // not there.
  absl::string_view unused;
  // Keys that are borne without being reserved by who bears them.
  absl::string_view unreserved;
  // Anybody with the same key may take a reservation that its owner does not bear.
  bool taken_by_anyone = false;
};

#define COUNTERSIGN_UNUSED(key, owner, reservations, owners)                                                          \
  "SELECT r." key ", r." owner ", o." key " FROM " reservations " r LEFT JOIN " owners " o ON o." owner " = r." owner \
  " WHERE o." key " IS NULL OR o." key " <> r." key
#define COUNTERSIGN_UNRESERVED(key, owner, reservations, owners)                                          \
  "SELECT o." key " FROM " owners " o LEFT JOIN " reservations " r ON r." key " = o." key " AND r." owner \
  " = o." owner " WHERE r." owner " IS NULL"

constexpr Reservation kPartnerNumbers = {
    "partner number", COUNTERSIGN_UNUSED("partner_number", "partner_id", "partner_numbers", "partners"),
    COUNTERSIGN_UNRESERVED("partner_number", "partner_id", "partner_numbers", "partners")};
constexpr Reservation kAccountNumbers = {
    "account number", COUNTERSIGN_UNUSED("account_number", "account_id", "account_numbers", "billing_accounts"),
    COUNTERSIGN_UNRESERVED("account_number", "account_id", "account_numbers", "billing_accounts")};
constexpr Reservation kBankReferences = {
    "bank reference",
    COUNTERSIGN_UNUSED("external_reference", "receipt_id", "bank_receipt_references", "bank_receipts"),
    COUNTERSIGN_UNRESERVED("external_reference", "receipt_id", "bank_receipt_references", "bank_receipts"),
    /*taken_by_anyone=*/true};

// A customer's billing account is reserved in one commit with its first Submit, or with the completed order by which it
// came along: a change of partner, or the first change of a subscription that came to the partner without an order.
constexpr absl::string_view kOrdersWithoutAccount =
    "SELECT o.order_number FROM orders o LEFT JOIN customer_accounts a ON a.partner_id = o.partner_id "
    "AND a.customer_id = o.customer_id AND a.currency = o.currency AND a.billing_account_id = o.billing_account_id "
    // An account that came along when the customer had one already bills only what it came with.
    "WHERE o.billing_account_id IS NOT NULL AND o.kind IN ('NEW', 'CHANGE_PARTNER') AND a.partner_id IS NULL AND NOT "
    "EXISTS (SELECT 1 FROM orders m "
    "WHERE m.partner_id = o.partner_id AND m.customer_id = o.customer_id "
    "AND m.billing_account_id = o.billing_account_id AND m.kind = 'CHANGE_PARTNER')";
// It comes along to the same customer in the address book of another partner, and to nobody else.
constexpr absl::string_view kSharedAccounts =
    "SELECT HEX(a.billing_account_id) FROM customer_accounts a LEFT JOIN orders m ON m.partner_id = a.partner_id "
    "AND m.customer_id = a.customer_id AND m.billing_account_id = a.billing_account_id AND m.kind <> 'NEW' "
    "AND m.state = 'COMPLETED' AND NOT EXISTS (SELECT 1 FROM orders n WHERE n.partner_id = a.partner_id "
    "AND n.customer_id = a.customer_id AND n.billing_account_id = a.billing_account_id AND n.kind = 'NEW' "
    "AND n.create_time < m.create_time) WHERE m.partner_id IS NULL GROUP BY a.billing_account_id HAVING COUNT(*) > 1";
constexpr absl::string_view kAccountsLeftBehind =
    "SELECT o.order_number FROM orders o LEFT JOIN customer_accounts a ON a.partner_id = o.partner_id "
    "AND a.customer_id = o.customer_id AND a.currency = o.currency "
    "WHERE o.kind <> 'NEW' AND o.state = 'COMPLETED' AND a.partner_id IS NULL";
constexpr absl::string_view kAccountsWithoutOrder =
    "SELECT a.billing_account_id, a.customer_id FROM customer_accounts a LEFT JOIN orders o "
    "ON o.partner_id = a.partner_id AND o.customer_id = a.customer_id WHERE o.partner_id IS NULL";
// A link of a Submit that never committed: no order names it, so it confirms nothing and expires.
constexpr absl::string_view kOrderLinks = "SELECT link_id FROM orders WHERE link_id IS NOT NULL";
constexpr absl::string_view kActiveLinks = "SELECT link_id FROM links WHERE state = 'ACTIVE'";

absl::Status CheckReservation(mysql::Connection& connection, const Reservation& reservation, Sentences& broken,
                              Sentences& orphans) {
  ASSIGN_OR_RETURN(const std::vector<Row> unused, connection.Query(reservation.unused, {}));
  for (const Row& row : unused) {
    const std::string name =
        absl::StrCat(reservation.what, " ", row.Bytes(0), " is reserved for ", row.Id(1).ToString());
    if (row.IsNull(2)) {
      orphans.push_back(name + ", which is not there");
    } else if (reservation.taken_by_anyone) {
      orphans.push_back(absl::StrCat(name, ", which bears ", row.Bytes(2)));
    } else {
      broken.push_back(absl::StrCat(name, ", which bears ", row.Bytes(2), " and will never take it"));
    }
  }
  return ExpectNone(connection, reservation.unreserved, absl::StrCat("unreserved ", reservation.what), broken);
}

absl::Status FindLinksOfNoOrder(const Schemas& schemas, Sentences& orphans) {
  ASSIGN_OR_RETURN(const std::vector<Row> named, schemas.order->Query(kOrderLinks, {}));
  ASSIGN_OR_RETURN(const std::vector<Row> active, schemas.link->Query(kActiveLinks, {}));
  std::set<Uuid> links;
  for (const Row& row : named) links.insert(row.Id(0));
  for (const Row& row : active) {
    if (!links.contains(row.Id(0))) orphans.push_back("no order names the active link " + row.Id(0).ToString());
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckReservations(const Schemas& schemas, Sentences& broken, Sentences& orphans) {
  RETURN_IF_ERROR(CheckReservation(*schemas.partner, kPartnerNumbers, broken, orphans));
  RETURN_IF_ERROR(CheckReservation(*schemas.billing, kAccountNumbers, broken, orphans));
  RETURN_IF_ERROR(CheckReservation(*schemas.billing, kBankReferences, broken, orphans));
  RETURN_IF_ERROR(ExpectNone(*schemas.order, kOrdersWithoutAccount,
                             "an order is not billed to the account reserved for its customer", broken));
  RETURN_IF_ERROR(
      ExpectNone(*schemas.order, kSharedAccounts, "one billing account is reserved for two customers", broken));
  RETURN_IF_ERROR(ExpectNone(*schemas.order, kAccountsLeftBehind,
                             "a change of partner reserved no account for its customer", broken));
  ASSIGN_OR_RETURN(const std::vector<Row> accounts, schemas.order->Query(kAccountsWithoutOrder, {}));
  for (const Row& row : accounts) {
    orphans.push_back(absl::StrCat("billing account ", row.Id(0).ToString(), " is reserved for customer ",
                                   row.Id(1).ToString(), ", which has no order"));
  }
  return FindLinksOfNoOrder(schemas, orphans);
}

}  // namespace countersign::integration
