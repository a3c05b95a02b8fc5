#include "link-service/src/web/notice_page.h"

#include "link-service/src/web/page_parts.h"
#include "link-service/src/web/templates.h"

namespace countersign::link::web {
namespace {

// The names of messages; without advice it is empty.
struct NoticeKeys {
  absl::string_view title, heading, text, advice;
};

std::string RenderNotice(const Vendor& vendor, const Language& language, const NoticeKeys& keys,
                         absl::string_view trace_id) {
  data page = BasePage(vendor, language, language.Text(keys.title));
  page.set("heading", language.Text(keys.heading));
  OfferFinding(page, vendor, language);
  page.set("message", language.Text(keys.text));
  SetOptional(page, "advice", keys.advice.empty() ? "" : language.Text(keys.advice));
  SetOptional(page, "trace_id", trace_id);
  return RenderTemplate("notice.mustache", language, page);
}

absl::string_view ErrorText(int status) {
  switch (status) {
    case 403:
      return "notice.cross_site";
    case 404:
      return "notice.nothing_here";
    case 400:
    case 405:
    case 413:
    case 415:
    case 431:
      return "notice.unreadable";
    case 503:
      return "notice.busy";
    default:
      return "notice.broken";
  }
}

}  // namespace

std::string RenderUnknownLinkPage(const Vendor& vendor, const Language& language) {
  return RenderNotice(vendor, language,
                      {"notice.unknown_title", "notice.unknown", "notice.unknown_text", "notice.unknown_advice"}, "");
}

std::string RenderRateLimitedPage(const Vendor& vendor, const Language& language) {
  return RenderNotice(vendor, language,
                      {"notice.attempts", "notice.attempts", "notice.attempts_text", "notice.attempts_advice"}, "");
}

std::string RenderInvoiceLaterPage(const Vendor& vendor, const Language& language) {
  return RenderNotice(vendor, language,
                      {"notice.invoice_later", "notice.invoice_later", "notice.invoice_later_text", ""}, "");
}

std::string RenderErrorPage(const Vendor& vendor, int status, absl::string_view trace_id, const Language& language) {
  const absl::string_view heading = status >= 500 ? "notice.failed" : "notice.refused";
  return RenderNotice(vendor, language, {heading, heading, ErrorText(status), ""}, trace_id);
}

}  // namespace countersign::link::web
