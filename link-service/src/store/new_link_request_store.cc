#include "link-service/src/store/new_link_request_store.h"

#include "common/mysql/read.h"

namespace countersign::link {
namespace {

constexpr mysql::Table kNewLinkRequests = {.name = "new_link_requests",
                                           .key = "partner_id, request_id",
                                           .fixed = "link_id, order_id, order_number, request_date, create_time"};

NewLinkRequest NewLinkRequestOf(mysql::RowReader& row) {
  return {.partner_id = row.Id(),
          .request_id = row.Id(),
          .link_id = row.Id(),
          .order_id = row.Id(),
          .order_number = row.Text(),
          .request_date = row.Day(),
          .create_time = row.Time()};
}

}  // namespace

std::vector<mysql::FilterField> NewLinkRequestFilterFields() {
  using enum mysql::FilterType;
  return {{"order", "order_id", kName, {"partners/{partner}/orders/{order}"}},
          {"link", "link_id", kName, {"links/{link}"}},
          {"request_date", "request_date", kDate},
          {"create_time", "create_time", kTime}};
}

mysql::RowWrite NewLinkRequestStore::Row(const NewLinkRequest& request) {
  return mysql::Insert(kNewLinkRequests, {request.partner_id, request.request_id, request.link_id, request.order_id,
                                          request.order_number, request.request_date, request.create_time});
}

absl::StatusOr<std::optional<NewLinkRequest>> NewLinkRequestStore::Find(absl::Time deadline, const Uuid& partner_id,
                                                                        const Uuid& request_id) const {
  return mysql::FindOne<NewLinkRequest>(database_, deadline, kNewLinkRequests, {partner_id, request_id},
                                        NewLinkRequestOf);
}

absl::StatusOr<mysql::Page<NewLinkRequest>> NewLinkRequestStore::List(absl::Time deadline, const Uuid& partner_id,
                                                                      const mysql::PageQuery& query) const {
  return mysql::ListByTime<NewLinkRequest>(
      database_, deadline, {.table = kNewLinkRequests, .parent = "partner_id = ?", .id = "request_id"}, {partner_id},
      query, NewLinkRequestOf,
      [](const NewLinkRequest& request) { return mysql::TimePosition{request.create_time, request.request_id}; });
}

}  // namespace countersign::link
