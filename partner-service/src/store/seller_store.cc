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

// An authorization that starts at its creation is in force wherever it is seen: another replica's clock may be behind.
// One row for each authorization in force, or one without a product; no row without the customer or its partner.
const mysql::KeyedSelect& SelectSeller() {
  static const auto* const select = new mysql::KeyedSelect{
      .select =
          absl::StrCat("SELECT ", mysql::ColumnsOf(kCustomers, "customers"), ", ",
                       mysql::ColumnsOf(kPartners, "partners"), ", (", kSelectCurrentAgreement,
                       "), authorizations.product FROM customers FORCE INDEX (PRIMARY) "
                       "JOIN partners FORCE INDEX (PRIMARY) ON partners.partner_id = customers.partner_id "
                       "LEFT JOIN authorizations ON authorizations.partner_id = customers.partner_id "
                       "AND (authorizations.start_time <= ? OR authorizations.start_time = authorizations.create_time) "
                       "AND (authorizations.end_time IS NULL OR authorizations.end_time > ?)"),
      .key = "customers.partner_id, customers.customer_id"};
  return *select;
}

struct SellerRow {
  Customer customer;
  Partner partner;
  std::string current_agreement = {};  // Empty: none is in force.
  std::string product = {};            // Empty: none.
};

SellerRow SellerRowOf(mysql::RowReader& row) {
  return {.customer = CustomerOf(row),
          .partner = PartnerOf(row),
          .current_agreement = row.TextOrEmpty(),
          .product = row.TextOrEmpty()};
}

}  // namespace

absl::StatusOr<Seller> SellerStore::Get(absl::Time deadline, const Uuid& partner_id, const Uuid& customer_id,
                                        absl::Time now) const {
  ASSIGN_OR_RETURN(std::vector<SellerRow> rows,
                   mysql::ListByKey<SellerRow>(database_, deadline, SelectSeller(), {partner_id, customer_id},
                                               {now, now, now}, SellerRowOf));
  if (rows.empty()) {
    ASSIGN_OR_RETURN(const std::optional<Partner> partner,
                     mysql::FindOne<Partner>(database_, deadline, kPartners, {partner_id}, PartnerOf));
    return partner.has_value() ? NoSuchCustomer(customer_id) : NoSuchPartner(partner_id);
  }
  SellerRow& first = rows.front();
  if (first.current_agreement.empty()) return NoAgreementInForce();
  Seller seller{.partner = std::move(first.partner),
                .customer = std::move(first.customer),
                .current_agreement = std::move(first.current_agreement),
                .products = {}};
  for (SellerRow& row : rows) {
    if (!row.product.empty()) seller.products.insert(std::move(row.product));
  }
  return seller;
}

}  // namespace countersign::partner
