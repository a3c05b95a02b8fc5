#include "link-service/src/api/link_api.h"

#include "link-service/src/api/link_requests.h"

namespace countersign::link {
namespace {

constexpr rpc::MethodSpec kIssueLink = {"countersign.link.v1.LinkService", "IssueLink"};
constexpr rpc::MethodSpec kGetLink = {"countersign.link.v1.LinkService", "GetLink"};
constexpr rpc::MethodSpec kApplyOrderOutcome = {"countersign.link.v1.LinkService", "ApplyOrderOutcome"};

}  // namespace

grpc::Status LinkApi::IssueLink(grpc::ServerContext* context, const v1::IssueLinkRequest* request,
                                v1::IssueLinkResponse* reply) {
  return endpoint_.Mutate(
      kIssueLink, context, *request, reply, ParseIssueLink,
      [&](const rpc::Call& call, const link::IssueLink& command) { return links_.Issue(call, command); });
}

grpc::Status LinkApi::GetLink(grpc::ServerContext* context, const v1::GetLinkRequest* request, v1::Link* reply) {
  return endpoint_.Read(kGetLink, context, *request, reply, ParseGetLink,
                        [&](const rpc::Call& call, const link::GetLink& command) { return links_.Get(call, command); });
}

grpc::Status LinkApi::ApplyOrderOutcome(grpc::ServerContext* context, const v1::ApplyOrderOutcomeRequest* request,
                                        v1::Link* reply) {
  return endpoint_.Mutate(kApplyOrderOutcome, context, *request, reply, ParseApplyOrderOutcome,
                          [&](const rpc::Call& call, const link::ApplyOrderOutcome& command) {
                            return links_.ApplyOutcome(call, command);
                          });
}

}  // namespace countersign::link
