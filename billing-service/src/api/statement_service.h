// countersign.billing.v1.StatementService: the partners' fee statements.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_STATEMENT_SERVICE_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_STATEMENT_SERVICE_H_

#include <functional>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "billing-service/src/api/partner_list.h"
#include "billing-service/src/api/statement_closer.h"
#include "billing-service/src/api/statement_requests.h"
#include "billing-service/src/domain/explanation.h"
#include "billing-service/src/domain/names.h"
#include "billing-service/src/store/payout_store.h"
#include "billing-service/src/store/self_billing_store.h"
#include "billing-service/src/store/statement_store.h"
#include "billing-service/src/store/tax_rate_store.h"
#include "billing-service/src/store/withholding_rate_store.h"
#include "common/events/committer.h"
#include "common/rpc/endpoint.h"
#include "common/rpc/requests.h"
#include "countersign/billing/v1/statement_service.grpc.pb.h"

namespace countersign::billing {

// Thread-safe. Errors are those of statement_service.proto.
class StatementService final : public v1::StatementService::Service {
 public:
  // All must outlive the service.
  StatementService(const rpc::Endpoint& endpoint, events::Committer& committer, const StatementStore& statements,
                   const PayoutStore& payouts, const WithholdingRateStore& withholding_rates,
                   const SelfBillingStore& self_billing, const TaxRateStore& tax_rates, const StatementCloser& closer)
      : endpoint_(endpoint),
        committer_(committer),
        statements_(statements),
        payouts_(payouts),
        withholding_rates_(withholding_rates),
        self_billing_(self_billing),
        tax_rates_(tax_rates),
        closer_(closer) {}

  grpc::Status GetStatement(grpc::ServerContext* context, const v1::GetStatementRequest* request,
                            v1::Statement* reply) override {
    return endpoint_.Read(Method("GetStatement"), context, *request, reply, rpc::ParseNamed{kStatementName},
                          std::bind_front(&StatementService::Get, this));
  }
  grpc::Status ListStatements(grpc::ServerContext* context, const v1::ListStatementsRequest* request,
                              v1::ListStatementsResponse* reply) override {
    return endpoint_.Read(Method("ListStatements"), context, *request, reply, ParsePartnerList{StatementFilterFields()},
                          std::bind_front(&StatementService::List, this));
  }
  grpc::Status ListStatementLines(grpc::ServerContext* context, const v1::ListStatementLinesRequest* request,
                                  v1::ListStatementLinesResponse* reply) override {
    return endpoint_.Read(Method("ListStatementLines"), context, *request, reply,
                          rpc::ParseList{kStatementName, StatementLineFilterFields()},
                          std::bind_front(&StatementService::ListLines, this));
  }
  grpc::Status ExplainStatement(grpc::ServerContext* context, const v1::ExplainStatementRequest* request,
                                v1::Explanation* reply) override {
    return endpoint_.Read(Method("ExplainStatement"), context, *request, reply, rpc::ParseNamed{kStatementName},
                          std::bind_front(&StatementService::Explain, this));
  }
  grpc::Status CloseStatements(grpc::ServerContext* context, const v1::CloseStatementsRequest* request,
                               v1::CloseStatementsResponse* reply) override {
    return endpoint_.Mutate(Method("CloseStatements"), context, *request, reply, ParseCloseStatements,
                            std::bind_front(&StatementService::Close, this));
  }
  grpc::Status GetStatementDocument(grpc::ServerContext* context, const v1::GetStatementDocumentRequest* request,
                                    v1::GetStatementDocumentResponse* reply) override {
    return endpoint_.Read(Method("GetStatementDocument"), context, *request, reply, rpc::ParseNamed{kStatementName},
                          std::bind_front(&StatementService::GetDocument, this));
  }
  grpc::Status ExportStatement(grpc::ServerContext* context, const v1::ExportStatementRequest* request,
                               v1::ExportStatementResponse* reply) override {
    return endpoint_.Read(Method("ExportStatement"), context, *request, reply, rpc::ParseNamed{kStatementName},
                          std::bind_front(&StatementService::Export, this));
  }

 private:
  static rpc::MethodSpec Method(absl::string_view name) { return {v1::StatementService::service_full_name(), name}; }

  absl::StatusOr<v1::Statement> Get(const rpc::Call& call, const rpc::NamedResource& named) const;
  absl::StatusOr<v1::ListStatementsResponse> List(const rpc::Call& call, const PartnerList& command) const;
  absl::StatusOr<v1::ListStatementLinesResponse> ListLines(const rpc::Call& call,
                                                           const rpc::ListRequest& command) const;
  absl::StatusOr<v1::Explanation> Explain(const rpc::Call& call, const rpc::NamedResource& named) const;
  absl::StatusOr<v1::CloseStatementsResponse> Close(const rpc::Call& call, const CloseStatementsCommand& command);
  absl::StatusOr<v1::GetStatementDocumentResponse> GetDocument(const rpc::Call& call,
                                                               const rpc::NamedResource& named) const;
  absl::StatusOr<v1::ExportStatementResponse> Export(const rpc::Call& call, const rpc::NamedResource& named) const;

  // Its payout, where there is one already.
  absl::StatusOr<std::optional<Payout>> PayoutOf(const rpc::Call& call, const Statement& statement) const;

  absl::StatusOr<PayoutFacts> FactsOf(const rpc::Call& call, const Payout& payout) const;

  // Every line of a statement. Error: OUT_OF_RANGE STATEMENT_TOO_LONG for more than one message can have.
  absl::StatusOr<std::vector<StatementLine>> AllLines(const rpc::Call& call, const Statement& statement) const;

  const rpc::Endpoint& endpoint_;
  events::Committer& committer_;
  const StatementStore& statements_;
  const PayoutStore& payouts_;
  const WithholdingRateStore& withholding_rates_;
  const SelfBillingStore& self_billing_;
  const TaxRateStore& tax_rates_;
  const StatementCloser& closer_;
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_STATEMENT_SERVICE_H_
