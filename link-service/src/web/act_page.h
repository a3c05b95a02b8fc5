// The page that shows what an act on the receipt would do, and takes the code that confirms it.
#ifndef COUNTERSIGN_LINK_SERVICE_SRC_WEB_ACT_PAGE_H_
#define COUNTERSIGN_LINK_SERVICE_SRC_WEB_ACT_PAGE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/base/date.h"
#include "common/base/money.h"
#include "link-service/src/web/language.h"
#include "link-service/src/web/vendor.h"

namespace countersign::link::web {

// The act's effect on one subscription.
struct ActItemView {
  std::string offer_title;
  int64_t seats = 0;
  bool now = false;                    // It ends now; else with its term, unrenewed.
  Date end_date;                       // The first day not served.
  std::optional<Money> credited = {};  // With tax; none: nothing is.
  std::string transfer_code = {};      // kCodesShown only.
};

enum class ActPageState {
  kPreview,
  kChanged,        // What it would do is not what the form showed: nothing was done.
  kCodeMailed,     // To code_sent_to.
  kCodeNotMailed,  // It could not be mailed, or too many were today.
  kCodeWrong,      // code_error says why.
  kCodesShown,     // The transfer codes were made. They are shown this once.
};

struct ActPageView {
  const Language* language = &English();
  Vendor vendor;
  std::string order_number = {};
  // The form's value: "cancel", "do_not_renew", "transfer_code", "remove_partner", "refuse_partner",
  // "ask_partner", "change_contact", "correct_contact".
  std::string act = {};
  ActPageState state = ActPageState::kPreview;
  std::vector<ActItemView> items = {};  // None: there is nothing to do, unless it is about the contact.
  std::string partner_number = {};      // ask_partner: as typed, or of the partner that is shown …
  std::string partner_name = {};        // … where there are items …
  std::string partner_error = {};       // … or why nobody can be asked.
  std::string corrector = {};           // correct_contact: who gets the code, masked.
  std::string contact = {};             // About the contact: the present one, masked …
  std::string new_email = {};           // … and the new one as typed …
  std::string email_error = {};         // … which may be wrong.
  std::string code_sent_to = {};        // Masked; empty: no code was mailed yet.
  std::string code = {};                // As typed.
  std::string code_error = {};
  bool too_many_codes = false;
  std::string form_id = {};
  std::string plan_hash = {};
};

std::string RenderActPage(const ActPageView& view);

}  // namespace countersign::link::web

#endif  // COUNTERSIGN_LINK_SERVICE_SRC_WEB_ACT_PAGE_H_
