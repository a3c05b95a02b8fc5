// RFC 2045 and 2047: text in the ASCII that mail is made of.
#ifndef COUNTERSIGN_COMMON_MAIL_ENCODE_H_
#define COUNTERSIGN_COMMON_MAIL_ENCODE_H_

#include <string>

#include "absl/strings/string_view.h"

namespace countersign::mail {

// Whether `text` is UTF-8 without control characters (C0, DEL and C1).
bool IsOneLineOfUtf8(absl::string_view text);

// `text` as the value of an unstructured header: itself where it is short ASCII, else as encoded words of at most 64
// characters, each of whole characters, folded. Requires IsOneLineOfUtf8.
std::string HeaderText(absl::string_view text);

// `name` as the display name of an address: itself, a quoted string, or encoded words.
std::string DisplayName(absl::string_view name);

// `text`, whose lines end with \n, in quoted-printable with CR LF; no line is longer than 76 characters.
std::string QuotedPrintable(absl::string_view text);

}  // namespace countersign::mail

#endif  // COUNTERSIGN_COMMON_MAIL_ENCODE_H_
