#include "order-service/src/clients/link_client.h"

#include "common/rpc/channel.h"
#include "countersign/link/v1/link_service.grpc.pb.h"

namespace countersign::order {
namespace {

class GrpcLinkClient final : public LinkClient {
 public:
  explicit GrpcLinkClient(const std::shared_ptr<grpc::Channel>& channel)
      : stub_(link::v1::LinkService::NewStub(channel)) {}

  absl::StatusOr<link::v1::IssueLinkResponse> IssueLink(const rpc::Outgoing& outgoing,
                                                        const link::v1::IssueLinkRequest& request) override {
    return rpc::CallPeer(outgoing, *stub_, &link::v1::LinkService::Stub::IssueLink, request);
  }

  absl::Status ApplyOrderOutcome(const rpc::Outgoing& outgoing,
                                 const link::v1::ApplyOrderOutcomeRequest& request) override {
    return rpc::CallPeer(outgoing, *stub_, &link::v1::LinkService::Stub::ApplyOrderOutcome, request).status();
  }

  absl::Status ExtendLink(const rpc::Outgoing& outgoing, const link::v1::ExtendLinkRequest& request) override {
    return rpc::CallPeer(outgoing, *stub_, &link::v1::LinkService::Stub::ExtendLink, request).status();
  }

  absl::StatusOr<link::v1::ListLinksResponse> ListLinks(const rpc::Outgoing& outgoing,
                                                        const link::v1::ListLinksRequest& request) override {
    return rpc::CallPeer(outgoing, *stub_, &link::v1::LinkService::Stub::ListLinks, request);
  }

  absl::Status EraseLink(const rpc::Outgoing& outgoing, const link::v1::EraseLinkRequest& request) override {
    return rpc::CallPeer(outgoing, *stub_, &link::v1::LinkService::Stub::EraseLink, request).status();
  }

 private:
  const std::unique_ptr<link::v1::LinkService::Stub> stub_;
};

}  // namespace

std::unique_ptr<LinkClient> MakeLinkClient(const std::shared_ptr<grpc::Channel>& channel) {
  return std::make_unique<GrpcLinkClient>(channel);
}

}  // namespace countersign::order
