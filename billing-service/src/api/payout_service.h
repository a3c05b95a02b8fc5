// countersign.billing.v1.PayoutService: payouts to partners, and the terms that they are made by.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_PAYOUT_SERVICE_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_PAYOUT_SERVICE_H_

#include <functional>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "billing-service/src/api/partner_list.h"
#include "billing-service/src/api/payout_messages.h"
#include "billing-service/src/api/payout_requests.h"
#include "billing-service/src/clients/payee_client.h"
#include "billing-service/src/domain/names.h"
#include "billing-service/src/store/payout_store.h"
#include "common/events/committer.h"
#include "common/rpc/endpoint.h"
#include "common/rpc/requests.h"
#include "countersign/billing/v1/payout_service.grpc.pb.h"

namespace countersign::billing {

// Thread-safe. Errors are those of payout_service.proto.
class PayoutService final : public v1::PayoutService::Service {
 public:
  // All must outlive the service.
  PayoutService(const rpc::Endpoint& endpoint, events::Committer& committer, const PayoutStore& payouts,
                PayeeClient& payees)
      : endpoint_(endpoint), committer_(committer), payouts_(payouts), payees_(payees) {}

  grpc::Status GetPayout(grpc::ServerContext* context, const v1::GetPayoutRequest* request,
                         v1::Payout* reply) override {
    return endpoint_.Read(Method("GetPayout"), context, *request, reply, rpc::ParseNamed{kPayoutName},
                          std::bind_front(&PayoutService::Get, this));
  }
  grpc::Status ListPayouts(grpc::ServerContext* context, const v1::ListPayoutsRequest* request,
                           v1::ListPayoutsResponse* reply) override {
    return endpoint_.Read(Method("ListPayouts"), context, *request, reply, ParsePartnerList{PayoutFilterFields()},
                          std::bind_front(&PayoutService::List, this));
  }
  grpc::Status ApprovePayout(grpc::ServerContext* context, const v1::ApprovePayoutRequest* request,
                             v1::Payout* reply) override {
    return endpoint_.Mutate(Method("ApprovePayout"), context, *request, reply, rpc::ParseTransition{kPayoutName},
                            std::bind_front(&PayoutService::Approve, this));
  }
  grpc::Status CreatePayoutFile(grpc::ServerContext* context, const v1::CreatePayoutFileRequest* request,
                                v1::CreatePayoutFileResponse* reply) override {
    return endpoint_.Mutate(Method("CreatePayoutFile"), context, *request, reply, ParseCreatePayoutFile,
                            std::bind_front(&PayoutService::CreateFile, this));
  }
  grpc::Status RecordPayoutAnswer(grpc::ServerContext* context, const v1::RecordPayoutAnswerRequest* request,
                                  v1::Payout* reply) override {
    return endpoint_.Mutate(Method("RecordPayoutAnswer"), context, *request, reply, ParseRecordPayoutAnswer,
                            std::bind_front(&PayoutService::RecordAnswer, this));
  }
  grpc::Status RecordPayoutAnswers(grpc::ServerContext* context, const v1::RecordPayoutAnswersRequest* request,
                                   v1::RecordPayoutAnswersResponse* reply) override {
    return endpoint_.Mutate(Method("RecordPayoutAnswers"), context, *request, reply, ParseRecordPayoutAnswers,
                            std::bind_front(&PayoutService::RecordAnswers, this));
  }
  grpc::Status CreatePayoutTerms(grpc::ServerContext* context, const v1::CreatePayoutTermsRequest* request,
                                 v1::PayoutTerms* reply) override {
    return endpoint_.Mutate(Method("CreatePayoutTerms"), context, *request, reply, ParseCreatePayoutTerms,
                            std::bind_front(&PayoutService::CreateTerms, this));
  }
  grpc::Status GetPayoutTerms(grpc::ServerContext* context, const v1::GetPayoutTermsRequest* request,
                              v1::PayoutTerms* reply) override {
    return endpoint_.Read(Method("GetPayoutTerms"), context, *request, reply, rpc::ParseNamed{kPayoutTermsName},
                          std::bind_front(&PayoutService::GetTerms, this));
  }
  grpc::Status ListPayoutTerms(grpc::ServerContext* context, const v1::ListPayoutTermsRequest* request,
                               v1::ListPayoutTermsResponse* reply) override {
    return endpoint_.Read(Method("ListPayoutTerms"), context, *request, reply,
                          rpc::ParseList{"", PayoutTermsFilterFields()},
                          std::bind_front(&PayoutService::ListTerms, this));
  }

 private:
  static rpc::MethodSpec Method(absl::string_view name) { return {v1::PayoutService::service_full_name(), name}; }

  absl::StatusOr<v1::Payout> Get(const rpc::Call& call, const rpc::NamedResource& named) const;
  absl::StatusOr<v1::ListPayoutsResponse> List(const rpc::Call& call, const PartnerList& command) const;
  absl::StatusOr<v1::Payout> Approve(const rpc::Call& call, const rpc::NamedResource& named);
  absl::StatusOr<v1::CreatePayoutFileResponse> CreateFile(const rpc::Call& call,
                                                          const CreatePayoutFileCommand& command);
  absl::StatusOr<v1::CreatePayoutFileResponse> CreateFileOfAll(const rpc::Call& call,
                                                               const CreatePayoutFileCommand& command);
  // SendOfPartner of each partner of `payouts`.
  absl::Status SendEach(const rpc::Call& call, const Uuid& file_id, const std::vector<Payout>& payouts,
                        PayoutFile& file, v1::CreatePayoutFileResponse& reply);
  // OK when `reply` names all that was sent in the file. Error: FAILED_PRECONDITION PAYOUT_FILE_INCOMPLETE.
  absl::Status CheckComplete(const rpc::Call& call, const Uuid& file_id,
                             const v1::CreatePayoutFileResponse& reply) const;
  // Sends what is APPROVED of one partner's `payouts` in the file, and adds all of them to it, or says why not.
  absl::Status SendOfPartner(const rpc::Call& call, const Uuid& file_id, const std::vector<Payout>& payouts,
                             PayoutFile& file, v1::CreatePayoutFileResponse& reply);
  absl::StatusOr<v1::RecordPayoutAnswersResponse> RecordAnswers(const rpc::Call& call,
                                                                const RecordPayoutAnswersCommand& command);
  // Takes one row. Errors: NOT_FOUND PAYOUT_NOT_FOUND; FAILED_PRECONDITION PAYOUT_STATE, PAYOUT_ATTEMPT; those of the
  // store and of the committer.
  absl::StatusOr<Payout> TakeAnswer(const rpc::Call& call, const PayoutAnswer& answer);
  absl::StatusOr<v1::Payout> RecordAnswer(const rpc::Call& call, const RecordPayoutAnswerCommand& command);
  absl::StatusOr<v1::PayoutTerms> CreateTerms(const rpc::Call& call, const CreatePayoutTermsCommand& command);
  absl::StatusOr<v1::PayoutTerms> GetTerms(const rpc::Call& call, const rpc::NamedResource& named) const;
  absl::StatusOr<v1::ListPayoutTermsResponse> ListTerms(const rpc::Call& call, const rpc::ListRequest& command) const;

  // Commits this version of the payout with the ledger's side of it, and answers with it.
  absl::StatusOr<v1::Payout> Save(const rpc::Call& call, const Payout& payout);

  const rpc::Endpoint& endpoint_;
  events::Committer& committer_;
  const PayoutStore& payouts_;
  PayeeClient& payees_;
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_PAYOUT_SERVICE_H_
