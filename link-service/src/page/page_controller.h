// The customer's side of link-service: what a link's address answers. Opening never changes an order; only a person's
// press of a button does.
#ifndef COUNTERSIGN_LINK_SERVICE_SRC_PAGE_PAGE_CONTROLLER_H_
#define COUNTERSIGN_LINK_SERVICE_SRC_PAGE_PAGE_CONTROLLER_H_

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/clock.h"
#include "common/base/crypto.h"
#include "link-service/src/clients/billing_client.h"
#include "link-service/src/clients/order_client.h"
#include "link-service/src/domain/guess_limiter.h"
#include "link-service/src/domain/link.h"
#include "link-service/src/page/codes.h"
#include "link-service/src/page/new_links.h"
#include "link-service/src/page/press.h"
#include "link-service/src/page/receipt_act_pages.h"
#include "link-service/src/page/receipt_finder.h"
#include "link-service/src/page/receipts.h"
#include "link-service/src/page/shown_page.h"
#include "link-service/src/page/view_counter.h"
#include "link-service/src/store/link_store.h"
#include "link-service/src/store/press_store.h"
#include "link-service/src/web/form.h"
#include "link-service/src/web/http_message.h"
#include "link-service/src/web/page.h"
#include "link-service/src/web/vendor.h"

namespace countersign::link {

// The controller's collaborators; all must outlive it.
struct PageParts {
  const LinkStore& links;
  const PressStore& press_store;
  Presses& presses;
  Codes& codes;
  NewLinks& new_links;
  ReceiptActPages& receipt_acts;
  const Receipts& receipts;
  ReceiptFinder& finder;
  ViewCounter& views;
  OrderClient& orders;
  BillingClient& billing;
  const KeyRing& link_keys;
  const Clock& clock;
  bool writes_mail = false;  // To whoever confirmed, and to the address for invoices.
};

// Thread-safe.
class PageController {
 public:
  PageController(const PageParts& parts, Vendor vendor) : parts_(parts), vendor_(std::move(vendor)) {}

  // GET and HEAD: 200 with the page for the link's state, or with one of the receipt's invoices; 404 for another's,
  // 409 while it cannot be printed. /find: the form that asks for an access link.
  // POST: 303 to the same address when order-service decided (or had decided) as asked; 400 for a body that is not one
  // of our forms; 422 with the page when details need fixing; 409 with the page when the order has changed or can no
  // longer be confirmed; 503 with the page and what was typed when order-service did not answer.
  // POST to /find: 303 to the one answer, whoever asks for what; 422 with the page when something is no number or no
  // address; 429 after too many.
  // All: 404 with the same bytes for every address that opens no link; 429 after too many of those (a good link is
  // served all the same); 503 when the database is down; 500.
  web::HttpResponse Handle(const web::HttpRequest& request);

 private:
  // A request whose token opened `link`.
  struct Visit {
    const web::HttpRequest& request;
    const absl::StatusOr<web::Form>& form;  // Of a POST.
    const Link& link;
    const ShownPage& page;
    bool by_receipt = false;  // The token was a receipt's, of a link that is confirmed …
    bool by_contact = false;  // … namely the one that was mailed to the billing contact alone.
  };

  // The page of `link` for the request: in the language of the form's content where its hash names it, so that a
  // language alone sends nobody back to review.
  absl::StatusOr<ShownPage> PageOf(const web::HttpRequest& request, const absl::StatusOr<web::Form>& form,
                                   const Link& link) const;
  // The link's page as it is now, in the language in which its content has this hash; nullopt: in none.
  absl::StatusOr<std::optional<ShownPage>> FindShown(const Link& link, absl::string_view sha256) const;
  // 303 to `path`, in the visit's language.
  static web::HttpResponse Redirect(const Visit& visit, absl::string_view path);
  // An agreement by its version, which is no secret.
  web::HttpResponse Agreement(const web::HttpRequest& request);
  // /find: who lost a receipt gets its address by mail.
  web::HttpResponse FindPage(const web::HttpRequest& request);
  web::HttpResponse Find(const web::HttpRequest& request, const web::Form& form);
  web::HttpResponse Answer(const web::HttpRequest& request);
  // The link that the request's path opens, itself or by a receipt. Errors: NOT_FOUND (the path opens none, whatever
  // the reason), those of LinkStore.
  struct Opened {
    Link link;
    bool by_receipt = false;
    bool by_contact = false;
  };
  absl::StatusOr<Opened> Open(const web::HttpRequest& request);
  // Whether what was opened may still be read.
  absl::StatusOr<bool> IsStillReadable(const web::HttpRequest& request, const Opened& opened) const;
  web::HttpResponse Serve(const Visit& visit);
  // Counts the view, and records a person's, after the answer.
  void CountView(const Visit& visit);
  std::string ReceiptPath(const Link& link, const Uuid& form_id) const;
  // The state to show to somebody who opens the link: also that a press is still undecided.
  absl::StatusOr<web::OrderPageState> StateOf(const Visit& visit);
  web::HttpResponse Show(const Visit& visit, web::OrderPageState state, int status,
                         web::LostPress lost = web::LostPress::kNone);
  absl::StatusOr<web::OrderPageView> ViewFor(const Visit& visit, web::OrderPageState state);
  // The changes since the content of this hash was shown; empty if that content is not kept.
  std::vector<std::string> ChangesSince(const Visit& visit, const std::string& content_hash);
  web::HttpResponse Render(absl::StatusOr<web::OrderPageView> view, int status, const Visit& visit);
  // Errors that pass on their own.
  static bool IsPassing(const absl::Status& status);
  web::HttpResponse ErrorPage(const absl::Status& error, const web::HttpRequest& request);
  // 404 and 400.
  web::HttpResponse Refusal(int status, const web::HttpRequest& request);

  web::HttpResponse Press(const Visit& visit);
  // The answer to a press on a link that is decided already.
  web::HttpResponse PressTooLate(const Visit& visit, web::OrderAction action, const Uuid& form_id);
  static PressedPage PressedOn(const Visit& visit, const Uuid& form_id);
  // Confirm order, and Enter in a field, which checks the details alike and orders nothing.
  web::HttpResponse Confirm(const Visit& visit, const web::Form& form, web::OrderAction action);
  // The confirm form, as far as this order asks for it.
  static web::ConfirmSubmission ReadForm(const Visit& visit, const web::Form& form);
  // True when the content of this hash is the order's content of now, in whatever language.
  bool IsShownNow(const Visit& visit, const std::string& content_hash) const;
  // The page with everything that was typed. With a state other than kReview when the form was of another content.
  absl::StatusOr<web::OrderPageView> Filled(const Visit& visit, const web::Form& form,
                                            const web::ConfirmSubmission& submission);
  // The same page in another language, with everything that was typed. Only the tick is to be set again: what it
  // accepts is put in other words.
  web::HttpResponse ChangeLanguage(const Visit& visit, const web::Form& form);
  web::HttpResponse SendCode(const Visit& visit, const web::Form& form);
  // Checks the code for a press; where it is not right, the answer to show.
  std::optional<web::HttpResponse> CheckCode(PressedPage& pressed, web::OrderPageView& view, const Visit& visit);
  web::HttpResponse Decline(const Visit& visit, const web::Form& form);
  // An act on the receipt.
  web::HttpResponse PressOnReceipt(const Visit& visit);
  // "Ask your partner for a new link", on the page of an expired one.
  web::HttpResponse AskForNewLink(const Visit& visit);
  // The answer to a press. Where its result is not known, the page shows `typed` again.
  struct Typed {
    web::OrderAction action;
    web::ConfirmFormText form;
    std::string decline_reason;
    Uuid form_id;
  };
  web::HttpResponse AfterPress(const Visit& visit, const absl::StatusOr<Presses::Decided>& result, const Typed& typed);

  // One of the receipt's invoices.
  web::HttpResponse Print(const Visit& visit, absl::string_view number);
  static rpc::Outgoing OutgoingFor(const web::HttpRequest& request, const Link& link);
  // Adds which account pays for a change. Without the peers the page says that it cannot show it.
  void AddPayer(const Visit& visit, web::OrderPageView& view);
  // Adds what the peers know of a confirmed order. Without them the page says which part it cannot show.
  void AddFromPeers(const Visit& visit, web::OrderPageView& view);
  // Adds to a receipt what was entered, and to the link's page where the vendor wrote.
  void AddFromPress(const Visit& visit, web::OrderPageView& view);

  // Of one address.
  static constexpr double kFindsAtOnce = 10;
  static constexpr absl::Duration kFindRefill = absl::Minutes(1);

  const PageParts parts_;
  const Vendor vendor_;
  GuessLimiter guesses_;
  GuessLimiter finds_{kFindsAtOnce, kFindRefill};
};

}  // namespace countersign::link

#endif  // COUNTERSIGN_LINK_SERVICE_SRC_PAGE_PAGE_CONTROLLER_H_
