// A plain-text mail, and its form on the wire.
#ifndef COUNTERSIGN_COMMON_MAIL_MESSAGE_H_
#define COUNTERSIGN_COMMON_MAIL_MESSAGE_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace countersign::mail {

// A person or a role and its address.
struct Mailbox {
  std::string name = {};  // UTF-8; may be empty.
  std::string address;    // As typed: the domain may be an international one.
};

struct Message {
  // Names the message for good: letters, digits, - _ . and nothing else, at most 100. A message that is sent again has
  // the same id, so that a receiver can drop the second one.
  std::string id;
  Mailbox to;
  std::string subject;  // UTF-8, one line, at most 500 bytes.
  std::string text;     // UTF-8; lines end with \n.
  absl::Time date;
};

// `address` as it is written on the wire: its domain in ASCII (IDNA 2008, UTS 46). A name before the @ of at most 64
// ASCII characters, and after it a domain with a dot; 254 characters in all. Whether mail arrives is found out by
// sending some. Error: INVALID_ARGUMENT with reason INVALID_ADDRESS.
absl::StatusOr<std::string> WireAddress(absl::string_view address);

// `message` as RFC 5322 writes it, with CR LF, all ASCII: headers in encoded words, the text quoted-printable. Says
// Auto-Submitted, so that no out-of-office answer comes back.
// Errors: INVALID_ARGUMENT with reason INVALID_ADDRESS, or INVALID_MESSAGE for a bad id, and for a name or subject with
// a control character (nobody adds a header by a line break) or bytes that are not UTF-8.
absl::StatusOr<std::string> Rendered(const Message& message, const Mailbox& from);

}  // namespace countersign::mail

#endif  // COUNTERSIGN_COMMON_MAIL_MESSAGE_H_
