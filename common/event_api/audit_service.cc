#include "common/event_api/audit_service.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/types/span.h"
#include "common/base/error.h"
#include "common/base/hex.h"
#include "common/base/status_macros.h"
#include "common/event_api/event_page.h"
#include "common/events/event_feed.h"
#include "common/events/event_log.h"
#include "common/rpc/convert.h"
#include "common/rpc/page.h"

namespace countersign::event_api {
namespace {

namespace v1 = event::v1;

rpc::MethodSpec AuditMethod(absl::string_view name) { return {v1::AuditService::service_full_name(), name}; }
using events::kBuckets;
using events::LogHead;

constexpr int kMaxVerified = 10'000;  // Records per call.
constexpr int kVerifyBatch = 500;
constexpr int kSealBytes = 32;

absl::StatusOr<EventPageQuery> ParseRecords(const rpc::Call& call, const v1::ListAuditRecordsRequest& request) {
  ASSIGN_OR_RETURN(EventPageQuery query, ParseEventPage(call, request));
  query.feed.with_digest_before = true;
  return query;
}

v1::AuditRecord ToRecord(const events::FeedEntry& entry) {
  const events::Event& event = entry.event;
  v1::AuditRecord record;
  record.set_tenant(event.tenant.ToString());
  record.set_aggregate(event.aggregate.ToString());
  record.set_version(event.version);
  record.set_type(event.type);
  record.set_actor(event.actor);
  record.set_on_behalf_of(event.on_behalf_of);
  record.set_reason(event.reason);
  record.set_request_id(event.request_id);
  *record.mutable_create_time() = rpc::ToProto(event.create_time);
  record.set_payload_type(event.payload_type);
  record.set_digest_after(event.resource_digest);
  record.set_digest_before(entry.digest_before);
  record.set_salt(event.salt);
  record.set_bucket(events::BucketOf(event.tenant));
  record.set_position(event.position);
  record.set_seal(event.seal);
  return record;
}

struct Verification {
  std::vector<int> buckets;                   // Those that are left, in order.
  std::map<int, std::vector<LogHead>> known;  // Of a bucket in order of position.
  LogHead head;                               // How far the first of them has been verified.
  int page_size = 0;
  std::string scope;  // Of the page token.
};

// "bucket/position/seal in hexadecimal".
std::string PlaceOf(int bucket, const LogHead& head) {
  return absl::StrCat(bucket, "/", head.position, "/", absl::BytesToHexString(head.seal));
}

// Drops the buckets before the place, which PlaceOf made.
void GoOnFrom(const std::string& place, Verification& verification) {
  const std::vector<std::string> parts = absl::StrSplit(place, '/');
  int bucket = 0;
  if (parts.size() != 3 || !absl::SimpleAtoi(parts[0], &bucket)) return;
  auto& buckets = verification.buckets;
  buckets.erase(buckets.begin(), std::lower_bound(buckets.begin(), buckets.end(), bucket));
  if (!absl::SimpleAtoi(parts[1], &verification.head.position)) return;
  verification.head.seal = HexToBytes(parts[2]);
}

bool IsBucket(int number) { return number >= 0 && number < kBuckets; }

absl::StatusOr<Verification> ParseVerification(const rpc::Call& call, const v1::VerifyAuditChainRequest& request) {
  FieldViolations violations;
  Verification verification;
  std::set<int> buckets(request.buckets().begin(), request.buckets().end());
  if (!std::all_of(buckets.begin(), buckets.end(), IsBucket)) violations.Add("buckets", "must be 0 to 63");
  for (int bucket = 0; request.buckets().empty() && bucket < kBuckets; ++bucket) buckets.insert(bucket);
  verification.buckets.assign(buckets.begin(), buckets.end());
  for (int i = 0; i < request.heads_size(); ++i) {
    const v1::AuditHead& head = request.heads(i);
    const std::string field = absl::StrCat("heads[", i, "]");
    if (!IsBucket(head.bucket())) violations.Add(absl::StrCat(field, ".bucket"), "must be 0 to 63");
    const size_t seal_bytes = head.position() == 0 ? 0 : kSealBytes;
    if (head.position() < 0) violations.Add(absl::StrCat(field, ".position"), "must not be negative");
    if (head.seal().size() != seal_bytes) {
      violations.Add(absl::StrCat(field, ".seal"), "must have 32 bytes, or none at position 0");
    }
    verification.known[head.bucket()].push_back({.position = head.position(), .seal = head.seal()});
  }
  for (auto& [bucket, heads] : verification.known) {
    std::sort(heads.begin(), heads.end(), [](const LogHead& a, const LogHead& b) { return a.position < b.position; });
  }
  verification.scope = rpc::PageScopeOf(request);
  const mysql::PageQuery page =
      rpc::RequirePage(violations, call, verification.scope, request.page_size(), request.page_token());
  RETURN_IF_ERROR(violations.ToStatus());
  // Not the pages of a list: a record costs its reader nothing here.
  verification.page_size = request.page_size() == 0 ? kMaxVerified : std::min(request.page_size(), kMaxVerified);
  if (!page.after.empty()) GoOnFrom(page.after, verification);
  return verification;
}

void AddFinding(const absl::Status& broken, v1::VerifyAuditChainResponse& reply) {
  v1::AuditFinding& finding = *reply.add_findings();
  for (const auto& [name, value] : DetailsOf(broken).metadata) {
    int64_t number = 0;
    if (!absl::SimpleAtoi(value, &number)) continue;
    if (name == "bucket") finding.set_bucket(static_cast<int>(number));
    if (name == "position") finding.set_position(number);
  }
  finding.set_description(std::string(broken.message()));
}

// Verifies one bucket on from `head`, `room` records at most. True when it is done with: at its end, or broken.
absl::StatusOr<bool> VerifyBucket(mysql::Reader& reader, int bucket, absl::Span<const LogHead> known, int64_t room,
                                  LogHead& head, v1::VerifyAuditChainResponse& reply) {
  const int limit = static_cast<int>(std::min<int64_t>(room, kVerifyBatch));
  const int64_t before = head.position;
  const absl::StatusOr<bool> done = events::VerifyChain(reader, bucket, limit, known, head);
  reply.set_verified_count(reply.verified_count() + head.position - before);
  if (!absl::IsDataLoss(done.status())) return done;
  AddFinding(done.status(), reply);
  return true;
}

absl::StatusOr<v1::VerifyAuditChainResponse> Verify(const rpc::Call& call, mysql::Reader& reader,
                                                    const Verification& verification) {
  v1::VerifyAuditChainResponse reply;
  LogHead head = verification.head;
  for (const int bucket : verification.buckets) {
    const auto known = verification.known.find(bucket);
    const auto heads =
        known == verification.known.end() ? absl::Span<const LogHead>() : absl::MakeConstSpan(known->second);
    bool done = false;
    while (!done) {
      const int64_t room = verification.page_size - reply.verified_count();
      if (room <= 0) {
        reply.set_next_page_token(rpc::NextPageToken(call, verification.scope, PlaceOf(bucket, head)));
        break;
      }
      RETURN_IF_ERROR(call.CheckTimeLeft());
      ASSIGN_OR_RETURN(done, VerifyBucket(reader, bucket, heads, room, head, reply));
    }
    if (!done) break;
    head = LogHead{};
  }
  if (reply.next_page_token().empty()) {
    const absl::Status whole = events::VerifyBuckets(reader);
    if (!whole.ok() && !absl::IsDataLoss(whole)) return whole;
    if (!whole.ok()) AddFinding(whole, reply);
  }
  reply.set_ok(reply.findings().empty());
  return reply;
}

}  // namespace

grpc::Status AuditService::ListAuditRecords(grpc::ServerContext* context, const v1::ListAuditRecordsRequest* request,
                                            v1::ListAuditRecordsResponse* reply) {
  const auto list = [this](const rpc::Call& call,
                           const EventPageQuery& query) -> absl::StatusOr<v1::ListAuditRecordsResponse> {
    v1::ListAuditRecordsResponse page;
    const auto add = [&page](const events::FeedEntry& entry, const events::FeedCursor&) {
      *page.add_audit_records() = ToRecord(entry);
      return page.audit_records().rbegin()->ByteSizeLong();
    };
    ASSIGN_OR_RETURN(*page.mutable_next_page_token(), ReadEventPage(database_, call, query, add));
    return page;
  };
  return endpoint_.Read(AuditMethod("ListAuditRecords"), context, *request, reply, ParseRecords, list);
}

grpc::Status AuditService::VerifyAuditChain(grpc::ServerContext* context, const v1::VerifyAuditChainRequest* request,
                                            v1::VerifyAuditChainResponse* reply) {
  const auto verify = [this](const rpc::Call& call,
                             const Verification& verification) -> absl::StatusOr<v1::VerifyAuditChainResponse> {
    v1::VerifyAuditChainResponse result;
    RETURN_IF_ERROR(database_.Read(call.deadline(), [&](mysql::Reader& reader) -> absl::Status {
      ASSIGN_OR_RETURN(result, Verify(call, reader, verification));
      return absl::OkStatus();
    }));
    return result;
  };
  return endpoint_.Read(AuditMethod("VerifyAuditChain"), context, *request, reply, ParseVerification, verify);
}

grpc::Status AuditService::ListAuditHeads(grpc::ServerContext* context, const v1::ListAuditHeadsRequest* request,
                                          v1::ListAuditHeadsResponse* reply) {
  const auto parse = [](const rpc::Call& call,
                        const v1::ListAuditHeadsRequest& asked) -> absl::StatusOr<mysql::PageQuery> {
    FieldViolations violations;
    mysql::PageQuery page = rpc::RequirePage(violations, call, /*filter=*/"", asked.page_size(), asked.page_token());
    RETURN_IF_ERROR(violations.ToStatus());
    return page;
  };
  const auto list = [this](const rpc::Call& call,
                           const mysql::PageQuery& page) -> absl::StatusOr<v1::ListAuditHeadsResponse> {
    int first = 0;
    if (!page.after.empty() && !absl::SimpleAtoi(page.after, &first)) first = 0;
    const int end = std::min(kBuckets, first + page.size);
    std::array<LogHead, kBuckets> heads;
    RETURN_IF_ERROR(database_.Read(call.deadline(), [&](mysql::Reader& reader) -> absl::Status {
      ASSIGN_OR_RETURN(heads, events::ReadHeads(reader));
      return absl::OkStatus();
    }));
    v1::ListAuditHeadsResponse reply;
    for (int bucket = first; bucket < end; ++bucket) {
      v1::AuditHead& head = *reply.add_audit_heads();
      head.set_bucket(bucket);
      head.set_position(heads[bucket].position);
      head.set_seal(heads[bucket].seal);
    }
    if (end < kBuckets) reply.set_next_page_token(rpc::NextPageToken(call, /*filter=*/"", absl::StrCat(end)));
    return reply;
  };
  return endpoint_.Read(AuditMethod("ListAuditHeads"), context, *request, reply, parse, list);
}

}  // namespace countersign::event_api
