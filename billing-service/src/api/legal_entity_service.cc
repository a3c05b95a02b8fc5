#include "billing-service/src/api/legal_entity_service.h"

#include <vector>

#include "billing-service/src/api/legal_entity_messages.h"
#include "billing-service/src/api/version_act.h"
#include "common/base/date.h"
#include "common/base/status_macros.h"

namespace countersign::billing {

absl::StatusOr<v1::LegalEntity> LegalEntityService::Create(const rpc::Call& call,
                                                           const CreateLegalEntityCommand& command) {
  const LegalEntity& entity = command.entity;
  ASSIGN_OR_RETURN(const std::vector<LegalEntity> versions, entities_.ReadOf(call.deadline(), entity.currency));
  RETURN_IF_ERROR(CheckNewLegalEntity(entity, versions, DateOf(call.now())));
  const v1::LegalEntity reply = ToProto(entity);
  RETURN_IF_ERROR(
      CommitVersion(call, committer_, entity, "LEGAL_ENTITY_CREATED", LegalEntityStore::Row(entity), reply));
  return reply;
}

absl::StatusOr<v1::LegalEntity> LegalEntityService::Get(const rpc::Call& call, const rpc::NamedResource& named) const {
  ASSIGN_OR_RETURN(const LegalEntity entity, entities_.Get(call.deadline(), named.id));
  return ToProto(entity);
}

absl::StatusOr<v1::ListLegalEntitiesResponse> LegalEntityService::List(const rpc::Call& call,
                                                                       const rpc::ListRequest& command) const {
  ASSIGN_OR_RETURN(const mysql::Page<LegalEntity> page, entities_.List(call.deadline(), command.list.page));
  v1::ListLegalEntitiesResponse reply;
  for (const LegalEntity& entity : page.items) *reply.add_legal_entities() = ToProto(entity);
  reply.set_next_page_token(rpc::NextPageToken(call, command.list, page.next));
  return reply;
}

}  // namespace countersign::billing
