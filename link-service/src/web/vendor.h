// The vendor, as the page names it: configuration.
#ifndef COUNTERSIGN_LINK_SERVICE_SRC_WEB_VENDOR_H_
#define COUNTERSIGN_LINK_SERVICE_SRC_WEB_VENDOR_H_

#include <memory>
#include <string>

#include "link-service/src/web/agreements.h"
#include "link-service/src/web/logo.h"

namespace countersign::link {

struct Vendor {
  std::string name;
  std::string contact = {};       // How customers reach it, an e-mail address or a number; may be empty.
  std::string legal_entity = {};  // The seller on invoices: name and seat. Empty: the name.
  std::string privacy_url = {};   // May be empty.
  std::string public_url = {};    // The page's own address, shown to customers. No slash at its end.
  // #rrggbb of buttons and links on light and on dark paper; empty: the page's own. See web/colour.h.
  std::string accent = {};
  std::string accent_dark = {};
  std::shared_ptr<const Logo> logo = nullptr;  // Null: the name stands for it.
  Agreements agreements = {};
  bool finds_receipts = false;  // /find mails receipts' addresses again.

  const std::string& seller() const { return legal_entity.empty() ? name : legal_entity; }
};

}  // namespace countersign::link

#endif  // COUNTERSIGN_LINK_SERVICE_SRC_WEB_VENDOR_H_
