// countersign.event.v1.AuditService: who did what, and the proof that the record of it holds. Every service serves it.
#ifndef COUNTERSIGN_COMMON_EVENT_API_AUDIT_SERVICE_H_
#define COUNTERSIGN_COMMON_EVENT_API_AUDIT_SERVICE_H_

#include "common/mysql/database.h"
#include "common/rpc/endpoint.h"
#include "countersign/event/v1/audit_service.grpc.pb.h"

namespace countersign::event_api {

class AuditService final : public event::v1::AuditService::Service {
 public:
  // Both must outlive this object.
  AuditService(const rpc::Endpoint& endpoint, mysql::Database& database) : endpoint_(endpoint), database_(database) {}

  grpc::Status ListAuditRecords(grpc::ServerContext* context, const event::v1::ListAuditRecordsRequest* request,
                                event::v1::ListAuditRecordsResponse* reply) override;
  grpc::Status VerifyAuditChain(grpc::ServerContext* context, const event::v1::VerifyAuditChainRequest* request,
                                event::v1::VerifyAuditChainResponse* reply) override;
  grpc::Status ListAuditHeads(grpc::ServerContext* context, const event::v1::ListAuditHeadsRequest* request,
                              event::v1::ListAuditHeadsResponse* reply) override;

 private:
  const rpc::Endpoint& endpoint_;
  mysql::Database& database_;
};

}  // namespace countersign::event_api

#endif  // COUNTERSIGN_COMMON_EVENT_API_AUDIT_SERVICE_H_
