#include "partner-service/src/domain/authorization.h"

#include "common/base/error.h"
#include "common/base/status_macros.h"

namespace countersign::partner {
namespace {

absl::Status CheckEnd(const Authorization& authorization) {
  if (!authorization.end_time.has_value() || *authorization.end_time >= authorization.start_time) {
    return absl::OkStatus();
  }
  return InvalidField("authorization.end_time", "must not be before start_time");
}

}  // namespace

absl::Status CheckNewAuthorization(const Authorization& authorization, absl::Time now) {
  if (authorization.start_time < now) return InvalidField("authorization.start_time", "must not be in the past");
  return CheckEnd(authorization);
}

absl::StatusOr<Authorization> WithEnd(const Authorization& authorization, std::optional<absl::Time> end_time,
                                      absl::Time now) {
  if (authorization.end_time.has_value() && *authorization.end_time <= now) {
    return FailedPrecondition("AUTHORIZATION_ENDED", "The authorization has ended. Create another one.");
  }
  Authorization next = authorization;
  next.end_time = end_time;
  RETURN_IF_ERROR(CheckEnd(next));
  next.version = authorization.version + 1;
  next.update_time = now;
  return next;
}

std::vector<std::string> UnauthorizedOffers(const std::vector<std::string>& offers,
                                            const std::set<std::string>& products) {
  std::vector<std::string> refused;
  if (products.count(kAllOffers) != 0) return refused;
  for (const std::string& offer : offers) {
    if (products.count(offer) == 0) refused.push_back(offer);
  }
  return refused;
}

}  // namespace countersign::partner
