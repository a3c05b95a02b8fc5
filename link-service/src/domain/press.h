// The evidence of a press: what was pressed, on which content, by whom. Written once, before order-service is asked.
#ifndef COUNTERSIGN_LINK_SERVICE_SRC_DOMAIN_PRESS_H_
#define COUNTERSIGN_LINK_SERVICE_SRC_DOMAIN_PRESS_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/crypto.h"
#include "common/base/uuid.h"

namespace countersign::link {

enum class PressAct { kConfirm, kDecline };

// "CONFIRM", "DECLINE": as stored.
inline absl::string_view ToString(PressAct act) { return act == PressAct::kConfirm ? "CONFIRM" : "DECLINE"; }

// What the page showed, once per link and hash.
struct ShownContent {
  std::string sha256;   // 32 bytes, of the content before compression.
  std::string content;  // Compressed.
  std::string locale;
  std::string template_version;
  std::string agreement_version;
};

struct Press {
  Uuid link_id;
  Uuid press_id;  // Version 7; the request_id of the call that it leads to.
  PressAct act = PressAct::kConfirm;
  int64_t revision = 0;
  std::string evidence;  // Serialized; personal data.
  std::string salt;      // 16 random bytes.
  absl::Time press_time;
};

// SHA-256 over salt and evidence: what the log of events keeps of them.
inline std::string EvidenceDigest(const Press& press) { return Sha256(press.salt + press.evidence); }

}  // namespace countersign::link

#endif  // COUNTERSIGN_LINK_SERVICE_SRC_DOMAIN_PRESS_H_
