// An entry of a partner's address book.
#ifndef COUNTERSIGN_PARTNER_SERVICE_SRC_DOMAIN_CUSTOMER_H_
#define COUNTERSIGN_PARTNER_SERVICE_SRC_DOMAIN_CUSTOMER_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/uuid.h"

namespace countersign::partner {

struct Customer {
  Uuid partner_id;
  Uuid customer_id;
  absl::Time create_time;
  std::string display_name = {};
  std::string contact_name = {};  // May be empty, as the two below.
  std::string contact_email = {};
  std::string partner_reference = {};        // The partner's own key.
  std::optional<absl::Time> archive_time{};  // Set: no new order may be tailored to it.
  std::optional<absl::Time> erase_time{};    // Set: the four texts are empty, for good.
  int64_t version = 1;                       // Grows by one with every change.
  absl::Time update_time;
};

// The fields that a caller may set; nullopt: unchanged.
struct CustomerFields {
  std::optional<std::string> display_name = {};
  std::optional<std::string> contact_name = {};
  std::optional<std::string> contact_email = {};
  std::optional<std::string> partner_reference = {};
};

// The first version of a customer. A field that is nullopt is empty.
Customer NewCustomer(const Uuid& partner, const Uuid& customer, const CustomerFields& fields, absl::Time now);

// NOT_FOUND CUSTOMER_NOT_FOUND.
absl::Status NoSuchCustomer(const Uuid& customer_id);

// OK while something may be done with it. Errors: FAILED_PRECONDITION CUSTOMER_ARCHIVED, CUSTOMER_ERASED.
absl::Status CheckNotArchived(const Customer& customer);

// OK once it is erased. Error: FAILED_PRECONDITION CUSTOMER_NOT_ERASED.
absl::Status CheckErased(const Customer& customer);

// The next version of the customer. Errors: CUSTOMER_ARCHIVED, CUSTOMER_ERASED.
absl::StatusOr<Customer> Update(const Customer& customer, const CustomerFields& fields, absl::Time now);

// The customer after it was archived, for good: its next version. Errors: CUSTOMER_ARCHIVED, CUSTOMER_ERASED.
absl::StatusOr<Customer> Archive(const Customer& customer, absl::Time now);

// The customer without anything personal, archived: its next version. It may be erased before.
Customer Erase(const Customer& customer, absl::Time now);

}  // namespace countersign::partner

#endif  // COUNTERSIGN_PARTNER_SERVICE_SRC_DOMAIN_CUSTOMER_H_
