#include "billing-service/src/api/document_requests.h"

#include <vector>

#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/rpc/fields.h"

namespace countersign::billing {
namespace {

PaperSize RequirePaper(FieldViolations& violations, v1::PaperSize paper) {
  switch (paper) {
    case v1::PAPER_SIZE_UNSPECIFIED:
      return PaperSize::kPrinters;
    case v1::PAPER_SIZE_A4:
      return PaperSize::kA4;
    case v1::PAPER_SIZE_LETTER:
      return PaperSize::kLetter;
    default:
      violations.Add("paper_size", "must be PAPER_SIZE_A4 or PAPER_SIZE_LETTER, or not set");
      return PaperSize::kPrinters;
  }
}

}  // namespace

absl::StatusOr<DocumentCommand> ParseDocument::Parse(const std::string& name, v1::PaperSize paper) const {
  FieldViolations violations;
  const std::vector<Uuid> ids = rpc::RequireName(violations, "name", pattern, name);
  const PaperSize size = RequirePaper(violations, paper);
  RETURN_IF_ERROR(violations.ToStatus());
  return DocumentCommand{.tenant = ids[0], .id = ids[1], .paper = size};
}

}  // namespace countersign::billing
