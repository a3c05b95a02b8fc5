#include "common/base/uuid.h"

#include <algorithm>
#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/base/crypto.h"
#include "common/base/error.h"
#include "common/base/hex.h"

namespace countersign {
namespace {

constexpr int kTextLength = 36;

// Where RFC 9562 puts the four hyphens of the text.
bool IsHyphenPosition(int i) { return i == 8 || i == 13 || i == 18 || i == 23; }

bool IsLowerHexDigit(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); }

// Sets the version and variant fields, the only bits that RFC 9562 reserves.
void Stamp(uint8_t version, std::string* bytes) {
  (*bytes)[6] = static_cast<char>(((*bytes)[6] & 0x0f) | (version << 4));
  (*bytes)[8] = static_cast<char>(((*bytes)[8] & 0x3f) | 0x80);
}

// Big-endian, `count` bytes.
std::string BigEndian(uint64_t value, int count) {
  std::string bytes(count, '\0');
  for (int i = count - 1; i >= 0; --i, value >>= 8) bytes[i] = static_cast<char>(value & 0xff);
  return bytes;
}

}  // namespace

Uuid Uuid::V7(absl::Time time) {
  const int64_t millis = std::max<int64_t>(0, absl::ToUnixMillis(time));
  std::string bytes = BigEndian(static_cast<uint64_t>(millis), 6) + RandomBytes(10);
  Stamp(7, &bytes);
  return *FromBytes(bytes);
}

Uuid Uuid::Derived(std::initializer_list<absl::string_view> parts) {
  std::string input;
  for (absl::string_view part : parts) absl::StrAppend(&input, BigEndian(part.size(), 8), part);
  std::string bytes = Sha256(input).substr(0, kBytes);
  Stamp(8, &bytes);
  return *FromBytes(bytes);
}

absl::StatusOr<Uuid> Uuid::Parse(absl::string_view text) {
  std::string digits;
  bool canonical = text.size() == kTextLength;
  for (int i = 0; canonical && i < kTextLength; ++i) {
    if (IsHyphenPosition(i)) {
      canonical = text[i] == '-';
    } else {
      canonical = IsLowerHexDigit(text[i]);
      digits.push_back(text[i]);
    }
  }
  if (!canonical) {
    return Error(absl::StatusCode::kInvalidArgument, "INVALID_ID",
                 "an id must be a lower-case UUID, such as 01890a5d-ac96-774b-bcce-b302099a8057");
  }
  return FromBytes(HexToBytes(digits));
}

absl::StatusOr<Uuid> Uuid::FromBytes(absl::string_view bytes) {
  if (bytes.size() != kBytes) {
    return Error(absl::StatusCode::kInvalidArgument, "INVALID_ID", "an id must have 16 bytes");
  }
  Uuid uuid;
  std::copy(bytes.begin(), bytes.end(), uuid.bytes_.begin());
  return uuid;
}

std::string Uuid::ToString() const {
  std::string text = absl::BytesToHexString(bytes());
  for (int position : {8, 13, 18, 23}) text.insert(position, "-");
  return text;
}

}  // namespace countersign
