#include "billing-service/src/api/withholding_rate_service.h"

#include <vector>

#include "billing-service/src/api/version_act.h"
#include "billing-service/src/api/withholding_rate_messages.h"
#include "common/base/date.h"
#include "common/base/status_macros.h"

namespace countersign::billing {

absl::StatusOr<v1::WithholdingRate> WithholdingRateService::Create(const rpc::Call& call,
                                                                   const CreateWithholdingRateCommand& command) {
  const WithholdingRate& version = command.version;
  ASSIGN_OR_RETURN(const std::vector<WithholdingRate> versions, versions_.ReadOf(call.deadline(), version.region));
  RETURN_IF_ERROR(CheckNewVersion(version, versions, DateOf(call.now())));
  const v1::WithholdingRate reply = ToProto(version);
  RETURN_IF_ERROR(
      CommitVersion(call, committer_, version, "WITHHOLDING_RATE_CREATED", WithholdingRateStore::Row(version), reply));
  return reply;
}

absl::StatusOr<v1::WithholdingRate> WithholdingRateService::Get(const rpc::Call& call,
                                                                const rpc::NamedResource& named) const {
  ASSIGN_OR_RETURN(const WithholdingRate rate, versions_.Get(call.deadline(), named.id));
  return ToProto(rate);
}

absl::StatusOr<v1::ListWithholdingRatesResponse> WithholdingRateService::List(const rpc::Call& call,
                                                                              const rpc::ListRequest& command) const {
  ASSIGN_OR_RETURN(const mysql::Page<WithholdingRate> page, versions_.List(call.deadline(), command.list.page));
  v1::ListWithholdingRatesResponse reply;
  for (const WithholdingRate& rate : page.items) *reply.add_withholding_rates() = ToProto(rate);
  reply.set_next_page_token(rpc::NextPageToken(call, command.list, page.next));
  return reply;
}

}  // namespace countersign::billing
