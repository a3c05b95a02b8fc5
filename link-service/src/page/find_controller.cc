// The page /find of the controller.
#include "absl/time/clock.h"
#include "link-service/src/page/page_controller.h"
#include "link-service/src/web/find_page.h"
#include "link-service/src/web/language_choice.h"
#include "link-service/src/web/order_forms.h"

namespace countersign::link {
namespace {

using web::HttpMethod;
using web::HttpRequest;
using web::HttpResponse;

}  // namespace

HttpResponse PageController::FindPage(const HttpRequest& request) {
  if (!vendor_.finds_receipts) return Refusal(404, request);
  const bool sent = request.path == web::kFoundPath;
  if (request.method != HttpMethod::kPost) {
    const web::FindPageView view{.language = &web::LanguageOf(request), .vendor = vendor_, .sent = sent};
    return web::HtmlResponse(200, web::RenderFindPage(view));
  }
  const absl::StatusOr<web::Form> form = web::Form::Parse(request.headers.Get("Content-Type"), request.body);
  if (!form.ok() || sent) return Refusal(400, request);
  if (form->Get("action") != web::kLanguageAction) return Find(request, *form);
  return web::HtmlResponse(200, web::RenderFindPage({.language = &web::LanguageOf(request),
                                                     .vendor = vendor_,
                                                     .number = form->Get("number"),
                                                     .email = form->Get("email")}));
}

HttpResponse PageController::Find(const HttpRequest& request, const web::Form& form) {
  const web::Language& language = web::LanguageOf(request, form);
  web::FindSubmission submission = web::ReadFindForm(form, language);
  web::FindPageView view{.language = &language,
                         .vendor = vendor_,
                         .number = submission.typed_number,
                         .email = submission.typed_email,
                         .errors = submission.errors};
  if (!submission.errors.empty()) return web::HtmlResponse(422, web::RenderFindPage(view));
  const absl::Time now = absl::Now();
  view.too_many = !finds_.MayTry(request.peer_address, now);
  if (view.too_many) return web::HtmlResponse(429, web::RenderFindPage(view));
  finds_.CountWrong(request.peer_address, now);
  const bool taken = parts_.finder.Find({submission.number, submission.email, request.trace_id});
  if (!taken) return Refusal(503, request);
  return web::SeeOther(web::InLanguage(web::kFoundPath, request, language));
}

}  // namespace countersign::link
