// Transfer codes: 128 random bits by which a customer lets another partner ask to become its partner of record. A code
// is shown once; only the id that follows from it is kept and passed on.
#ifndef COUNTERSIGN_COMMON_BASE_TRANSFER_CODE_H_
#define COUNTERSIGN_COMMON_BASE_TRANSFER_CODE_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "common/base/uuid.h"

namespace countersign {

// A new code: 32 hexadecimal digits in groups of four, "7C3D-…".
std::string NewTransferCode();

// The id of a code as somebody typed it, in either case and with spaces or hyphens anywhere: a digest, from which the
// code does not follow. nullopt when it is not 32 hexadecimal digits.
std::optional<Uuid> TransferCodeId(absl::string_view typed);

}  // namespace countersign

#endif  // COUNTERSIGN_COMMON_BASE_TRANSFER_CODE_H_
