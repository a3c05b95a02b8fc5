// The fixture of the tests of notices: dunning on a day, the notices on record, and an event that is delivered again.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_WORKERS_NOTICE_TEST_BASE_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_WORKERS_NOTICE_TEST_BASE_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "billing-service/src/api/api_test_base.h"
#include "billing-service/src/domain/names.h"
#include "common/base/date.h"
#include "common/base/uuid.h"
#include "common/events/change.h"
#include "common/events/relay.h"
#include "common/rpc/names.h"
#include "countersign/billing/v1/dunning.pb.h"
#include "countersign/billing/v1/dunning_service.grpc.pb.h"
#include "countersign/billing/v1/notice.pb.h"
#include "countersign/billing/v1/notice_service.grpc.pb.h"

namespace countersign::billing {

// That the invoice opened, as the relay would deliver it again.
inline events::Event Opened(const std::string& invoice) {
  const absl::StatusOr<std::vector<Uuid>> ids = rpc::ParseName(kInvoiceName, invoice);
  EXPECT_OK(ids);
  events::Event event;
  event.tenant = ids->front();
  event.aggregate = ids->back();
  event.version = 1;
  event.type = "INVOICE_OPENED";
  return event;
}

class NoticeRelayTest : public ApiTest {
 protected:
  // The migrations' own ladder stays.
  void SetUp() override {
    database_->Clear({"dunning_ladders", "fee_schedules"});
    database_->Execute("DELETE FROM dunning_ladders WHERE effective_date > '2009-01-01'");
  }

  void RunDunningOn(Date date) {
    SetDay(date);
    for (const events::BucketTask& task : parts().tasks()) {
      if (task.name != "dunning") continue;
      EXPECT_OK(task.run(events::BucketOf(Uuid::Derived({"account"})), absl::Now() + absl::Seconds(60)));
    }
  }
  // The notice is queued, mailed, and then its rung is climbed.
  void ClimbOn(Date date) {
    RunDunningOn(date);
    Drain();
    RunDunningOn(date);
  }
  std::vector<v1::Notice> Notices(const std::string& filter, const std::string& parent = "billingAccounts/-") {
    v1::ListNoticesRequest request;
    request.set_parent(parent);
    request.set_filter(filter);
    const absl::StatusOr<v1::ListNoticesResponse> page = Call(&v1::NoticeService::Stub::ListNotices, request);
    EXPECT_OK(page);
    return page.ok() ? std::vector<v1::Notice>(page->notices().begin(), page->notices().end())
                     : std::vector<v1::Notice>();
  }
  template <typename Request>
  static Request TransitionOf(const std::string& name) {
    Request request;
    request.set_name(name);
    request.set_reason("The mailbox is full.");
    request.set_request_id(NewRequestId());
    return request;
  }
  v1::Dunning::State Where() {
    v1::GetDunningRequest request;
    request.set_name(account_ + "/dunning");
    const absl::StatusOr<v1::Dunning> dunning = Call(&v1::DunningService::Stub::GetDunning, request);
    EXPECT_OK(dunning);
    return dunning.ok() ? dunning->state() : v1::Dunning::STATE_UNSPECIFIED;
  }
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_WORKERS_NOTICE_TEST_BASE_H_
