#include "integration-tests/simulate_explain.h"

#include <cstdint>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "common/base/status_macros.h"
#include "common/base/uuid.h"
#include "countersign/billing/v1/invoice_service.grpc.pb.h"
#include "countersign/billing/v1/ledger_service.grpc.pb.h"
#include "countersign/billing/v1/legal_entity_service.grpc.pb.h"
#include "integration-tests/simulate_call.h"
#include "integration-tests/simulate_convert.h"

namespace countersign::integration {
namespace {

namespace billing = ::countersign::billing::v1;

constexpr const char* kCurrencies[] = {"USD", "JPY", "KWD"};

absl::StatusOr<int64_t> OwedMicros(Suite& suite, absl::string_view currency) {
  billing::AgedReceivablesRequest request;
  request.set_currency_code(std::string(currency));
  request.set_page_size(5);
  int64_t micros = 0;
  do {
    ASSIGN_OR_RETURN(const billing::AgedReceivablesResponse page,
                     Do(suite.stub<billing::LedgerService>(), &billing::LedgerService::Stub::AgedReceivables, request));
    micros += MicrosOf(page.sum().total());
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  return micros;
}

absl::StatusOr<int64_t> ReceivableMicros(Suite& suite, absl::string_view currency, Date today) {
  billing::TrialBalanceRequest request;
  request.set_currency_code(std::string(currency));
  // A receipt's value date may be tomorrow.
  *request.mutable_date() = ProtoOf(today + 1);
  ASSIGN_OR_RETURN(const billing::TrialBalanceResponse trial,
                   Do(suite.stub<billing::LedgerService>(), &billing::LedgerService::Stub::TrialBalance, request));
  for (const billing::TrialBalanceResponse::Account& account : trial.accounts()) {
    if (account.account() != "accounts_receivable") continue;
    return MicrosOf(account.balance());
  }
  return 0;
}

}  // namespace

absl::Status AddLegalEntities(Suite& suite, Date from) {
  for (const char* currency : kCurrencies) {
    billing::CreateLegalEntityRequest request;
    billing::LegalEntity& entity = *request.mutable_legal_entity();
    entity.set_currency_code(currency);
    *entity.mutable_effective_date() = ProtoOf(from);
    entity.set_legal_name("Contoso Online, Inc.");
    entity.mutable_address()->set_region_code("US");
    entity.mutable_address()->set_locality("Redmond");
    entity.mutable_address()->add_address_lines("1 Way");
    entity.set_bank_name("Bank of Examples");
    entity.set_bank_account("000123456789");
    request.set_request_id(Uuid::Derived({"legal entity", currency}).ToString());
    RETURN_IF_ERROR(
        Do(suite.stub<billing::LegalEntityService>(), &billing::LegalEntityService::Stub::CreateLegalEntity, request)
            .status());
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<std::string>> FindUnexplained(Suite& suite, const std::set<std::string>& invoices,
                                                         Date today) {
  std::vector<std::string> sentences;
  for (const std::string& name : invoices) {
    billing::ExplainInvoiceRequest why;
    why.set_name(name);
    const auto explanation =
        Do(suite.stub<billing::InvoiceService>(), &billing::InvoiceService::Stub::ExplainInvoice, why);
    if (!explanation.ok())
      sentences.push_back(absl::StrCat(name, " is not explained: ", explanation.status().message()));
    billing::GetInvoiceDocumentRequest print;
    print.set_name(name);
    const auto page =
        Do(suite.stub<billing::InvoiceService>(), &billing::InvoiceService::Stub::GetInvoiceDocument, print);
    if (!page.ok()) sentences.push_back(absl::StrCat(name, " is not printed: ", page.status().message()));
  }
  for (const char* currency : kCurrencies) {
    ASSIGN_OR_RETURN(const int64_t owed, OwedMicros(suite, currency));
    ASSIGN_OR_RETURN(const int64_t receivable, ReceivableMicros(suite, currency, today));
    if (owed == receivable) continue;
    sentences.push_back(absl::StrCat("receivables by age are ", owed, " micros in ", currency,
                                     ", but the trial balance has ", receivable));
  }
  return sentences;
}

}  // namespace countersign::integration
