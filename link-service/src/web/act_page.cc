#include "link-service/src/web/act_page.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "link-service/src/web/page_parts.h"
#include "link-service/src/web/templates.h"

namespace countersign::link::web {
namespace {

// Messages.
struct ActText {
  absl::string_view heading;
  absl::string_view button;
};

ActText ActTextOf(absl::string_view act) {
  if (act == "cancel") return {"act.cancel_heading", "act.cancel_button"};
  if (act == "transfer_code") return {"act.transfer_heading", "act.transfer_button"};
  if (act == "remove_partner") return {"act.remove_heading", "act.remove_button"};
  if (act == "refuse_partner") return {"act.refuse_heading", "act.refuse_button"};
  if (act == "ask_partner") return {"act.ask_heading", "act.ask_button"};
  if (act == "change_contact") return {"act.contact_heading", "act.contact_button"};
  if (act == "correct_contact") return {"act.correct_heading", "act.correct_button"};
  return {"act.renewal_heading", "act.renewal_button"};
}

absl::string_view FlagOf(ActPageState state) {
  switch (state) {
    case ActPageState::kPreview:
      return "preview";
    case ActPageState::kChanged:
      return "changed";
    case ActPageState::kCodeMailed:
      return "code_mailed";
    case ActPageState::kCodeNotMailed:
      return "code_not_mailed";
    case ActPageState::kCodeWrong:
      return "code_wrong";
    case ActPageState::kCodesShown:
      return "codes_shown";
  }
  return "preview";
}

list ItemsOf(const ActPageView& view) {
  list items;
  for (const ActItemView& one : view.items) {
    data item;
    item.set("offer_title", one.offer_title);
    item.set("seats", view.language->NumberText(one.seats));
    const bool removes = view.act == "remove_partner", transfers = view.act == "transfer_code";
    const bool refuses = view.act == "refuse_partner", asks = view.act == "ask_partner";
    item.set("now", one.now);
    item.set("later", !one.now && !removes && !transfers && !refuses && !asks);
    item.set("removes", removes);
    item.set("refuses", refuses);
    SetOptional(item, "transfer_code", one.transfer_code);
    SetDate(item, *view.language, "end_date", "end_iso", one.end_date);
    SetOptional(item, "credited", one.credited.has_value() ? view.language->MoneyText(*one.credited) : "");
    items.push_back(std::move(item));
  }
  return items;
}

}  // namespace

std::string RenderActPage(const ActPageView& view) {
  const bool shows_codes = view.state == ActPageState::kCodesShown;
  ActText text = ActTextOf(view.act);
  if (shows_codes) text.heading = "act.code_shown_heading";
  const Language& language = *view.language;
  data page = BasePage(view.vendor, language, language.Text(text.heading));
  page.set("heading", language.Text(text.heading));
  page.set("button", language.Text(text.button));
  page.set("back", absl::StrCat("?lang=", language.code()));
  page.set("order_number", view.order_number);
  page.set(absl::StrCat("state_", FlagOf(view.state)), true);
  page.set("act", view.act);
  page.set("has_items", !view.items.empty() && !shows_codes);
  // Other languages are buttons of the form, which keep the act and what was typed.
  const bool asks = view.act == "ask_partner", asks_number = asks && view.items.empty();
  const bool has_form = !shows_codes && !(view.items.empty() && view.contact.empty() && !asks_number);
  page.set("keeps_form", has_form);
  page.set("act_enters", has_form && !asks_number);
  page.set("number_enters", asks_number);
  page.set("code", view.code);
  page.set("changes_contact", !view.contact.empty());
  SetOptional(page, "corrector", view.corrector);
  page.set("contact", view.contact);
  page.set("new_email", view.new_email);
  SetOptional(page, "email_error", view.email_error);
  page.set("asks_number", asks_number);
  page.set("asks", asks);
  page.set("partner_number", view.partner_number);
  SetOptional(page, "partner_name", view.partner_name);
  SetOptional(page, "partner_error", view.partner_error);
  page.set("nothing", view.items.empty() && view.contact.empty() && !asks_number);
  page.set("transfers", view.act == "transfer_code");
  page.set("changes", view.act != "transfer_code" && !asks);
  page.set("nothing_to_remove", view.act == "remove_partner");
  page.set("nothing_to_refuse", view.act == "refuse_partner");
  page.set("nothing_else", view.act != "remove_partner" && view.act != "refuse_partner");
  page.set("items", ItemsOf(view));
  SetOptional(page, "code_sent_to", view.code_sent_to);
  SetOptional(page, "code_error", view.code_error);
  page.set("too_many_codes", view.too_many_codes);
  page.set("form_id", view.form_id);
  page.set("plan_hash", view.plan_hash);
  return RenderTemplate("act.mustache", language, page);
}

}  // namespace countersign::link::web
