// Ids: RFC 9562 UUIDs of version 7 (time-ordered, random) and version 8 (derived, the same for the same parts).
#ifndef COUNTERSIGN_COMMON_BASE_UUID_H_
#define COUNTERSIGN_COMMON_BASE_UUID_H_

#include <array>
#include <compare>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace countersign {

class Uuid {
 public:
  static constexpr int kBytes = 16;

  Uuid() = default;  // The nil UUID.

  // Version 7: `time` in milliseconds (before 1970: zero), then 74 random bits of the operating system's generator.
  static Uuid V7(absl::Time time);

  // Version 8: SHA-256 over the parts, each preceded by its length, so that different lists never meet.
  static Uuid Derived(std::initializer_list<absl::string_view> parts);

  // Canonical lower-case text. Error: INVALID_ARGUMENT for anything else, upper case and braces included.
  static absl::StatusOr<Uuid> Parse(absl::string_view text);

  // Exactly 16 bytes, as stored in BINARY(16). Error: INVALID_ARGUMENT.
  static absl::StatusOr<Uuid> FromBytes(absl::string_view bytes);

  std::string ToString() const;  // 36 lower-case characters.
  absl::string_view bytes() const { return absl::string_view(reinterpret_cast<const char*>(bytes_.data()), kBytes); }
  bool is_nil() const { return *this == Uuid(); }

  friend auto operator<=>(const Uuid&, const Uuid&) = default;
  template <typename H>
  friend H AbslHashValue(H state, const Uuid& uuid) {
    return H::combine(std::move(state), uuid.bytes_);
  }

 private:
  std::array<uint8_t, kBytes> bytes_{};
};

}  // namespace countersign

#endif  // COUNTERSIGN_COMMON_BASE_UUID_H_
