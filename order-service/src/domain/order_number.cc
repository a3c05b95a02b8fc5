#include "order-service/src/domain/order_number.h"

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace countersign::order {

std::string OrderNumber(const Uuid& order) {
  constexpr absl::string_view kCrockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  uint64_t bits = 0;
  for (const char byte : order.bytes().substr(8)) bits = bits << 8 | static_cast<uint8_t>(byte);
  std::string number = "CS-0000-0000-0000";
  for (int position = static_cast<int>(number.size()) - 1; position >= 3; --position) {
    if (number[position] == '-') continue;
    number[position] = kCrockford[bits & 31];
    bits >>= 5;
  }
  return number;
}

}  // namespace countersign::order
