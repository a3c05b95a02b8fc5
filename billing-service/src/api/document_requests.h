// Requests for documents, checked and in the domain's types.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_DOCUMENT_REQUESTS_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_DOCUMENT_REQUESTS_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "billing-service/src/api/document_page.h"
#include "common/base/uuid.h"
#include "common/rpc/call.h"
#include "countersign/billing/v1/document.pb.h"

namespace countersign::billing {

struct DocumentCommand {
  Uuid tenant;  // The account.
  Uuid id;      // The invoice or credit note.
  PaperSize paper = PaperSize::kPrinters;
};

// Of any request with a name like `pattern` and a paper size.
struct ParseDocument {
  absl::string_view pattern;

  template <typename Request>
  absl::StatusOr<DocumentCommand> operator()(const rpc::Call&, const Request& request) const {
    return Parse(request.name(), request.paper_size());
  }

 private:
  absl::StatusOr<DocumentCommand> Parse(const std::string& name, v1::PaperSize paper) const;
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_DOCUMENT_REQUESTS_H_
