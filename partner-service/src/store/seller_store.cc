#include "partner-service/src/store/seller_store.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/mysql/read.h"
#include "partner-service/src/store/agreement_store.h"
#include "partner-service/src/store/customer_store.h"
#include "partner-service/src/store/partner_store.h"

namespace countersign::partner {
namespace {

// What starts with its creation is in force wherever it is seen: another replica's clock may be behind.
// One row for each authorization in force, or one without a product; no row without the partner. The columns of a
// missing customer are NULL.
const std::string& SelectSeller() {
  static const auto* const sql = new std::string(absl::StrCat(
      "SELECT ", mysql::ColumnsOf(kPartners, "partners"), ", (", kSelectCurrentAgreement,
      "), authorizations.product, customers.customer_id IS NOT NULL, ", mysql::ColumnsOf(kCustomers, "customers"),
      " FROM partners LEFT JOIN customers ON customers.partner_id = ? AND customers.customer_id = ? "
      "LEFT JOIN authorizations ON authorizations.partner_id = ? "
      "AND (authorizations.start_time <= ? OR authorizations.start_time = authorizations.create_time) "
      "AND (authorizations.end_time IS NULL OR authorizations.end_time > ?) WHERE partners.partner_id = ?"));
  return *sql;
}

struct SellerRow {
  Partner partner;
  std::string current_agreement = {};  // Empty: none is in force.
  std::string product = {};            // Empty: none.
  std::optional<Customer> customer = {};
};

SellerRow SellerRowOf(mysql::RowReader& row) {
  SellerRow seller{.partner = PartnerOf(row), .current_agreement = row.TextOrEmpty(), .product = row.TextOrEmpty()};
  if (row.Bool()) seller.customer = CustomerOf(row);
  return seller;
}

}  // namespace

absl::StatusOr<Seller> SellerStore::Get(absl::Time deadline, const Uuid& partner_id, const Uuid& customer_id,
                                        absl::Time now) const {
  ASSIGN_OR_RETURN(
      std::vector<SellerRow> rows,
      mysql::ListBy<SellerRow>(database_, deadline, SelectSeller(),
                               {now, partner_id, customer_id, partner_id, now, now, partner_id}, SellerRowOf));
  if (rows.empty()) return NoSuchPartner(partner_id);
  SellerRow& first = rows.front();
  if (!first.customer.has_value()) return NoSuchCustomer(customer_id);
  if (first.current_agreement.empty()) return NoAgreementInForce();
  Seller seller{.partner = std::move(first.partner),
                .customer = *std::move(first.customer),
                .current_agreement = std::move(first.current_agreement),
                .products = {}};
  for (SellerRow& row : rows) {
    if (!row.product.empty()) seller.products.insert(std::move(row.product));
  }
  return seller;
}

}  // namespace countersign::partner
