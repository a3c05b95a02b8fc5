#include "common/mail/message.h"

#include <unicode/bytestream.h>
#include <unicode/idna.h>

#include <algorithm>
#include <memory>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/mail/encode.h"

namespace countersign::mail {
namespace {

// RFC 5321: the part before the @, and the path of 256 without its brackets.
constexpr size_t kMaxLocalPart = 64;
constexpr size_t kMaxAddress = 254;
constexpr size_t kMaxId = 100;
constexpr size_t kMaxSubject = 500;

absl::Status InvalidAddress() {
  return Error(absl::StatusCode::kInvalidArgument, "INVALID_ADDRESS",
               "The address is not an e-mail address. Use one such as name@example.com.");
}

absl::Status InvalidMessage(absl::string_view sentence) {
  return Error(absl::StatusCode::kInvalidArgument, "INVALID_MESSAGE", sentence);
}

bool IsDotAtom(absl::string_view text) {
  const std::vector<absl::string_view> atoms = absl::StrSplit(text, '.');
  return std::all_of(atoms.begin(), atoms.end(), [](absl::string_view atom) {
    return !atom.empty() && std::all_of(atom.begin(), atom.end(), [](unsigned char c) {
      return absl::ascii_isalnum(c) || absl::StrContains("!#$%&'*+-/=?^_`{|}~", std::string(1, static_cast<char>(c)));
    });
  });
}

bool IsHostName(absl::string_view text) {
  const std::vector<absl::string_view> labels = absl::StrSplit(text, '.');
  return labels.size() >= 2 && std::all_of(labels.begin(), labels.end(), [](absl::string_view label) {
           return !label.empty() && label.size() <= 63 && label.front() != '-' && label.back() != '-' &&
                  std::all_of(label.begin(), label.end(),
                              [](unsigned char c) { return absl::ascii_isalnum(c) || c == '-'; });
         });
}

// The domain in ASCII; empty where it has none.
std::string AsciiDomain(absl::string_view domain) {
  UErrorCode error = U_ZERO_ERROR;
  const std::unique_ptr<icu::IDNA> idna(icu::IDNA::createUTS46Instance(
      UIDNA_NONTRANSITIONAL_TO_ASCII | UIDNA_CHECK_BIDI | UIDNA_CHECK_CONTEXTJ | UIDNA_USE_STD3_RULES, error));
  if (U_FAILURE(error)) return "";
  std::string ascii;
  icu::StringByteSink<std::string> sink(&ascii);
  icu::IDNAInfo info;
  idna->nameToASCII_UTF8(icu::StringPiece(domain.data(), static_cast<int32_t>(domain.size())), sink, info, error);
  return U_FAILURE(error) || info.hasErrors() ? "" : ascii;
}

absl::StatusOr<std::string> AddressHeader(const Mailbox& mailbox) {
  ASSIGN_OR_RETURN(const std::string address, WireAddress(mailbox.address));
  if (!IsOneLineOfUtf8(mailbox.name))
    return InvalidMessage("A name must be one line of UTF-8 without control characters.");
  if (mailbox.name.empty()) return address;
  return absl::StrCat(DisplayName(mailbox.name), "\r\n <", address, ">");
}

absl::Status CheckMessage(const Message& message) {
  const bool good_id = !message.id.empty() && message.id.size() <= kMaxId && IsDotAtom(message.id) &&
                       std::all_of(message.id.begin(), message.id.end(), [](unsigned char c) {
                         return absl::ascii_isalnum(c) || c == '-' || c == '_' || c == '.';
                       });
  if (!good_id) return InvalidMessage("A message's id must be 1 to 100 letters, digits, - _ or dots.");
  if (message.subject.empty() || message.subject.size() > kMaxSubject || !IsOneLineOfUtf8(message.subject)) {
    return InvalidMessage("A subject must be one line of UTF-8, of 1 to 500 bytes, without control characters.");
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::string> WireAddress(absl::string_view address) {
  const size_t at = address.rfind('@');
  if (at == absl::string_view::npos || address.size() > kMaxAddress) return InvalidAddress();
  const absl::string_view local = address.substr(0, at);
  if (local.size() > kMaxLocalPart || !IsDotAtom(local)) return InvalidAddress();
  const std::string domain = AsciiDomain(address.substr(at + 1));
  if (!IsHostName(domain) || local.size() + 1 + domain.size() > kMaxAddress) return InvalidAddress();
  return absl::StrCat(local, "@", domain);
}

absl::StatusOr<std::string> Rendered(const Message& message, const Mailbox& from) {
  RETURN_IF_ERROR(CheckMessage(message));
  ASSIGN_OR_RETURN(const std::string sender, WireAddress(from.address));
  ASSIGN_OR_RETURN(const std::string from_header, AddressHeader(from));
  ASSIGN_OR_RETURN(const std::string to_header, AddressHeader(message.to));
  return absl::StrCat(
      "From: ", from_header, "\r\nTo: ", to_header, "\r\nSubject: ", HeaderText(message.subject),
      "\r\nDate: ", absl::FormatTime("%a, %d %b %E4Y %H:%M:%S +0000", message.date, absl::UTCTimeZone()),
      "\r\nMessage-ID: <", message.id, sender.substr(sender.rfind('@')),
      ">\r\nAuto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8"
      "\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n",
      QuotedPrintable(message.text));
}

}  // namespace countersign::mail
