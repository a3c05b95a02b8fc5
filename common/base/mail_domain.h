// The domain of an e-mail address.
#ifndef COUNTERSIGN_COMMON_BASE_MAIL_DOMAIN_H_
#define COUNTERSIGN_COMMON_BASE_MAIL_DOMAIN_H_

#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/string_view.h"

namespace countersign {

// The part behind the last @, in lower case; empty where there is none.
inline std::string MailDomainOf(absl::string_view address) {
  const size_t at = address.rfind('@');
  return at == absl::string_view::npos ? "" : absl::AsciiStrToLower(address.substr(at + 1));
}

}  // namespace countersign

#endif  // COUNTERSIGN_COMMON_BASE_MAIL_DOMAIN_H_
