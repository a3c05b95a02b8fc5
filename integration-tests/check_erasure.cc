// Of an erased customer nothing personal is left: no column that was forgotten, in no service, but what a ground
// allows.
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "integration-tests/checks.h"
#include "integration-tests/suite.h"

namespace countersign::integration {
namespace {

using mysql::Row;

struct Trace {
  Service service;
  absl::string_view sql;  // Finds what was left.
  absl::string_view sentence;
};

constexpr Trace kTraces[] = {
    {Service::kPartner,
     "SELECT HEX(customer_id) FROM customers WHERE erase_time IS NOT NULL AND (display_name <> '' OR contact_name <> "
     "'' "
     "OR contact_email <> '' OR partner_reference <> '' OR archive_time IS NULL)",
     "an erased customer still has its name, contact or reference"},
    {Service::kOrder,
     "SELECT HEX(order_id) FROM orders WHERE erase_time IS NOT NULL AND (customer_note <> '' OR state_reason <> '' OR "
     "customer_name <> '' OR state NOT IN ('COMPLETED', 'DECLINED', 'EXPIRED', 'CANCELLED'))",
     "an erased order still has its words, or has not ended"},
    {Service::kOrder,
     "SELECT HEX(r.order_id) FROM order_revisions r JOIN orders o ON o.partner_id = r.partner_id AND o.order_id = "
     "r.order_id WHERE o.erase_time IS NOT NULL AND (r.customer_note <> '' OR r.state_reason <> '')",
     "a revision of an erased order still has its words"},
    {Service::kOrder,
     "SELECT HEX(a.order_id) FROM acceptances a JOIN orders o ON o.partner_id = a.partner_id AND o.order_id = "
     "a.order_id WHERE o.erase_time IS NOT NULL AND (a.purchase_order_number <> '' OR a.company_name <> '' OR "
     "a.billing_email <> '' OR a.ip_address <> '' OR a.user_agent <> '' OR a.confirmer_name <> '' OR "
     "a.confirmer_title <> '' OR a.confirmer_email <> '' OR a.tax_id <> '' OR "
     "a.billing_address NOT LIKE '%\"address_lines\":[],%' OR a.billing_address NOT LIKE '%\"locality\":\"\",%')",
     "an acceptance of an erased order still says who confirmed"},
    {Service::kLink, "SELECT HEX(link_id) FROM links WHERE review = '' AND secret_hmac <> REPEAT(CHAR(0), 32)",
     "an erased link can still be opened"},
    {Service::kLink,
     "SELECT HEX(p.press_id) FROM presses p JOIN links l ON l.link_id = p.link_id WHERE l.review = '' AND "
     "(p.evidence <> '' OR p.salt <> '')",
     "a press of an erased link still has its evidence"},
    {Service::kLink,
     "SELECT HEX(v.view_id) FROM page_views v JOIN links l ON l.link_id = v.link_id WHERE l.review = '' AND "
     "(v.evidence <> '' OR v.salt <> '')",
     "a view of an erased link still has its evidence"},
    {Service::kLink,
     "SELECT HEX(a.act_id) FROM receipt_acts a JOIN links l ON l.link_id = a.link_id WHERE l.review = '' AND "
     "(a.plan <> '' OR a.evidence <> '' OR a.salt <> '')",
     "an act of an erased link still has its evidence"},
    {Service::kLink,
     "SELECT HEX(l.link_id) FROM links l WHERE l.review = '' AND (EXISTS (SELECT 1 FROM page_contents c WHERE "
     "c.link_id = l.link_id) OR EXISTS (SELECT 1 FROM codes c WHERE c.link_id = l.link_id))",
     "what an erased link showed or mailed is still there"},
    {Service::kBilling,
     "SELECT account_number FROM billing_accounts WHERE state = 'ERASED' AND (company_name <> '' OR billing_email <> "
     "'' "
     "OR postal_code <> '' OR administrative_area <> '' OR locality <> '' OR address_lines <> '' OR recipients <> '' "
     "OR "
     "organization <> '' OR tax_id <> '' OR tax_exemption <> '' OR payment_token <> '' OR former_billing_email <> '' "
     "OR park_message <> '')",
     "an erased account still has its customer"},
    {Service::kBilling,
     "SELECT a.account_number FROM activation_confirmers c JOIN billing_accounts a ON a.account_id = c.account_id "
     "WHERE a.state = 'ERASED' AND (c.confirmer_name <> '' OR c.confirmer_role <> '' OR c.confirmer_email <> '')",
     "an erased account still says who confirmed"},
    {Service::kBilling,
     "SELECT a.account_number FROM order_labels l JOIN billing_accounts a ON a.account_id = l.account_id "
     "WHERE a.state = 'ERASED' AND l.customer_name <> ''",
     "an erased account's orders still name the customer"},
    {Service::kBilling,
     "SELECT a.account_number FROM parked_activations p JOIN billing_accounts a ON a.account_id = p.account_id "
     "WHERE a.state = 'ERASED' AND p.request <> '' AND p.state <> 'PARKED'",
     "a parked activation of an erased account still has its order although it was decided"},
    {Service::kBilling,
     "SELECT a.account_number FROM billing_contacts c JOIN billing_accounts a ON a.account_id = c.account_id "
     "WHERE a.state = 'ERASED' AND (c.billing_email <> '' OR c.code_email <> '')",
     "an erased account still has its former contacts"},
    {Service::kBilling,
     "SELECT a.account_number FROM notices n JOIN billing_accounts a ON a.account_id = n.account_id "
     "WHERE a.state = 'ERASED' AND n.bounce_reason <> ''",
     "a notice of an erased account still says why it bounced"},
    {Service::kBilling,
     "SELECT a.account_number FROM past_buyers p JOIN billing_accounts a ON a.account_id = p.account_id "
     "WHERE (a.state = 'ERASED') <> (p.delete_time IS NOT NULL)",
     "a past buyer has no end although its account is erased, or has one although it is not"},
};

mysql::Connection& SchemaOf(const Schemas& schemas, Service service) {
  switch (service) {
    case Service::kPartner:
      return *schemas.partner;
    case Service::kOrder:
      return *schemas.order;
    case Service::kLink:
      return *schemas.link;
    case Service::kBilling:
      break;
  }
  return *schemas.billing;
}

constexpr absl::string_view kErasedCustomers =
    "SELECT partner_id, customer_id FROM customers WHERE erase_time IS NOT NULL";
constexpr absl::string_view kOrdersOfCustomers =
    "SELECT partner_id, customer_id, order_id, erase_time IS NOT NULL, billing_account_id FROM orders";
constexpr absl::string_view kReadableLinks = "SELECT order_id FROM links WHERE review <> ''";
constexpr absl::string_view kNamedAccounts = "SELECT account_id FROM billing_accounts WHERE state <> 'ERASED'";

absl::StatusOr<std::set<Uuid>> ReadIds(mysql::Connection& connection, absl::string_view sql) {
  ASSIGN_OR_RETURN(const std::vector<Row> rows, connection.Query(sql, {}));
  std::set<Uuid> ids;
  for (const Row& row : rows) ids.insert(row.Id(0));
  return ids;
}

}  // namespace

absl::Status CheckErasedRows(const Schemas& schemas, Sentences& broken) {
  for (const Trace& trace : kTraces) {
    RETURN_IF_ERROR(ExpectNone(SchemaOf(schemas, trace.service), trace.sql, trace.sentence, broken));
  }
  return absl::OkStatus();
}

absl::Status CheckErasedEverywhere(const Schemas& schemas, Sentences& broken) {
  ASSIGN_OR_RETURN(const std::set<Uuid> undelivered, FindUndelivered(*schemas.partner));
  ASSIGN_OR_RETURN(const std::vector<Row> customers, schemas.partner->Query(kErasedCustomers, {}));
  std::set<std::pair<Uuid, Uuid>> erased;
  for (const Row& row : customers) {
    if (!undelivered.contains(row.Id(1))) erased.insert({row.Id(0), row.Id(1)});
  }
  ASSIGN_OR_RETURN(const std::set<Uuid> readable, ReadIds(*schemas.link, kReadableLinks));
  ASSIGN_OR_RETURN(const std::set<Uuid> accounts, ReadIds(*schemas.billing, kNamedAccounts));
  ASSIGN_OR_RETURN(const std::vector<Row> orders, schemas.order->Query(kOrdersOfCustomers, {}));
  for (const Row& order : orders) {
    if (!erased.contains({order.Id(0), order.Id(1)})) continue;
    const std::string name = absl::StrCat("order ", order.Id(2).ToString(), " of an erased customer");
    if (!order.Bool(3)) broken.push_back(name + " was not erased");
    if (readable.contains(order.Id(2))) broken.push_back(name + " has a link that was not erased");
    if (!order.IsNull(4) && accounts.contains(order.Id(4))) {
      broken.push_back(name + " has an account that was not erased");
    }
  }
  return absl::OkStatus();
}

}  // namespace countersign::integration
