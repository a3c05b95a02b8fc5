#include "link-service/src/store/link_retention.h"

namespace countersign::link {
namespace {

// As long as the receipt can be read after the last subscription: 13 months.
constexpr absl::Duration kThirteenMonths = absl::Hours(396 * 24);
constexpr absl::Duration kNinetyDays = absl::Hours(90 * 24);

// The shown and typed content of links without an order. The press itself stays, with the digest in its event.
constexpr absl::string_view kOfDeadLinks =
    "AND expired.evidence <> '' AND EXISTS (SELECT 1 FROM links WHERE links.link_id = expired.link_id "
    "AND links.state NOT IN ('ACTIVE', 'CONFIRMED'))";

constexpr absl::string_view kWithEvidence = "AND expired.evidence <> ''";

// The newest code of a link stays, for it numbers the next.
constexpr absl::string_view kButTheNewest =
    "AND EXISTS (SELECT 1 FROM codes newer WHERE newer.link_id = expired.link_id AND newer.number > expired.number)";

}  // namespace

std::vector<events::Retention> LinkRetentions() {
  return {{.table = "presses",
           .key = "link_id, press_id",
           .age = "press_time",
           .keep = kThirteenMonths,
           .acts = {{.statement = "UPDATE presses SET evidence = '', salt = ''", .key = "link_id, press_id"},
                    {.statement = "DELETE FROM page_contents", .key = "link_id"}},
           .only = kOfDeadLinks},
          {.table = "page_views",
           .key = "link_id, view_id",
           .age = "view_time",
           .keep = kThirteenMonths,
           .acts = {{.statement = "UPDATE page_views SET evidence = '', salt = ''", .key = "link_id, view_id"}},
           .only = kWithEvidence},
          {.table = "codes",
           .key = "link_id, number",
           .age = "create_time",
           .keep = kNinetyDays,
           .acts = {{.statement = "DELETE FROM codes", .key = "link_id, number"}},
           .only = kButTheNewest},
          {.table = "new_link_requests",
           .key = "partner_id, request_id",
           .age = "create_time",
           .keep = kThirteenMonths,
           .acts = {{.statement = "DELETE FROM new_link_requests", .key = "partner_id, request_id"}}}};
}

}  // namespace countersign::link
