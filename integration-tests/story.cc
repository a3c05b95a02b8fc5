#include "integration-tests/story.h"

#include <algorithm>
#include <functional>
#include <map>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/base/status_macros.h"
#include "common/base/uuid.h"
#include "countersign/billing/v1/bank_receipt_service.grpc.pb.h"
#include "countersign/billing/v1/fee_service.grpc.pb.h"
#include "countersign/billing/v1/invoice_service.grpc.pb.h"
#include "countersign/order/v1/order_service.grpc.pb.h"
#include "countersign/partner/v1/agreement_service.grpc.pb.h"
#include "countersign/partner/v1/api_key_service.grpc.pb.h"
#include "countersign/partner/v1/authorization_service.grpc.pb.h"
#include "countersign/partner/v1/customer_service.grpc.pb.h"
#include "countersign/partner/v1/partner_service.grpc.pb.h"
#include "google/rpc/status.pb.h"
#include "gtest/gtest.h"

namespace countersign::integration {
namespace {

absl::Status ToStatus(absl::string_view step, const grpc::Status& status) {
  if (status.ok()) return absl::OkStatus();
  return absl::Status(static_cast<absl::StatusCode>(status.error_code()),
                      absl::StrCat(step, ": ", status.error_message(), " ", ReasonOf(status)));
}

// The API keys of every partner of this test program.
class Keys {
 public:
  static Keys& Instance() {
    static auto* const keys = new Keys();
    return *keys;
  }
  void Set(const std::string& partner, const std::string& key) {
    const absl::MutexLock lock(&mutex_);
    keys_[partner] = key;
  }
  std::string Get(absl::string_view partner) const {
    const absl::MutexLock lock(&mutex_);
    const auto found = keys_.find(partner);
    return found == keys_.end() ? "" : found->second;
  }

 private:
  mutable absl::Mutex mutex_;
  std::map<std::string, std::string, std::less<>> keys_ ABSL_GUARDED_BY(mutex_);
};

template <typename Detail>
Detail DetailOf(const grpc::Status& status) {
  google::rpc::Status details;
  Detail detail;
  details.ParseFromString(status.error_details());
  for (const google::protobuf::Any& any : details.details()) {
    if (any.UnpackTo(&detail)) return detail;
  }
  return Detail();
}

}  // namespace

std::unique_ptr<grpc::ClientContext> NewContext() {
  auto context = std::make_unique<grpc::ClientContext>();
  context->set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(30)));
  context->set_wait_for_ready(true);
  return context;
}

std::unique_ptr<grpc::ClientContext> As(absl::string_view caller) {
  auto context = NewContext();
  if (absl::StartsWith(caller, "partners/")) {
    // Without a key it must not pass for the operator whose certificate the channel has.
    const std::string key = KeyOf(caller);
    context->AddMetadata("authorization", absl::StrCat("Bearer ", key.empty() ? "none" : key));
  } else {
    EXPECT_EQ(caller, kOperator) << "needs a channel of its own";
  }
  return context;
}

void RememberKey(const std::string& partner, const std::string& key) { Keys::Instance().Set(partner, key); }

std::string KeyOf(absl::string_view partner) { return Keys::Instance().Get(partner); }

std::string NewRequestId() { return Uuid::V7(absl::Now()).ToString(); }

google::rpc::ErrorInfo ErrorInfoOf(const grpc::Status& status) { return DetailOf<google::rpc::ErrorInfo>(status); }

std::string ReasonOf(const grpc::Status& status) { return ErrorInfoOf(status).reason(); }

absl::Status StatusOf(const grpc::Status& status) {
  if (status.ok()) return absl::OkStatus();
  return {
      static_cast<absl::StatusCode>(status.error_code()),
      absl::StrCat(ReasonOf(status), " ", status.error_message(), " ", absl::StrJoin(ViolatedFieldsOf(status), ", "))};
}

std::vector<std::string> ViolatedFieldsOf(const grpc::Status& status) {
  std::vector<std::string> fields;
  const auto bad_request = DetailOf<google::rpc::BadRequest>(status);
  for (const auto& violation : bad_request.field_violations()) {
    fields.push_back(violation.field());
  }
  return fields;
}

order::v1::ConfirmOrderRequest ConfirmRequest(const order::v1::Order& order) {
  order::v1::ConfirmOrderRequest request;
  request.set_name(order.name());
  request.set_link(order.link());
  request.set_revision(order.revision());
  order::v1::Acceptance& acceptance = *request.mutable_acceptance();
  acceptance.set_company_name("Contoso");
  acceptance.set_billing_email("accounts@contoso.example");
  acceptance.set_confirmer_name("Kim Buyer");
  acceptance.set_confirmer_title("Head of Purchasing");
  acceptance.set_confirmer_email("kim@contoso.example");
  acceptance.mutable_billing_address()->set_region_code("US");
  acceptance.mutable_billing_address()->set_locality("Springfield");
  acceptance.mutable_billing_address()->add_address_lines("1 Main Street");
  acceptance.set_agreement_version("2009-06");
  acceptance.set_content_sha256(std::string(32, 'x'));
  acceptance.mutable_press_time()->set_seconds(1243850400);  // 2009-06-01
  request.set_request_id(NewRequestId());
  return request;
}

absl::Status Eventually(absl::string_view what, const std::function<bool()>& done) {
  const absl::Time give_up = absl::Now() + absl::Seconds(60);
  absl::Duration pause = absl::Milliseconds(4);  // Longer each time: asking costs what it waits for.
  while (absl::Now() < give_up) {
    if (done()) return absl::OkStatus();
    absl::SleepFor(pause);
    pause = std::min(2 * pause, absl::Milliseconds(64));
  }
  return absl::DeadlineExceededError(absl::StrCat("it never came true that ", what));
}

const std::vector<Story::Step>& Story::Steps() {
  static const auto* const steps = new std::vector<Step>{
      {"enrol", &Story::Enrol},
      {"key", &Story::CreateKey},
      {"accept the agreement", &Story::AcceptAgreement},
      {"approve", &Story::Approve},
      {"authorize", &Story::Authorize},
      {"customer", &Story::AddCustomer},
      {"order", &Story::CreateOrder},
      {"submit", &Story::Submit},
      {"open the page", &Story::OpenPage},
      {"confirm", &Story::Confirm},
      {"completed", &Story::AwaitCompleted},
      {"invoice", &Story::AwaitInvoice},
      {"pay", &Story::Pay},
      {"fee", &Story::AwaitFee},
  };
  return *steps;
}

absl::Status Story::RunUntil(absl::string_view name) {
  for (const Step& step : Steps()) {
    if (step.name == name) break;
    RETURN_IF_ERROR((this->*step.act)());
  }
  return absl::OkStatus();
}

absl::Status Story::Run() { return RunUntil(""); }

absl::Status Story::Enrol() {
  partner::v1::CreatePartnerRequest request;
  // Unique per story: the database outlives it.
  request.mutable_partner()->set_partner_number(absl::StrCat("P-", absl::AsciiStrToUpper(enrol_id_.substr(24))));
  request.mutable_partner()->set_display_name("Fabrikam Consulting");
  request.mutable_partner()->set_contact_email("sales@fabrikam.example");
  request.set_request_id(enrol_id_);
  partner::v1::Partner reply;
  RETURN_IF_ERROR(ToStatus(
      "CreatePartner", suite_.stub<partner::v1::PartnerService>().CreatePartner(As(kOperator).get(), request, &reply)));
  partner = reply.name();
  return absl::OkStatus();
}

absl::Status Story::CreateKey() {
  partner::v1::CreateApiKeyRequest request;
  request.set_parent(partner);
  request.mutable_api_key()->set_display_name("integration test");
  request.set_request_id(key_id_);
  partner::v1::ApiKey reply;
  RETURN_IF_ERROR(ToStatus(
      "CreateApiKey", suite_.stub<partner::v1::ApiKeyService>().CreateApiKey(As(kOperator).get(), request, &reply)));
  api_key = reply.name();
  RememberKey(partner, reply.key());
  return absl::OkStatus();
}

absl::Status Story::AcceptAgreement() {
  partner::v1::AcceptAgreementRequest request;
  request.set_name(partner);
  request.set_agreement("agreements/2009-06");
  request.set_accepted_by("Jo Brown");
  request.set_request_id(agreement_id_);
  partner::v1::Partner reply;
  return ToStatus("AcceptAgreement",
                  suite_.stub<partner::v1::AgreementService>().AcceptAgreement(As(partner).get(), request, &reply));
}

absl::Status Story::Approve() {
  partner::v1::ApprovePartnerRequest request;
  request.set_name(partner);
  request.set_reason("references checked");
  request.set_request_id(approve_id_);
  partner::v1::Partner reply;
  return ToStatus("ApprovePartner",
                  suite_.stub<partner::v1::PartnerService>().ApprovePartner(As(kOperator).get(), request, &reply));
}

absl::Status Story::Authorize() {
  partner::v1::CreateAuthorizationRequest request;
  request.set_parent(partner);
  request.mutable_authorization()->set_product("offers/-");
  request.set_request_id(authorize_id_);
  partner::v1::Authorization reply;
  RETURN_IF_ERROR(ToStatus("CreateAuthorization", suite_.stub<partner::v1::AuthorizationService>().CreateAuthorization(
                                                      As(kOperator).get(), request, &reply)));
  authorization = reply.name();
  return absl::OkStatus();
}

absl::Status Story::AddCustomer() {
  partner::v1::CreateCustomerRequest request;
  request.set_parent(partner);
  request.mutable_customer()->set_display_name("Contoso & Söhne <Ltd>");
  request.set_request_id(customer_id_);
  partner::v1::Customer reply;
  RETURN_IF_ERROR(ToStatus("CreateCustomer", suite_.stub<partner::v1::CustomerService>().CreateCustomer(
                                                 As(partner).get(), request, &reply)));
  customer = reply.name();
  return absl::OkStatus();
}

absl::Status Story::CreateOrder() {
  order::v1::CreateOrderRequest request;
  request.set_parent(partner);
  request.mutable_order()->set_customer(customer);
  request.mutable_order()->set_partner_of_record(partner);
  request.mutable_order()->set_currency_code("USD");
  order::v1::Order::Line& line = *request.mutable_order()->add_lines();
  line.set_offer(offer);
  line.set_quantity(seats);
  request.set_request_id(order_id_);
  order::v1::Order reply;
  RETURN_IF_ERROR(
      ToStatus("CreateOrder", suite_.stub<order::v1::OrderService>().CreateOrder(As(partner).get(), request, &reply)));
  order = reply.name();
  return absl::OkStatus();
}

absl::Status Story::Submit() {
  order::v1::SubmitOrderRequest request;
  request.set_name(order);
  request.set_request_id(submit_id_);
  order::v1::SubmitOrderResponse reply;
  RETURN_IF_ERROR(
      ToStatus("SubmitOrder", suite_.stub<order::v1::OrderService>().SubmitOrder(As(partner).get(), request, &reply)));
  url = reply.confirmation_url();
  billing_account = reply.order().billing_account();
  return absl::OkStatus();
}

absl::Status Story::OpenPage() {
  const testing::HttpReply reply = testing::HttpGet(url);
  if (reply.status != 200) return absl::InternalError(absl::StrCat("the page answers ", reply.status));
  page = reply.body;
  return absl::OkStatus();
}

testing::FormFields Story::ConfirmForm() const {
  return {{"action", "confirm"},
          {"revision", testing::InputValue(page, "revision")},
          {"content_hash", testing::InputValue(page, "content_hash")},
          {"form_id", testing::InputValue(page, "form_id")},
          {"purchase_order_number", "PO-4711"},
          {"company_name", "Contoso & Söhne <Ltd>"},
          {"contact_email", "accounts@contoso.example"},
          {"confirmer_name", "Kim Buyer"},
          {"confirmer_title", "Head of Purchasing"},
          {"confirmer_email", "kim@contoso.example"},
          {"address", "1 Main Street"},
          {"city", "Springfield"},
          {"region", "OR"},
          {"postal_code", "97403"},
          {"country", "US"},
          {"agreement", "accepted"}};
}

absl::Status Story::Confirm() {
  const testing::HttpReply reply = testing::HttpPost(url, ConfirmForm());
  if (reply.status != 303) return absl::UnavailableError(absl::StrCat("Confirm order answers ", reply.status));
  receipt_url = absl::StrCat(url.substr(0, url.find("/c/")), reply.headers.at("location"));
  return absl::OkStatus();
}

absl::Status Story::AwaitCompleted() {
  return Eventually("the order is COMPLETED", [this] {
    const absl::StatusOr<order::v1::Order> now = GetOrder();
    if (!now.ok() || now->state() != order::v1::Order::STATE_COMPLETED) return false;
    billing_account = now->billing_account();
    subscription = now->subscriptions(0);
    return true;
  });
}

absl::Status Story::AwaitInvoice() {
  return Eventually("the invoice is there", [this] {
    billing::v1::ListInvoicesRequest request;
    request.set_parent(billing_account);
    request.set_order(order);
    billing::v1::ListInvoicesResponse reply;
    if (!suite_.stub<billing::v1::InvoiceService>().ListInvoices(As(kOperator).get(), request, &reply).ok() ||
        reply.invoices().empty()) {
      return false;
    }
    invoice = reply.invoices(0).name();
    return true;
  });
}

absl::Status Story::Pay() {
  ASSIGN_OR_RETURN(const billing::v1::Invoice open, GetInvoice());
  billing::v1::CreateBankReceiptRequest request;
  request.mutable_bank_receipt()->set_external_reference(absl::StrCat("BANK-", pay_id_));
  *request.mutable_bank_receipt()->mutable_amount() = open.total();
  *request.mutable_bank_receipt()->mutable_value_date() = open.issue_date();
  request.mutable_bank_receipt()->set_billing_account(billing_account);
  request.mutable_bank_receipt()->set_invoice(invoice);
  request.set_request_id(pay_id_);
  billing::v1::BankReceipt reply;
  RETURN_IF_ERROR(ToStatus("CreateBankReceipt", suite_.stub<billing::v1::BankReceiptService>().CreateBankReceipt(
                                                    As(kOperator).get(), request, &reply)));
  return Eventually("the invoice is PAID", [this] {
    const absl::StatusOr<billing::v1::Invoice> now = GetInvoice();
    return now.ok() && now->state() == billing::v1::Invoice::STATE_PAID;
  });
}

absl::Status Story::AwaitFee() {
  return Eventually("the fee is there", [this] {
    billing::v1::ListFeesRequest request;
    request.set_parent(partner);
    billing::v1::ListFeesResponse reply;
    if (!suite_.stub<billing::v1::FeeService>().ListFees(As(partner).get(), request, &reply).ok() ||
        reply.fees().empty())
      return false;
    fee = reply.fees(0);
    return true;
  });
}

absl::StatusOr<order::v1::Order> Story::GetOrder() const {
  order::v1::GetOrderRequest request;
  request.set_name(order);
  order::v1::Order reply;
  RETURN_IF_ERROR(
      ToStatus("GetOrder", suite_.stub<order::v1::OrderService>().GetOrder(As(kOperator).get(), request, &reply)));
  return reply;
}

absl::StatusOr<billing::v1::Invoice> Story::GetInvoice() const {
  billing::v1::GetInvoiceRequest request;
  request.set_name(invoice);
  billing::v1::Invoice reply;
  RETURN_IF_ERROR(ToStatus(
      "GetInvoice", suite_.stub<billing::v1::InvoiceService>().GetInvoice(As(kOperator).get(), request, &reply)));
  return reply;
}

}  // namespace countersign::integration
