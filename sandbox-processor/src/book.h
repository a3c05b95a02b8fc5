// The sandbox processor's own book: every charge, in a file that survives kill -9.
#ifndef COUNTERSIGN_SANDBOX_PROCESSOR_SRC_BOOK_H_
#define COUNTERSIGN_SANDBOX_PROCESSOR_SRC_BOOK_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/named.h"

namespace countersign::sandbox_processor {

enum class BookedState : uint8_t { kPending, kSucceeded, kDeclined, kCancelled };

inline constexpr Named<BookedState> kBookedStates[] = {
    {BookedState::kPending, "PENDING"},
    {BookedState::kSucceeded, "SUCCEEDED"},
    {BookedState::kDeclined, "DECLINED"},
    {BookedState::kCancelled, "CANCELLED"},
};

// No text holds a tab or a line break.
struct BookedCharge {
  std::string key;
  BookedState state = BookedState::kPending;
  std::string currency = {};  // Empty for a key that was cancelled before it was used.
  int64_t micros = 0;
  std::string token = {};
  std::string reference = {};
  std::string decline_reason = {};
};

using Charges = std::map<std::string, BookedCharge>;  // By key.

// Not thread-safe. One line a version of a charge, tabs between its fields; the last line of a key counts, and one that
// a crash cut off does not.
class Book {
 public:
  // Opens the file, or makes it, and keeps others out of it. Errors: INTERNAL with errno's text; DATA_LOSS (a line that
  // is none of ours); UNAVAILABLE (another process has it).
  static absl::StatusOr<std::unique_ptr<Book>> Open(const std::string& path);
  ~Book();
  Book(const Book&) = delete;
  Book& operator=(const Book&) = delete;

  std::optional<BookedCharge> Find(const std::string& key) const;

  // On disk when it returns. After an error the book must not be used. Error: INTERNAL.
  absl::Status Write(const BookedCharge& charge);

  // The charges in the file, which another process may be writing. Errors: those of Open but UNAVAILABLE.
  static absl::StatusOr<Charges> Read(const std::string& path);

 private:
  Book(int file, Charges charges) : file_(file), charges_(std::move(charges)) {}

  const int file_;
  Charges charges_;
};

}  // namespace countersign::sandbox_processor

#endif  // COUNTERSIGN_SANDBOX_PROCESSOR_SRC_BOOK_H_
