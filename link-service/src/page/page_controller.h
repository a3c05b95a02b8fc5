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
#include "link-service/src/page/press.h"
#include "link-service/src/page/shown_page.h"
#include "link-service/src/page/view_counter.h"
#include "link-service/src/store/link_store.h"
#include "link-service/src/web/form.h"
#include "link-service/src/web/http_message.h"
#include "link-service/src/web/page.h"

namespace countersign::link {

// The controller's collaborators; all must outlive it.
struct PageParts {
  const LinkStore& links;
  Presses& presses;
  ViewCounter& views;
  OrderClient& orders;
  BillingClient& billing;
  const KeyRing& link_keys;
  const Clock& clock;
};

// The vendor, as the page names it.
struct Vendor {
  std::string name;
  std::string contact = {};  // How customers reach it; may be empty.
};

// Thread-safe.
class PageController {
 public:
  PageController(const PageParts& parts, Vendor vendor) : parts_(parts), vendor_(std::move(vendor)) {}

  // GET and HEAD: 200 with the page for the link's state.
  // POST: 303 to the same address when order-service decided (or had decided) as asked; 400 for a body that is not one
  // of our forms; 422 with the page when details need fixing; 409 with the page when the order has changed or can no
  // longer be confirmed; 503 with the page and what was typed when order-service did not answer.
  // All: 404 with the same bytes for every address that opens no link; 429 after too many of those (a good link is
  // served all the same); 503 when the database is down; 500.
  web::HttpResponse Handle(const web::HttpRequest& request);

 private:
  // A request whose token opened `link`.
  struct Visit {
    const web::HttpRequest& request;
    const Link& link;
    const ShownPage& page;
  };

  web::HttpResponse Answer(const web::HttpRequest& request);
  // The link that the request's path opens. Errors: NOT_FOUND (the path opens none, whatever the reason), those of
  // LinkStore.
  absl::StatusOr<Link> Open(const web::HttpRequest& request);
  web::HttpResponse Show(const Visit& visit, web::OrderPageState state, int status);
  web::HttpResponse Render(const absl::StatusOr<web::OrderPageView>& view, int status, const web::HttpRequest& request);
  web::HttpResponse ErrorPage(const absl::Status& error, const web::HttpRequest& request);

  web::HttpResponse Press(const Visit& visit);
  static PressedPage PressedOn(const Visit& visit);
  web::HttpResponse Confirm(const Visit& visit, const web::Form& form);
  web::HttpResponse Decline(const Visit& visit, const web::Form& form);
  // The answer to a press. Where its result is not known, `not_known` completes the page.
  web::HttpResponse AfterPress(const Visit& visit, const absl::StatusOr<Presses::Decided>& result,
                               absl::FunctionRef<void(web::OrderPageView&)> not_known);

  // Adds what the peers know of a confirmed order. Best effort: without them the page says less, but nothing wrong.
  void AddFromPeers(const Visit& visit, web::OrderPageView& view);

  const PageParts parts_;
  const Vendor vendor_;
  GuessLimiter guesses_;
};

}  // namespace countersign::link

#endif  // COUNTERSIGN_LINK_SERVICE_SRC_PAGE_PAGE_CONTROLLER_H_
