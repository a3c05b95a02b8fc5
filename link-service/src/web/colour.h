// The vendor's colours, checked so that text stays legible.
#ifndef COUNTERSIGN_LINK_SERVICE_SRC_WEB_COLOUR_H_
#define COUNTERSIGN_LINK_SERVICE_SRC_WEB_COLOUR_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace countersign::link::web {

// The page's paper, by day and by night, as page.css has it.
inline constexpr absl::string_view kPaper = "#ffffff";
inline constexpr absl::string_view kDarkPaper = "#1b232d";

// OK when `colour` is #rrggbb and has a contrast of at least 4.5:1 (WCAG AA) to `paper`. Error: INVALID_ARGUMENT.
absl::Status CheckLegible(absl::string_view colour, absl::string_view paper);

}  // namespace countersign::link::web

#endif  // COUNTERSIGN_LINK_SERVICE_SRC_WEB_COLOUR_H_
