// The customer's side of link-service: what a link's address answers. Opening never changes an order; only a person's
// press of a button does.
#ifndef COUNTERSIGN_LINK_SERVICE_SRC_PAGE_PAGE_CONTROLLER_H_
#define COUNTERSIGN_LINK_SERVICE_SRC_PAGE_PAGE_CONTROLLER_H_

#include <string>
#include <utility>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/clock.h"
#include "common/base/crypto.h"
#include "link-service/src/clients/billing_client.h"
#include "link-service/src/clients/order_client.h"
#include "link-service/src/domain/guess_limiter.h"
#include "link-service/src/domain/link.h"
#include "link-service/src/page/press_handlers.h"
#include "link-service/src/page/shown_page.h"
#include "link-service/src/page/view_counter.h"
#include "link-service/src/store/link_store.h"
#include "link-service/src/web/form.h"
#include "link-service/src/web/http_message.h"
#include "link-service/src/web/page.h"

namespace countersign::link {

// What the controller works with; all must outlive it.
struct PageParts {
  LinkStore& links;
  PressHandlers& presses;
  ViewCounter& views;
  OrderClient& orders;
  BillingClient& billing;
  const KeyRing& link_keys;
  const Clock& clock;
};

// Whose services these are, as the page names them.
struct Vendor {
  std::string name;
  std::string contact = {};  // How customers reach it; may be empty.
};

// Thread-safe.
class PageController {
 public:
  PageController(const PageParts& parts, Vendor vendor) : parts_(parts), vendor_(std::move(vendor)) {}

  // GET and HEAD: 200 with the page of the link's state. POST: 303 to the same address where order-service decided (or
  // had decided) as asked; 400 for a body that is no form of ours, 422 with the page for details that need fixing, 409
  // with the page for what cannot be confirmed any more or has changed, 503 with the page and what was typed where
  // order-service did not answer. Any: 404 with the same bytes for every address that opens no link, 429 for those
  // beyond what one client may try (a good link is served all the same), 503 when the database is down, 500.
  web::HttpResponse Handle(const web::HttpRequest& request);

 private:
  // A request whose token opened `link`.
  struct Visit {
    const web::HttpRequest& request;
    const Link& link;
    const ShownPage& page;
  };

  web::HttpResponse Answer(const web::HttpRequest& request);
  // The link that the request's path opens. Errors: NOT_FOUND (none, whatever the reason), those of LinkStore.
  absl::StatusOr<Link> Open(const web::HttpRequest& request);
  web::HttpResponse Show(const Visit& visit, web::OrderPageState state, int status);
  web::HttpResponse Render(const absl::StatusOr<web::OrderPageView>& view, int status, const web::HttpRequest& request);
  web::HttpResponse ErrorPage(const absl::Status& error, const web::HttpRequest& request);

  web::HttpResponse Press(const Visit& visit);
  static PressedPage PressedOn(const Visit& visit);
  web::HttpResponse Confirm(const Visit& visit, const web::Form& form);
  web::HttpResponse Decline(const Visit& visit, const web::Form& form);
  // What a press led to, unless it is not known: `not_known` makes that page.
  web::HttpResponse AfterPress(const Visit& visit, const absl::StatusOr<PressHandlers::Decided>& result,
                               absl::FunctionRef<void(web::OrderPageView&)> not_known);

  // Adds what the peers know of a confirmed order. Best effort: without them the page says less, and is no less true.
  void AddFromPeers(const Visit& visit, web::OrderPageView& view);

  const PageParts parts_;
  const Vendor vendor_;
  GuessLimiter guesses_;
};

}  // namespace countersign::link

#endif  // COUNTERSIGN_LINK_SERVICE_SRC_PAGE_PAGE_CONTROLLER_H_
