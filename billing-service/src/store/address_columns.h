// An address as the columns region_code, postal_code, administrative_area, locality, address_lines, recipients,
// organization.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_STORE_ADDRESS_COLUMNS_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_STORE_ADDRESS_COLUMNS_H_

#include <vector>

#include "common/base/postal_address.h"
#include "common/mysql/connection.h"
#include "common/mysql/row_reader.h"

namespace countersign::billing {

PostalAddress AddressOf(mysql::RowReader& row);

void AppendAddress(const PostalAddress& address, std::vector<mysql::Parameter>& values);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_STORE_ADDRESS_COLUMNS_H_
