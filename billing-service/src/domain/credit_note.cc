#include "billing-service/src/domain/credit_note.h"

#include "common/base/error.h"
#include "common/base/status_macros.h"

namespace countersign::billing {
namespace {

constexpr int64_t kBasisPointsOfOne = 10'000;

}  // namespace

absl::StatusOr<NetAndTax> SplitGross(const Money& gross_before, const Money& gross_now, int64_t tax_basis_points) {
  if (gross_before.micros() < 0 || gross_now.micros() < 0 || tax_basis_points < 0) {
    return InvalidField("gross", "must not be negative, nor the tax rate");
  }
  const int64_t gross_share = kBasisPointsOfOne + tax_basis_points;
  ASSIGN_OR_RETURN(const Money gross, gross_before.Plus(gross_now));
  ASSIGN_OR_RETURN(const Money net_before, gross_before.TimesRounded(1, kBasisPointsOfOne, gross_share));
  ASSIGN_OR_RETURN(const Money net_so_far, gross.TimesRounded(1, kBasisPointsOfOne, gross_share));
  NetAndTax parts;
  ASSIGN_OR_RETURN(parts.net, net_so_far.Minus(net_before));
  ASSIGN_OR_RETURN(parts.tax, gross_now.Minus(parts.net));
  return parts;
}

}  // namespace countersign::billing
