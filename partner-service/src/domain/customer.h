// An entry of a partner's address book.
#ifndef COUNTERSIGN_PARTNER_SERVICE_SRC_DOMAIN_CUSTOMER_H_
#define COUNTERSIGN_PARTNER_SERVICE_SRC_DOMAIN_CUSTOMER_H_

#include <cstdint>
#include <string>

#include "absl/time/time.h"
#include "common/base/uuid.h"

namespace countersign::partner {

struct Customer {
  Uuid partner_id;
  Uuid customer_id;
  std::string display_name;
  std::string contact_name;  // May be empty, as the two below.
  std::string contact_email;
  std::string partner_reference;  // The partner's own key.
  int64_t version = 1;            // Grows by one with every change.
  absl::Time create_time;
  absl::Time update_time;
};

}  // namespace countersign::partner

#endif  // COUNTERSIGN_PARTNER_SERVICE_SRC_DOMAIN_CUSTOMER_H_
