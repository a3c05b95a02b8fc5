#ifndef COUNTERSIGN_LINK_SERVICE_SRC_DOMAIN_MASKED_ADDRESS_H_
#define COUNTERSIGN_LINK_SERVICE_SRC_DOMAIN_MASKED_ADDRESS_H_

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace countersign::link {

// "a•••@c•••" of "ann@contoso.example": its owner knows it again, and nobody else learns it. Of ASCII, as a mail
// address on the wire is; empty for what is no address.
inline std::string MaskedAddress(absl::string_view address) {
  const size_t at = address.find('@');
  if (at == absl::string_view::npos || at == 0 || at + 1 >= address.size()) return "";
  return absl::StrCat(address.substr(0, 1), "•••@", address.substr(at + 1, 1), "•••");
}

}  // namespace countersign::link

#endif  // COUNTERSIGN_LINK_SERVICE_SRC_DOMAIN_MASKED_ADDRESS_H_
