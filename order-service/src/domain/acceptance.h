#ifndef COUNTERSIGN_ORDER_SERVICE_SRC_DOMAIN_ACCEPTANCE_H_
#define COUNTERSIGN_ORDER_SERVICE_SRC_DOMAIN_ACCEPTANCE_H_

#include <string>

#include "absl/time/time.h"
#include "common/base/postal_address.h"

namespace countersign::order {

// The customer's acceptance, as typed, seen and pressed: stored in the commit that confirms, never changed afterwards.
// Personal data: it lives in the table of acceptances and nowhere else here.
struct Acceptance {
  std::string purchase_order_number;  // The customer's own; may be empty.
  std::string company_name;
  std::string billing_email;
  PostalAddress billing_address;
  std::string agreement_version;
  std::string content_sha256;  // 32 bytes: what was shown.
  std::string ip_address;      // May be empty.
  std::string user_agent;      // May be empty.
  absl::Time press_time;
  std::string confirmer_name;  // The person who pressed. This and the next two are empty in older acceptances.
  std::string confirmer_title;
  std::string confirmer_email;
  std::string tax_id;         // The company's; may be empty.
  std::string language_code;  // BCP 47, of the page that was shown; may be empty.

  // False: a billing account that is there pays.
  bool NamesPayer() const { return !company_name.empty(); }

  friend bool operator==(const Acceptance&, const Acceptance&) = default;
};

}  // namespace countersign::order

#endif  // COUNTERSIGN_ORDER_SERVICE_SRC_DOMAIN_ACCEPTANCE_H_
