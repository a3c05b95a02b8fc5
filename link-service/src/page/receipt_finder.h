// Finds the receipts of a customer that lost them, behind the page /find: it is answered at once and always alike, so
// that neither the answer nor its time says whether there is such an order.
#ifndef COUNTERSIGN_LINK_SERVICE_SRC_PAGE_RECEIPT_FINDER_H_
#define COUNTERSIGN_LINK_SERVICE_SRC_PAGE_RECEIPT_FINDER_H_

#include <cstddef>
#include <deque>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/base/clock.h"
#include "common/events/committer.h"
#include "common/rpc/call.h"
#include "countersign/order/v1/order.pb.h"
#include "link-service/src/clients/billing_client.h"
#include "link-service/src/clients/order_client.h"
#include "link-service/src/store/access_link_store.h"
#include "link-service/src/store/link_store.h"

namespace countersign::link {

// All must outlive the finder.
struct ReceiptFinderParts {
  events::Committer& committer;
  const LinkStore& links;
  const AccessLinkStore& access_links;
  OrderClient& orders;
  BillingClient& billing;
  const Clock& clock;
};

// Thread-safe. What waits here when the process ends is lost: the customer asks again.
class ReceiptFinder {
 public:
  static constexpr size_t kMaxWaiting = 1'000;
  static constexpr int kMaxReceipts = 10;  // Of one account: the newest.

  struct Sought {
    std::string number;  // As typed.
    std::string email;
    std::string trace_id;
  };

  explicit ReceiptFinder(const ReceiptFinderParts& parts) : parts_(parts) {}
  ~ReceiptFinder() { Stop(); }

  // Does not wait. False: too many others do.
  bool Find(Sought sought);

  // Looks for all that wait, one after another, and has an access link of each confirmed order mailed where number and
  // address belong together.
  void WorkOff();

  // Works in a thread of its own from Start to Stop.
  void Start();
  void Stop();

 private:
  void Run();
  absl::Status Work(const Sought& sought);
  // The orders whose account has this number and address.
  absl::StatusOr<std::vector<order::v1::Order>> OrdersOf(const rpc::Outgoing& outgoing, const Sought& sought);
  absl::StatusOr<std::vector<order::v1::Order>> Search(const rpc::Outgoing& outgoing, const std::string& query);
  absl::Status Ask(const Sought& sought, const order::v1::Order& order);

  const ReceiptFinderParts parts_;
  absl::Mutex mutex_;
  std::deque<Sought> waiting_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace countersign::link

#endif  // COUNTERSIGN_LINK_SERVICE_SRC_PAGE_RECEIPT_FINDER_H_
