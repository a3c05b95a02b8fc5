#include "billing-service/src/domain/billing_run_record.h"

#include "absl/strings/str_cat.h"

namespace countersign::billing {

Uuid BillingRunShareId(const Uuid& run, int64_t bucket) {
  return Uuid::Derived({"billing-run-share", run.bytes(), absl::StrCat(bucket)});
}

}  // namespace countersign::billing
