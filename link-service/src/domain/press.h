// The evidence of a press: what was pressed, on which content and by whom. Written once, before order-service is asked.
#ifndef COUNTERSIGN_LINK_SERVICE_SRC_DOMAIN_PRESS_H_
#define COUNTERSIGN_LINK_SERVICE_SRC_DOMAIN_PRESS_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/crypto.h"
#include "common/base/named.h"
#include "common/base/uuid.h"

namespace countersign::link {

enum class PressAct { kConfirm, kDecline };

inline constexpr Named<PressAct> kPressActs[] = {{PressAct::kConfirm, "CONFIRM"}, {PressAct::kDecline, "DECLINE"}};
inline absl::string_view NameOf(PressAct act) { return NameIn(kPressActs, act); }

// The content that the page showed, once per link and hash.
struct ShownContent {
  std::string sha256;   // 32 bytes, of the content before compression.
  std::string content;  // Compressed.
  std::string locale;
  std::string template_version;
  std::string agreement_version;
};

struct Press {
  Uuid link_id;
  Uuid press_id;  // Version 7; also the request_id of the call to order-service.
  PressAct act = PressAct::kConfirm;
  int64_t revision = 0;
  std::string evidence;  // Serialized; personal data.
  std::string salt;      // 16 random bytes.
  absl::Time press_time;
  Uuid form_id = {};  // Of the showing of the page on which it was made; nil for one that named none.
};

// A press as it is kept, with the content on which it was made.
struct KeptPress {
  Press press;  // Without its salt.
  std::string content_sha256;
};

// SHA-256 over salt and evidence: all that the event log keeps of them.
inline std::string EvidenceDigest(const Press& press) { return Sha256(press.salt + press.evidence); }

}  // namespace countersign::link

#endif  // COUNTERSIGN_LINK_SERVICE_SRC_DOMAIN_PRESS_H_
