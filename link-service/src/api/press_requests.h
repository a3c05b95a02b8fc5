// The request to order-service about a press: identical each time the press is sent.
#ifndef COUNTERSIGN_LINK_SERVICE_SRC_API_PRESS_REQUESTS_H_
#define COUNTERSIGN_LINK_SERVICE_SRC_API_PRESS_REQUESTS_H_

#include "absl/strings/string_view.h"
#include "countersign/link/v1/evidence.pb.h"
#include "countersign/order/v1/order_service.pb.h"
#include "link-service/src/domain/link.h"
#include "link-service/src/domain/press.h"

namespace countersign::link {

// `evidence` is the press's. `content_sha256` names what the page showed, 32 bytes.
order::v1::ConfirmOrderRequest ConfirmRequestOf(const Link& link, const Press& press, absl::string_view content_sha256,
                                                const v1::PressEvidence& evidence);
order::v1::DeclineOrderRequest DeclineRequestOf(const Link& link, const Press& press,
                                                const v1::PressEvidence& evidence);

}  // namespace countersign::link

#endif  // COUNTERSIGN_LINK_SERVICE_SRC_API_PRESS_REQUESTS_H_
