// countersign.link.v1.LinkService: which method may be called by whom, and which handler tells its story.
#ifndef COUNTERSIGN_LINK_SERVICE_SRC_API_LINK_API_H_
#define COUNTERSIGN_LINK_SERVICE_SRC_API_LINK_API_H_

#include "common/rpc/endpoint.h"
#include "countersign/link/v1/link_service.grpc.pb.h"
#include "link-service/src/api/link_handlers.h"

namespace countersign::link {

class LinkApi final : public v1::LinkService::Service {
 public:
  // Both must outlive the service.
  LinkApi(const rpc::Endpoint& endpoint, LinkHandlers& links) : endpoint_(endpoint), links_(links) {}

  grpc::Status IssueLink(grpc::ServerContext* context, const v1::IssueLinkRequest* request,
                         v1::IssueLinkResponse* reply) override;
  grpc::Status GetLink(grpc::ServerContext* context, const v1::GetLinkRequest* request, v1::Link* reply) override;
  grpc::Status ApplyOrderOutcome(grpc::ServerContext* context, const v1::ApplyOrderOutcomeRequest* request,
                                 v1::Link* reply) override;

 private:
  const rpc::Endpoint& endpoint_;
  LinkHandlers& links_;
};

}  // namespace countersign::link

#endif  // COUNTERSIGN_LINK_SERVICE_SRC_API_LINK_API_H_
