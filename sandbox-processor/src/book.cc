#include "sandbox-processor/src/book.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <fstream>
#include <iterator>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "common/base/status_macros.h"

namespace countersign::sandbox_processor {
namespace {

constexpr size_t kFields = 7;

std::string LineOf(const BookedCharge& charge) {
  return absl::StrCat(charge.key, "\t", NameIn(kBookedStates, charge.state), "\t", charge.currency, "\t", charge.micros,
                      "\t", charge.token, "\t", charge.reference, "\t", charge.decline_reason, "\n");
}

absl::StatusOr<BookedCharge> ChargeOf(absl::string_view line) {
  const std::vector<std::string> fields = absl::StrSplit(line, '\t');
  BookedCharge charge;
  if (fields.size() != kFields || !absl::SimpleAtoi(fields[3], &charge.micros)) {
    return absl::DataLossError("the book has a line that is none of a charge");
  }
  const std::optional<BookedState> state = FindNamed(kBookedStates, fields[1]);
  if (!state.has_value()) return absl::DataLossError("the book has a charge in an unknown state");
  charge.key = fields[0];
  charge.state = *state;
  charge.currency = fields[2];
  charge.token = fields[4];
  charge.reference = fields[5];
  charge.decline_reason = fields[6];
  return charge;
}

// The charges, and how many bytes whole lines take.
absl::StatusOr<std::pair<Charges, size_t>> ReadLines(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return absl::ErrnoToStatus(errno, "cannot read the book");
  const std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  std::pair<Charges, size_t> found;
  for (size_t end = text.find('\n'); end != std::string::npos; end = text.find('\n', found.second)) {
    ASSIGN_OR_RETURN(BookedCharge charge, ChargeOf(absl::string_view(text).substr(found.second, end - found.second)));
    found.first.insert_or_assign(charge.key, charge);
    found.second = end + 1;
  }
  return found;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Book>> Book::Open(const std::string& path) {
  const int file = open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (file < 0) return absl::ErrnoToStatus(errno, absl::StrCat("cannot open the book ", path));
  std::unique_ptr<Book> book(new Book(file, {}));
  if (flock(file, LOCK_EX | LOCK_NB) != 0) {
    return absl::UnavailableError(absl::StrCat("another process has the book ", path));
  }
  ASSIGN_OR_RETURN(auto found, ReadLines(path));
  book->charges_ = std::move(found.first);
  // An incomplete last line is of a crash and was never answered.
  if (ftruncate(file, static_cast<off_t>(found.second)) != 0 || fsync(file) != 0) {
    return absl::ErrnoToStatus(errno, "cannot write the book");
  }
  return book;
}

Book::~Book() { close(file_); }

std::optional<BookedCharge> Book::Find(const std::string& key) const {
  const auto found = charges_.find(key);
  return found == charges_.end() ? std::nullopt : std::make_optional(found->second);
}

absl::Status Book::Write(const BookedCharge& charge) {
  const std::string line = LineOf(charge);
  if (write(file_, line.data(), line.size()) != static_cast<ssize_t>(line.size()) || fdatasync(file_) != 0) {
    return absl::InternalError("cannot write the book");
  }
  charges_.insert_or_assign(charge.key, charge);
  return absl::OkStatus();
}

absl::StatusOr<Charges> Book::Read(const std::string& path) {
  ASSIGN_OR_RETURN(auto found, ReadLines(path));
  return std::move(found.first);
}

}  // namespace countersign::sandbox_processor
