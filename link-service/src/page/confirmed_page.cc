#include "link-service/src/page/confirmed_page.h"

#include <optional>
#include <string>

#include "common/base/status_macros.h"
#include "countersign/link/v1/evidence.pb.h"
#include "link-service/src/web/language.h"

namespace countersign::link {

absl::StatusOr<ShownPage> PageAsConfirmed(absl::Time deadline, const Link& link, const KeptPress& press,
                                          const PressStore& presses, const Vendor& vendor) {
  ASSIGN_OR_RETURN(ShownPage english, ShownPageOf(link, vendor));
  if (english.sha256 == press.content_sha256) return english;
  ASSIGN_OR_RETURN(const std::optional<std::string> kept,
                   presses.FindContent(deadline, link.link_id, press.content_sha256));
  if (!kept.has_value()) return english;
  ASSIGN_OR_RETURN(const std::string bytes, Uncompressed(*kept));
  v1::PageContent content;
  if (!content.ParseFromString(bytes)) return absl::DataLossError("The kept page is damaged.");
  const web::Language* const language = web::FindLanguage(content.locale());
  if (language == nullptr || language == &web::English()) return english;
  return ShownPageOf(link, vendor, *language);
}

}  // namespace countersign::link
