#include "order-service/src/api/catalogue_requests.h"

#include "absl/strings/strip.h"
#include "common/base/slug.h"
#include "common/base/status_macros.h"
#include "common/rpc/fields.h"
#include "order-service/src/api/names.h"
#include "order-service/src/store/catalogue_store.h"

namespace countersign::order {
namespace {

std::string RequirePriceCurrency(FieldViolations& violations, const std::string& asked) {
  return rpc::RequireCurrency(violations, "currency_code", asked.empty() ? "USD" : asked);
}

}  // namespace

std::string RequireOffer(FieldViolations& violations, absl::string_view field, absl::string_view value) {
  absl::string_view slug = value;
  if (!absl::ConsumePrefix(&slug, kOfferPrefix) || !IsSlug(slug)) {
    violations.Add(field, "must be offers/{offer}, a lower-case slug of the catalogue");
  }
  return std::string(slug);
}

absl::StatusOr<ListOffersCommand> ParseListOffers(const rpc::Call& call, const v1::ListOffersRequest& request) {
  FieldViolations violations;
  ListOffersCommand command;
  command.currency = RequirePriceCurrency(violations, request.currency_code());
  command.list = rpc::RequireListing(violations, call, request, OfferFilterFields());
  RETURN_IF_ERROR(violations.ToStatus());
  return command;
}

absl::StatusOr<GetOfferCommand> ParseGetOffer(const rpc::Call&, const v1::GetOfferRequest& request) {
  FieldViolations violations;
  GetOfferCommand command;
  command.offer = RequireOffer(violations, "name", request.name());
  command.currency = RequirePriceCurrency(violations, request.currency_code());
  RETURN_IF_ERROR(violations.ToStatus());
  return command;
}

}  // namespace countersign::order
