#include "billing-service/src/api/tax_rate_service.h"

#include <vector>

#include "billing-service/src/api/tax_rate_messages.h"
#include "billing-service/src/api/version_act.h"
#include "common/base/date.h"
#include "common/base/status_macros.h"

namespace countersign::billing {

absl::StatusOr<v1::TaxRate> TaxRateService::Create(const rpc::Call& call, const CreateTaxRateCommand& command) {
  const TaxRate& rate = command.rate;
  ASSIGN_OR_RETURN(const std::vector<TaxRate> rates, rates_.ReadOf(call.deadline(), rate.region));
  RETURN_IF_ERROR(CheckNewRate(rate, rates, DateOf(call.now())));
  const v1::TaxRate reply = ToProto(rate);
  RETURN_IF_ERROR(CommitVersion(call, committer_, rate, "TAX_RATE_CREATED", TaxRateStore::Row(rate), reply));
  rates_.Forget();
  return reply;
}

absl::StatusOr<v1::TaxRate> TaxRateService::Get(const rpc::Call& call, const rpc::NamedResource& named) const {
  ASSIGN_OR_RETURN(const TaxRate rate, rates_.Get(call.deadline(), named.id));
  return ToProto(rate);
}

absl::StatusOr<v1::ListTaxRatesResponse> TaxRateService::List(const rpc::Call& call,
                                                              const rpc::ListRequest& command) const {
  ASSIGN_OR_RETURN(const mysql::Page<TaxRate> page, rates_.List(call.deadline(), command.list.page));
  v1::ListTaxRatesResponse reply;
  for (const TaxRate& rate : page.items) *reply.add_tax_rates() = ToProto(rate);
  reply.set_next_page_token(rpc::NextPageToken(call, command.list, page.next));
  return reply;
}

}  // namespace countersign::billing
