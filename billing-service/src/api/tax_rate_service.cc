#include "billing-service/src/api/tax_rate_service.h"

#include <vector>

#include "billing-service/src/api/tax_rate_messages.h"
#include "common/base/date.h"
#include "common/base/status_macros.h"

namespace countersign::billing {

absl::StatusOr<v1::TaxRate> TaxRateService::Create(const rpc::Call& call, const CreateTaxRateCommand& command) {
  const TaxRate& rate = command.rate;
  ASSIGN_OR_RETURN(const std::vector<TaxRate> rates, rates_.ReadOfRegion(call.deadline(), rate.region));
  RETURN_IF_ERROR(CheckNewRate(rate, rates, DateOf(call.now())));
  v1::TaxRate reply = ToProto(rate);
  if (call.validate_only()) return reply;
  const events::Event created = call.MakeEvent({.aggregate = rate.id,
                                                .version = rate.version,
                                                .type = "TAX_RATE_CREATED",
                                                .payload = EventOf(rate),
                                                .resource = reply});
  RETURN_IF_ERROR(committer_.Commit(
      call.deadline(), call.ChangeOf({.rows = {TaxRateStore::Row(rate)}, .events = {created}, .reply = reply})));
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
