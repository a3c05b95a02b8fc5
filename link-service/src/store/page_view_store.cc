#include "link-service/src/store/page_view_store.h"

namespace countersign::link {
namespace {

constexpr mysql::Table kPageViews = {
    .name = "page_views", .key = "link_id, view_id", .fixed = "content_sha256, evidence, salt, view_time"};

}  // namespace

mysql::RowWrite PageViewRow(const PageView& view) {
  return mysql::Insert(kPageViews,
                       {view.link_id, view.view_id, view.content_sha256, view.evidence, view.salt, view.view_time});
}

}  // namespace countersign::link
