#include "billing-service/src/api/billing_run_messages.h"

#include <algorithm>

#include "absl/time/time.h"
#include "billing-service/src/domain/names.h"
#include "common/rpc/convert.h"
#include "common/rpc/names.h"

namespace countersign::billing {

v1::BillingRun ToProto(const BillingRun& run) {
  v1::BillingRun message;
  message.set_name(rpc::FormatName(kBillingRunName, {run.id}));
  message.set_state(rpc::EnumNamed<v1::BillingRun::State>("STATE_", NameOf(run.state)));
  *message.mutable_bill_date() = rpc::ToProto(run.date);
  message.set_reason(run.reason);
  message.set_account_count(run.counts.accounts);
  message.set_subscription_count(run.counts.subscriptions);
  message.set_invoice_count(run.counts.invoices);
  message.set_parked_count(run.counts.parked);
  *message.mutable_create_time() = rpc::ToProto(run.create_time);
  if (run.finish_time.has_value()) {
    *message.mutable_finish_time() = rpc::ToProto(*run.finish_time);
    const int64_t seconds = std::max<int64_t>(1, absl::ToInt64Seconds(*run.finish_time - run.create_time));
    message.set_invoices_per_minute(run.counts.invoices * 60 / seconds);
  }
  return message;
}

v1::BillingRunEvent EventOf(const BillingRun& run) {
  v1::BillingRunEvent event;
  event.set_billing_run(rpc::FormatName(kBillingRunName, {run.id}));
  event.set_version(run.version);
  return event;
}

v1::BillingRunEvent EventOf(const BillingRunShare& share) {
  v1::BillingRunEvent event;
  event.set_billing_run(rpc::FormatName(kBillingRunName, {share.run}));
  event.set_version(share.version);
  event.set_bucket(share.bucket);
  event.set_account_count(share.counts.accounts);
  event.set_invoice_count(share.counts.invoices);
  event.set_parked_count(share.counts.parked);
  return event;
}

}  // namespace countersign::billing
