// countersign.billing.v1.NoticeService: what was mailed, and what did not arrive.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_NOTICE_SERVICE_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_NOTICE_SERVICE_H_

#include <functional>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "billing-service/src/api/account_list.h"
#include "billing-service/src/domain/names.h"
#include "billing-service/src/store/billing_account_store.h"
#include "billing-service/src/store/notice_store.h"
#include "common/events/committer.h"
#include "common/rpc/endpoint.h"
#include "common/rpc/requests.h"
#include "countersign/billing/v1/notice_service.grpc.pb.h"

namespace countersign::billing {

// Thread-safe. Errors are those of notice_service.proto.
class NoticeService final : public v1::NoticeService::Service {
 public:
  // All must outlive the service.
  NoticeService(const rpc::Endpoint& endpoint, events::Committer& committer, const NoticeStore& notices,
                const BillingAccountStore& accounts)
      : endpoint_(endpoint), committer_(committer), notices_(notices), accounts_(accounts) {}

  grpc::Status GetNotice(grpc::ServerContext* context, const v1::GetNoticeRequest* request,
                         v1::Notice* reply) override {
    return endpoint_.Read(Method("GetNotice"), context, *request, reply, rpc::ParseNamed{kNoticeName},
                          std::bind_front(&NoticeService::Get, this));
  }
  grpc::Status ListNotices(grpc::ServerContext* context, const v1::ListNoticesRequest* request,
                           v1::ListNoticesResponse* reply) override {
    return endpoint_.Read(Method("ListNotices"), context, *request, reply, ParseAccountList{NoticeFilterFields()},
                          std::bind_front(&NoticeService::List, this));
  }
  grpc::Status RecordNoticeBounce(grpc::ServerContext* context, const v1::RecordNoticeBounceRequest* request,
                                  v1::Notice* reply) override {
    return endpoint_.Mutate(Method("RecordNoticeBounce"), context, *request, reply, rpc::ParseTransition{kNoticeName},
                            std::bind_front(&NoticeService::Move, this, NoticeState::kBounced));
  }
  grpc::Status ResendNotice(grpc::ServerContext* context, const v1::ResendNoticeRequest* request,
                            v1::Notice* reply) override {
    return endpoint_.Mutate(Method("ResendNotice"), context, *request, reply, rpc::ParseTransition{kNoticeName},
                            std::bind_front(&NoticeService::Move, this, NoticeState::kQueued));
  }

 private:
  static rpc::MethodSpec Method(absl::string_view name) { return {v1::NoticeService::service_full_name(), name}; }

  absl::StatusOr<v1::Notice> Get(const rpc::Call& call, const rpc::NamedResource& named) const;
  absl::StatusOr<v1::ListNoticesResponse> List(const rpc::Call& call, const AccountList& command) const;
  absl::StatusOr<v1::Notice> Move(NoticeState to, const rpc::Call& call, const rpc::NamedResource& named);

  const rpc::Endpoint& endpoint_;
  events::Committer& committer_;
  const NoticeStore& notices_;
  const BillingAccountStore& accounts_;
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_NOTICE_SERVICE_H_
