#include "billing-service/src/api/statement_service.h"

#include <string>
#include <utility>

#include "billing-service/src/api/explanation_messages.h"
#include "billing-service/src/api/statement_messages.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/rpc/names.h"

namespace countersign::billing {
namespace {

constexpr int kLinesOfAPage = 1000;
constexpr size_t kMostLinesOfADocument = 5000;  // Some 1.5 MB.

}  // namespace

absl::StatusOr<v1::Statement> StatementService::Get(const rpc::Call& call, const rpc::NamedResource& named) const {
  ASSIGN_OR_RETURN(const Statement statement, statements_.Get(call.deadline(), named.tenant, named.id));
  return ToProto(statement);
}

absl::StatusOr<v1::ListStatementsResponse> StatementService::List(const rpc::Call& call,
                                                                  const PartnerList& command) const {
  ASSIGN_OR_RETURN(const mysql::Page<Statement> page,
                   statements_.List(call.deadline(), command.partner, command.list.page));
  v1::ListStatementsResponse reply;
  for (const Statement& statement : page.items) *reply.add_statements() = ToProto(statement);
  reply.set_next_page_token(rpc::NextPageToken(call, command.list, page.next));
  return reply;
}

absl::StatusOr<v1::ListStatementLinesResponse> StatementService::ListLines(const rpc::Call& call,
                                                                           const rpc::ListRequest& command) const {
  const Uuid& partner = command.parents.front();
  ASSIGN_OR_RETURN(const Statement statement, statements_.Get(call.deadline(), partner, command.parent));
  ASSIGN_OR_RETURN(const mysql::Page<StatementLine> page,
                   statements_.ListLines(call.deadline(), partner, command.parent, command.list.page));
  v1::ListStatementLinesResponse reply;
  for (const StatementLine& line : page.items) *reply.add_statement_lines() = ToProto(statement, line);
  reply.set_next_page_token(rpc::NextPageToken(call, command.list, page.next));
  return reply;
}

absl::StatusOr<v1::Explanation> StatementService::Explain(const rpc::Call& call,
                                                          const rpc::NamedResource& named) const {
  ASSIGN_OR_RETURN(const Statement statement, statements_.Get(call.deadline(), named.tenant, named.id));
  Explanation explanation = billing::ExplainStatement(statement);
  ASSIGN_OR_RETURN(const std::optional<Payout> payout, PayoutOf(call, statement));
  if (payout.has_value()) {
    ASSIGN_OR_RETURN(const PayoutFacts facts, FactsOf(call, *payout));
    RETURN_IF_ERROR(AppendPayout(statement, *payout, facts, explanation.parts));
  }
  return ToProto(explanation);
}

absl::StatusOr<v1::CloseStatementsResponse> StatementService::Close(const rpc::Call& call,
                                                                    const CloseStatementsCommand& command) {
  const ClosingAct closing{.act = {.service = "billing-service", .now = call.now(), .on_behalf_of = call.caller().name},
                           .outgoing = call.outgoing(),
                           .deadline = call.deadline(),
                           .over = QuarterOf(DateOf(call.now())).start};
  ASSIGN_OR_RETURN(const std::vector<std::string> currencies,
                   statements_.ListCurrencies(call.deadline(), command.tenant));
  std::vector<Uuid> closed;
  for (const std::string& currency : currencies) {
    RETURN_IF_ERROR(closer_.Close(closing, command.tenant, currency, closed));
  }
  v1::CloseStatementsResponse reply;
  for (const Uuid& id : closed) reply.add_statements(rpc::FormatName(kStatementName, {command.tenant, id}));
  // That it was asked for is an event of its own, so that the reply is kept.
  const events::Event asked = call.MakeEvent({.aggregate = call.DerivedId("closing"),
                                              .version = 1,
                                              .type = "STATEMENTS_CLOSED",
                                              .payload = reply,
                                              .resource = reply});
  RETURN_IF_ERROR(committer_.Commit(call.deadline(), call.ChangeOf({.events = {asked}, .reply = reply})));
  return reply;
}

absl::StatusOr<v1::GetStatementDocumentResponse> StatementService::GetDocument(const rpc::Call& call,
                                                                               const rpc::NamedResource& named) const {
  ASSIGN_OR_RETURN(const Statement statement, statements_.Get(call.deadline(), named.tenant, named.id));
  if (statement.state != StatementState::kClosed) {
    return FailedPrecondition("STATEMENT_STATE", "The statement is OPEN. Ask again once it is closed.",
                              {{"state", "OPEN"}});
  }
  ASSIGN_OR_RETURN(const std::vector<StatementLine> lines, AllLines(call, statement));
  ASSIGN_OR_RETURN(const std::optional<Payout> payout, PayoutOf(call, statement));
  v1::GetStatementDocumentResponse reply;
  reply.set_html(StatementHtml(statement, lines, payout));
  return reply;
}

absl::StatusOr<v1::ExportStatementResponse> StatementService::Export(const rpc::Call& call,
                                                                     const rpc::NamedResource& named) const {
  ASSIGN_OR_RETURN(const Statement statement, statements_.Get(call.deadline(), named.tenant, named.id));
  ASSIGN_OR_RETURN(const std::vector<StatementLine> lines, AllLines(call, statement));
  v1::ExportStatementResponse reply;
  reply.set_csv(StatementCsv(statement, lines));
  return reply;
}

absl::StatusOr<std::optional<Payout>> StatementService::PayoutOf(const rpc::Call& call,
                                                                 const Statement& statement) const {
  return payouts_.Find(call.deadline(), statement.partner, PayoutId(statement.partner, statement.id));
}

absl::StatusOr<PayoutFacts> StatementService::FactsOf(const rpc::Call& call, const Payout& payout) const {
  PayoutFacts facts;
  if (payout.withholding_rate.has_value()) {
    ASSIGN_OR_RETURN(facts.withholding_rate, withholding_rates_.Get(call.deadline(), *payout.withholding_rate));
  }
  if (payout.self_billing.has_value()) {
    SelfBilling by;
    ASSIGN_OR_RETURN(by.agreement, self_billing_.Get(call.deadline(), payout.partner, *payout.self_billing));
    ASSIGN_OR_RETURN(by.rates, tax_rates_.ReadOf(call.deadline(), by.agreement.region));
    facts.self_billing = std::move(by);
  }
  return facts;
}

absl::StatusOr<std::vector<StatementLine>> StatementService::AllLines(const rpc::Call& call,
                                                                      const Statement& statement) const {
  std::vector<StatementLine> lines;
  mysql::PageQuery query{.condition = {}, .after = "", .size = kLinesOfAPage};
  do {
    ASSIGN_OR_RETURN(mysql::Page<StatementLine> page,
                     statements_.ListLines(call.deadline(), statement.partner, statement.id, query));
    for (StatementLine& line : page.items) lines.push_back(std::move(line));
    query.after = page.next;
    if (lines.size() > kMostLinesOfADocument) {
      return FailedPrecondition("STATEMENT_TOO_LONG", "The statement is too long for one message. List its lines.");
    }
  } while (!query.after.empty());
  return lines;
}

}  // namespace countersign::billing
