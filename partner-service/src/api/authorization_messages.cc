#include "partner-service/src/api/authorization_messages.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "common/rpc/convert.h"
#include "common/rpc/etag.h"
#include "common/rpc/names.h"
#include "partner-service/src/api/names.h"

namespace countersign::partner {
namespace {

std::string AuthorizationNameOf(const Authorization& authorization) {
  return rpc::FormatName(kAuthorizationName, {authorization.partner_id, authorization.authorization_id});
}

}  // namespace

v1::Authorization ToProto(const Authorization& authorization) {
  v1::Authorization message;
  message.set_name(AuthorizationNameOf(authorization));
  message.set_product(absl::StrCat(kOfferPrefix, authorization.product));
  *message.mutable_start_time() = rpc::ToProto(authorization.start_time);
  if (authorization.end_time.has_value()) *message.mutable_end_time() = rpc::ToProto(*authorization.end_time);
  message.set_etag(rpc::EtagOf(authorization.version));
  *message.mutable_create_time() = rpc::ToProto(authorization.create_time);
  *message.mutable_update_time() = rpc::ToProto(authorization.update_time);
  return message;
}

v1::AuthorizationEvent EventOf(const Authorization& authorization) {
  v1::AuthorizationEvent event;
  event.set_authorization(AuthorizationNameOf(authorization));
  event.set_version(authorization.version);
  return event;
}

}  // namespace countersign::partner
