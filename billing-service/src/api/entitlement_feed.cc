#include "billing-service/src/api/entitlement_feed.h"

#include <optional>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "billing-service/src/api/entitlement_reader.h"
#include "billing-service/src/domain/names.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/event_api/event_parent.h"
#include "common/events/event_feed.h"
#include "common/rpc/fields.h"
#include "common/rpc/status.h"

namespace countersign::billing {
namespace {

constexpr absl::Duration kWorkTimeout = absl::Seconds(10);

rpc::MethodSpec WatchMethod() { return {"countersign.billing.v1.EntitlementService", "WatchEntitlements"}; }

absl::StatusOr<events::FeedCursor> ParseWatch(const v1::WatchEntitlementsRequest& request) {
  FieldViolations violations;
  std::optional<Uuid> account;
  if (request.parent() != kAllAccounts) {
    account = rpc::RequireName(violations, "parent", kAccountName, request.parent())[0];
  }
  events::FeedCursor cursor = event_api::RequireEventPosition(violations, account, request.position());
  RETURN_IF_ERROR(violations.ToStatus());
  return cursor;
}

absl::Status FeedStopping() {
  return Error(absl::StatusCode::kUnavailable, "SERVER_STOPPING",
               "The server stops. Watch again from the position of the last change.");
}

bool ConcernsEntitlement(const events::Event& event) { return absl::StartsWith(event.type, "SUBSCRIPTION_"); }

}  // namespace

EntitlementFeed::EntitlementFeed(const rpc::Endpoint& endpoint, mysql::Database& database,
                                 const SubscriptionStore& subscriptions, OrderClient& orders)
    : endpoint_(endpoint), subscriptions_(subscriptions), orders_(orders), pump_(database) {
  thread_ = std::thread([this] { Run(); });
}

grpc::ServerWriteReactor<v1::EntitlementChange>* EntitlementFeed::Watch(grpc::CallbackServerContext& context,
                                                                        const v1::WatchEntitlementsRequest& request) {
  const auto stream = std::make_shared<EntitlementStream>(
      endpoint_, pump_, context, request, [this](const event_api::FeedReader* full) { Enqueue(full); },
      [this](const event_api::FeedReader* gone) { Forget(gone); });
  bool refused = false;
  {
    absl::MutexLock lock(&mutex_);
    streams_[stream.get()] = stream;
    refused = refusing_;
    if (!refused) waiting_.push_back(stream);
  }
  if (refused) stream->Admitted(rpc::ToGrpc(FeedStopping(), ""), std::nullopt);
  return stream.get();
}

void EntitlementFeed::Run() {
  const auto has_work = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return stopped_ || !waiting_.empty(); };
  while (true) {
    std::shared_ptr<EntitlementStream> stream;
    {
      absl::MutexLock lock(&mutex_);
      mutex_.Await(absl::Condition(&has_work));
      if (waiting_.empty()) return;  // Stopped, and nobody is left waiting.
      stream = std::move(waiting_.front());
      waiting_.pop_front();
    }
    WorkOn(stream);
  }
}

void EntitlementFeed::WorkOn(const std::shared_ptr<EntitlementStream>& stream) {
  if (!stream->is_admitted()) return Admit(stream);
  stream->Worked(ChangesOf(*stream));
}

void EntitlementFeed::Admit(const std::shared_ptr<EntitlementStream>& stream) {
  std::optional<rpc::Call> call;
  const grpc::Status refusal = endpoint_.AdmitStream(WatchMethod(), stream->context(), stream->request(), call);
  if (!refusal.ok()) return stream->Admitted(refusal, std::nullopt);
  absl::StatusOr<events::FeedCursor> cursor = ParseWatch(stream->request());
  {
    absl::MutexLock lock(&mutex_);
    if (cursor.ok() && streams_.size() > kMaxEntitlementStreams) {
      cursor = Error(absl::StatusCode::kResourceExhausted, "TOO_MANY_WATCHERS",
                     "This server has as many watchers of entitlements as it takes. Try again later, or use "
                     "ListEntitlements.",
                     {{"maxWatchers", absl::StrCat(kMaxEntitlementStreams)}});
    }
  }
  if (cursor.ok()) {
    pump_.Add(stream, *std::move(cursor));
  } else {
    stream->End(cursor.status());
  }
  stream->Admitted(grpc::Status::OK, std::move(call));
}

absl::StatusOr<std::vector<v1::EntitlementChange>> EntitlementFeed::ChangesOf(EntitlementStream& stream) {
  const std::vector<event_api::FeedItem> items = stream.Events();
  std::map<std::pair<Uuid, Uuid>, size_t> last;  // By account and subscription: which event is its last.
  for (size_t i = 0; i < items.size(); ++i) {
    const events::Event& event = items[i].event;
    if (ConcernsEntitlement(event)) last[{event.tenant, event.aggregate}] = i;
  }
  std::vector<v1::EntitlementChange> changes;
  if (last.empty()) return changes;
  // A watcher that has lost its right since it began learns nothing more.
  RETURN_IF_ERROR(endpoint_.RecheckStream(WatchMethod(), stream.context()));
  const absl::Time deadline = absl::Now() + kWorkTimeout;
  std::vector<std::pair<Uuid, Uuid>> ids;
  for (const auto& [id, place] : last) ids.push_back(id);
  ASSIGN_OR_RETURN(const std::vector<absl::StatusOr<Subscription>> subscriptions,
                   subscriptions_.GetEach(deadline, ids));
  rpc::Outgoing outgoing = stream.call().outgoing();
  outgoing.deadline = deadline;
  EntitlementReader reader(orders_, std::move(outgoing));
  std::map<size_t, v1::EntitlementChange> by_place;
  for (size_t i = 0; i < ids.size(); ++i) {
    RETURN_IF_ERROR(subscriptions[i].status());
    const size_t place = last[ids[i]];
    ASSIGN_OR_RETURN(*by_place[place].mutable_entitlement(), reader.Of(*subscriptions[i]));
    by_place[place].set_position(items[place].position);
  }
  for (auto& [place, change] : by_place) changes.push_back(std::move(change));
  return changes;
}

void EntitlementFeed::Enqueue(const event_api::FeedReader* stream) {
  absl::MutexLock lock(&mutex_);
  const auto found = streams_.find(stream);
  if (found != streams_.end()) waiting_.push_back(found->second);
}

void EntitlementFeed::Forget(const event_api::FeedReader* stream) {
  std::shared_ptr<EntitlementStream> last;  // Destroyed after the lock is gone.
  absl::MutexLock lock(&mutex_);
  const auto found = streams_.find(stream);
  if (found == streams_.end()) return;
  last = std::move(found->second);
  streams_.erase(found);
}

void EntitlementFeed::Stop() {
  std::vector<std::shared_ptr<EntitlementStream>> streams;
  {
    absl::MutexLock lock(&mutex_);
    if (refusing_) return;
    refusing_ = true;
    for (const auto& [key, stream] : streams_) streams.push_back(stream);
  }
  for (const auto& stream : streams) stream->End(FeedStopping());
  {
    absl::MutexLock lock(&mutex_);
    stopped_ = true;  // Only now: nothing more is given to the thread.
  }
  thread_.join();
  pump_.Stop();
}

}  // namespace countersign::billing
