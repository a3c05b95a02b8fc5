// The answers to a press on the receipt: a preview of the act, the code for it, and the act itself.
#ifndef COUNTERSIGN_LINK_SERVICE_SRC_PAGE_RECEIPT_ACT_PAGES_H_
#define COUNTERSIGN_LINK_SERVICE_SRC_PAGE_RECEIPT_ACT_PAGES_H_

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "link-service/src/domain/guess_limiter.h"
#include "link-service/src/page/codes.h"
#include "link-service/src/page/receipt_acts.h"
#include "link-service/src/web/act_page.h"
#include "link-service/src/web/form.h"
#include "link-service/src/web/http_message.h"
#include "link-service/src/web/order_forms.h"
#include "link-service/src/web/vendor.h"

namespace countersign::link {

// Thread-safe.
class ReceiptActPages {
 public:
  // All must outlive it.
  ReceiptActPages(ReceiptActs& acts, Codes& codes, const Vendor& vendor)
      : acts_(acts), codes_(codes), vendor_(vendor) {}

  // 200 with a preview, where a code was mailed, or with the transfer codes that were made, shown only then; 303 to the
  // receipt once an act is recorded, also again; 409 with the preview where it changed; 422 with it where the code is
  // not right, or with the partner's number that was typed where nobody can be asked by it; 429 and 503 where no code
  // was mailed; 429 too for too many numbers; nullopt for a form that is none of ours. Error: what kept it from being
  // answered.
  absl::StatusOr<std::optional<web::HttpResponse>> Press(PressedPage pressed, const web::Form& form,
                                                         const std::string& receipt_path);

  const ReceiptActs& acts() const { return acts_; }

 private:
  // Counts a partner's number that the link's receipt asks about. False: it asked about too many.
  bool MayLookUp(const Link& link);
  // The new billing contact, with the error to show where the account cannot have it.
  absl::StatusOr<web::ContactSubmission> ReadContact(const PressedPage& pressed, const web::Form& form,
                                                     const v1::ReceiptActPlan& plan) const;
  // To `to`, or, where that is empty, to the billing contact.
  web::HttpResponse MailCode(const PressedPage& pressed, ReceiptActKind kind, const std::string& to,
                             web::ActPageView view);
  // The answer to a code that is not right; nullopt for a right one, which `pressed` then names.
  absl::StatusOr<std::optional<web::HttpResponse>> CheckCode(PressedPage& pressed, ReceiptActKind kind,
                                                             const web::Form& form, web::ActPageView view);

  // Partners' numbers that one link may try, so that nobody learns from it who is a partner.
  static constexpr double kNumbersAtOnce = 20;
  static constexpr absl::Duration kNumberRefill = absl::Minutes(10);

  ReceiptActs& acts_;
  Codes& codes_;
  const Vendor& vendor_;
  GuessLimiter numbers_{kNumbersAtOnce, kNumberRefill};
};

}  // namespace countersign::link

#endif  // COUNTERSIGN_LINK_SERVICE_SRC_PAGE_RECEIPT_ACT_PAGES_H_
