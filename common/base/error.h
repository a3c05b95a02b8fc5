// Errors as they travel between layers: an absl::Status that also carries a stable reason and the message's dynamic
// parts. common/rpc turns them into google.rpc details (ErrorInfo, BadRequest, PreconditionFailure, RetryInfo);
// nothing below that layer knows gRPC.
#ifndef COUNTERSIGN_COMMON_BASE_ERROR_H_
#define COUNTERSIGN_COMMON_BASE_ERROR_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace countersign {

// Named dynamic parts of an error's message, in the order given. Keys are lowerCamel or snake_case identifiers.
using ErrorMetadata = std::vector<std::pair<std::string, std::string>>;

// One field of a request that breaks its contract. `field` is the proto path ("line_items[2].quantity"), `description`
// says what is allowed.
struct FieldViolation {
  std::string field;
  std::string description;
};

// What an error carries beyond its code and message.
struct ErrorDetails {
  std::string reason;  // UPPER_SNAKE and stable: clients switch on it.
  ErrorMetadata metadata;
  std::vector<FieldViolation> violations;  // Only with INVALID_ARGUMENT.
};

// An error with a stable `reason`. `message` is a sentence for a developer; it never holds a secret or internal text.
absl::Status Error(absl::StatusCode code, absl::string_view reason, absl::string_view message,
                   const ErrorMetadata& metadata = {});

// The usual codes of Error. FailedPrecondition: a state machine or rule refuses (the message names the state).
absl::Status FailedPrecondition(absl::string_view reason, absl::string_view message,
                                const ErrorMetadata& metadata = {});
absl::Status NotFound(absl::string_view reason, absl::string_view message, const ErrorMetadata& metadata = {});
absl::Status AlreadyExists(absl::string_view reason, absl::string_view message, const ErrorMetadata& metadata = {});

// INVALID_ARGUMENT with reason INVALID_FIELD for one field.
absl::Status InvalidField(absl::string_view field, absl::string_view description);

// ABORTED with reason LOST_RACE: the row changed between reading and writing. The wrapper of common/rpc runs the
// handler again; a caller sees it only when the attempts are used up.
absl::Status LostRace();
bool IsLostRace(const absl::Status& status);

// The details that `status` carries; reason is empty for a status that was not made here.
ErrorDetails DetailsOf(const absl::Status& status);

// `status` with `details` in place of those it has (a peer's error arriving over the wire keeps its reason).
absl::Status WithDetails(absl::Status status, const ErrorDetails& details);

// Collects every violation of a request, so that the caller learns all of them at once.
class FieldViolations {
 public:
  // Records that `field` breaks its contract; `description` says what is allowed.
  void Add(absl::string_view field, absl::string_view description);

  // Records the message of `status` against `field` when it is an error.
  void AddIfError(absl::string_view field, const absl::Status& status);

  bool empty() const { return violations_.empty(); }

  // OK when nothing was recorded, else INVALID_ARGUMENT with reason INVALID_FIELD and all the violations.
  absl::Status ToStatus() const;

 private:
  std::vector<FieldViolation> violations_;
};

}  // namespace countersign

#endif  // COUNTERSIGN_COMMON_BASE_ERROR_H_
