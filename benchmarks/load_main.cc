// countersign-load: a steady load of the main job against services that run elsewhere, and the proof that nothing that
// they acknowledged is lost: orders are created, submitted, confirmed on the page, and their invoices paid. Each call
// is tried again with the same request_id, as a good client does, for --patience at most; then it counts as failed. At
// the end every confirmed order must be COMPLETED, have its one invoice, and that invoice must be PAID.
//   countersign-load --seconds=60 --rate=10 --partner_service=HOST:PORT --order_service=… --billing_service=…
//                    --tls_cert_file=… --tls_key_file=… --tls_ca_file=…        (an operator's certificate)
// It ends after --seconds, or at SIGTERM or SIGINT. The last line is a JSON object. Exit code 0: nothing is lost, and
// no more calls failed than --allow_failures; 1: otherwise; 2: it could not begin.
#include <algorithm>
#include <atomic>
#include <csignal>
#include <deque>
#include <iostream>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/base/status_macros.h"
#include "common/base/uuid.h"
#include "common/rpc/channel.h"
#include "common/rpc/credentials.h"
#include "common/testing/http_client.h"
#include "countersign/billing/v1/bank_receipt_service.grpc.pb.h"
#include "countersign/billing/v1/invoice_service.grpc.pb.h"
#include "countersign/order/v1/order_service.grpc.pb.h"
#include "countersign/partner/v1/agreement_service.grpc.pb.h"
#include "countersign/partner/v1/api_key_service.grpc.pb.h"
#include "countersign/partner/v1/authorization_service.grpc.pb.h"
#include "countersign/partner/v1/customer_service.grpc.pb.h"
#include "countersign/partner/v1/partner_service.grpc.pb.h"

ABSL_FLAG(std::string, partner_service, "127.0.0.1:7101", "partner-service.");
ABSL_FLAG(std::string, order_service, "127.0.0.1:7102", "order-service.");
ABSL_FLAG(std::string, billing_service, "127.0.0.1:7104", "billing-service.");
ABSL_FLAG(std::string, tls_cert_file, "", "An operator's certificate.");
ABSL_FLAG(std::string, tls_key_file, "", "Its key.");
ABSL_FLAG(std::string, tls_ca_file, "", "The authorities of the services' certificates.");
ABSL_FLAG(double, rate, 10, "Orders a second.");
ABSL_FLAG(int, callers, 8, "Orders under way at once, at most.");
ABSL_FLAG(int, seconds, 60, "How long.");
ABSL_FLAG(absl::Duration, patience, absl::Seconds(60), "How long a call is tried again.");
ABSL_FLAG(int, allow_failures, 0, "How many calls may fail after all tries.");

namespace countersign::load {
namespace {

constexpr absl::Duration kAttemptTimeout = absl::Seconds(5);
constexpr absl::Duration kSettleAfter = absl::Seconds(2);  // An order is followed up so long after its confirmation.

std::atomic<bool> stopped = false;

// What happened to all calls. Thread-safe.
class Tally {
 public:
  void Acknowledged() {
    const absl::MutexLock lock(&mutex_);
    const absl::Time now = absl::Now();
    if (calls_++ > 0 && now - last_ > longest_pause_) {
      longest_pause_ = now - last_;
      pause_end_ = now;
    }
    last_ = now;
  }
  void Retried() { ++retries; }
  void Failed(absl::string_view what, absl::string_view why) {
    if (failed++ < 20) std::cerr << absl::FormatTime(absl::Now()) << " failed: " << what << ": " << why << "\n";
  }
  std::string Json(int64_t orders, int64_t paid, int64_t lost) {
    const absl::MutexLock lock(&mutex_);
    return absl::StrFormat(R"({"orders": %d, "paid": %d, "lost": %d, "calls": %d, "retries": %d, "failed_calls": %d, )"
                           R"("longest_pause_seconds": %.3f, "longest_pause_ended": "%s"})",
                           orders, paid, lost, calls_, retries.load(), failed.load(),
                           absl::ToDoubleSeconds(longest_pause_),
                           absl::FormatTime("%H:%M:%E3S", pause_end_, absl::UTCTimeZone()));
  }

  std::atomic<int64_t> retries = 0;
  std::atomic<int64_t> failed = 0;

 private:
  absl::Mutex mutex_;
  int64_t calls_ ABSL_GUARDED_BY(mutex_) = 0;
  absl::Time last_ ABSL_GUARDED_BY(mutex_);
  absl::Duration longest_pause_ ABSL_GUARDED_BY(mutex_);
  absl::Time pause_end_ ABSL_GUARDED_BY(mutex_);
};

std::string NewRequestId() { return Uuid::V7(absl::Now()).ToString(); }

bool IsWorthAnotherTry(grpc::StatusCode code) {
  return code == grpc::UNAVAILABLE || code == grpc::DEADLINE_EXCEEDED || code == grpc::RESOURCE_EXHAUSTED ||
         code == grpc::ABORTED || code == grpc::CANCELLED;
}

struct Order {
  std::string name;
  absl::Time confirmed;
};

class Load {
 public:
  static absl::StatusOr<std::unique_ptr<Load>> Open() {
    ASSIGN_OR_RETURN(const rpc::Credentials credentials,
                     rpc::Credentials::Tls({absl::GetFlag(FLAGS_tls_cert_file), absl::GetFlag(FLAGS_tls_key_file),
                                            absl::GetFlag(FLAGS_tls_ca_file)}));
    ASSIGN_OR_RETURN(auto partner,
                     rpc::MakeChannel(credentials, "partner-service", absl::GetFlag(FLAGS_partner_service)));
    ASSIGN_OR_RETURN(auto order, rpc::MakeChannel(credentials, "order-service", absl::GetFlag(FLAGS_order_service)));
    ASSIGN_OR_RETURN(auto billing,
                     rpc::MakeChannel(credentials, "billing-service", absl::GetFlag(FLAGS_billing_service)));
    return std::unique_ptr<Load>(new Load(credentials, std::move(partner), std::move(order), std::move(billing)));
  }

  absl::Status Enrol();
  // One order until it is confirmed; false when a call failed.
  bool ConfirmOne();
  // The oldest confirmed order until its invoice is paid, if it is old enough; `all`: whatever its age.
  bool SettleOne(bool all);
  Tally& tally() { return tally_; }
  int64_t confirmed() const { return confirmed_; }
  int64_t paid() const { return paid_; }
  int64_t waiting() {
    const absl::MutexLock lock(&mutex_);
    return static_cast<int64_t>(waiting_.size());
  }

 private:
  Load(rpc::Credentials credentials, std::shared_ptr<grpc::Channel> partner, std::shared_ptr<grpc::Channel> order,
       std::shared_ptr<grpc::Channel> billing)
      : credentials_(std::move(credentials)),
        partner_channel_(std::move(partner)),
        orders_(order::v1::OrderService::NewStub(order)),
        invoices_(billing::v1::InvoiceService::NewStub(billing)),
        receipts_(billing::v1::BankReceiptService::NewStub(billing)) {}

  // `call` until it succeeds, is refused for good, or patience ends.
  template <typename Call>
  bool Try(absl::string_view what, bool as_partner, Call call) {
    const absl::Time give_up = absl::Now() + absl::GetFlag(FLAGS_patience);
    absl::Duration pause = absl::Milliseconds(50);
    for (;;) {
      grpc::ClientContext context;
      context.set_deadline(absl::ToChronoTime(absl::Now() + kAttemptTimeout));
      if (as_partner) context.AddMetadata("authorization", absl::StrCat("Bearer ", key_));
      const grpc::Status status = call(context);
      if (status.ok()) {
        tally_.Acknowledged();
        return true;
      }
      if (!IsWorthAnotherTry(status.error_code()) || absl::Now() > give_up) {
        tally_.Failed(what, absl::StrCat(status.error_code(), " ", status.error_message()));
        return false;
      }
      tally_.Retried();
      absl::SleepFor(pause);
      pause = std::min(2 * pause, absl::Seconds(1));
    }
  }

  bool TryPage(absl::string_view what, int wanted, const std::function<testing::HttpReply()>& act,
               testing::HttpReply& reply) {
    const absl::Time give_up = absl::Now() + absl::GetFlag(FLAGS_patience);
    for (;;) {
      reply = act();
      if (reply.status == wanted) {
        tally_.Acknowledged();
        return true;
      }
      if (absl::Now() > give_up || (reply.status >= 400 && reply.status < 500 && reply.status != 429)) {
        tally_.Failed(what, absl::StrCat("HTTP ", reply.status));
        return false;
      }
      tally_.Retried();
      absl::SleepFor(absl::Milliseconds(200));
    }
  }

  bool Settle(const Order& order);
  bool AwaitInvoice(const order::v1::Order& order, billing::v1::Invoice& invoice);
  bool Pay(const order::v1::Order& order, const billing::v1::Invoice& invoice);

  const rpc::Credentials credentials_;
  const std::shared_ptr<grpc::Channel> partner_channel_;
  const std::unique_ptr<order::v1::OrderService::Stub> orders_;
  const std::unique_ptr<billing::v1::InvoiceService::Stub> invoices_;
  const std::unique_ptr<billing::v1::BankReceiptService::Stub> receipts_;
  std::string partner_, key_, customer_;
  Tally tally_;
  std::atomic<int64_t> confirmed_ = 0;
  std::atomic<int64_t> paid_ = 0;
  absl::Mutex mutex_;
  std::deque<Order> waiting_ ABSL_GUARDED_BY(mutex_);
};

absl::Status Load::Enrol() {
  partner::v1::CreatePartnerRequest create;
  const std::string id = NewRequestId();
  create.mutable_partner()->set_partner_number(absl::StrCat("P-L", absl::AsciiStrToUpper(id.substr(24))));
  create.mutable_partner()->set_display_name("Load Consulting");
  create.mutable_partner()->set_contact_email("load@fabrikam.example");
  create.set_request_id(id);
  partner::v1::Partner partner;
  const auto partners = partner::v1::PartnerService::NewStub(partner_channel_);
  bool ok = Try("CreatePartner", false, [&](auto& c) { return partners->CreatePartner(&c, create, &partner); });
  partner_ = partner.name();

  partner::v1::CreateApiKeyRequest key;
  key.set_parent(partner_);
  key.mutable_api_key()->set_display_name("load");
  key.set_request_id(NewRequestId());
  partner::v1::ApiKey made;
  const auto keys = partner::v1::ApiKeyService::NewStub(partner_channel_);
  ok = ok && Try("CreateApiKey", false, [&](auto& c) { return keys->CreateApiKey(&c, key, &made); });
  key_ = made.key();

  partner::v1::AcceptAgreementRequest accept;
  accept.set_name(partner_);
  accept.set_agreement("agreements/2009-06");
  accept.set_accepted_by("Jo Brown");
  accept.set_request_id(NewRequestId());
  const auto agreements = partner::v1::AgreementService::NewStub(partner_channel_);
  ok = ok && Try("AcceptAgreement", true, [&](auto& c) { return agreements->AcceptAgreement(&c, accept, &partner); });

  partner::v1::ApprovePartnerRequest approve;
  approve.set_name(partner_);
  approve.set_reason("load");
  approve.set_request_id(NewRequestId());
  ok = ok && Try("ApprovePartner", false, [&](auto& c) { return partners->ApprovePartner(&c, approve, &partner); });

  partner::v1::CreateAuthorizationRequest authorize;
  authorize.set_parent(partner_);
  authorize.mutable_authorization()->set_product("offers/-");
  authorize.set_request_id(NewRequestId());
  partner::v1::Authorization authorization;
  const auto authorizations = partner::v1::AuthorizationService::NewStub(partner_channel_);
  ok = ok && Try("CreateAuthorization", false,
                 [&](auto& c) { return authorizations->CreateAuthorization(&c, authorize, &authorization); });

  partner::v1::CreateCustomerRequest add;
  add.set_parent(partner_);
  add.mutable_customer()->set_display_name("Contoso Ltd");
  add.set_request_id(NewRequestId());
  partner::v1::Customer customer;
  const auto customers = partner::v1::CustomerService::NewStub(partner_channel_);
  ok = ok && Try("CreateCustomer", true, [&](auto& c) { return customers->CreateCustomer(&c, add, &customer); });
  customer_ = customer.name();
  return ok ? absl::OkStatus() : absl::UnavailableError("The partner of the load could not be enrolled.");
}

bool Load::ConfirmOne() {
  order::v1::CreateOrderRequest create;
  create.set_parent(partner_);
  create.mutable_order()->set_customer(customer_);
  create.mutable_order()->set_partner_of_record(partner_);
  create.mutable_order()->set_currency_code("USD");
  auto& line = *create.mutable_order()->add_lines();
  line.set_offer("offers/bpos-standard-suite");
  line.set_quantity(25);
  create.set_request_id(NewRequestId());
  order::v1::Order order;
  if (!Try("CreateOrder", true, [&](auto& c) { return orders_->CreateOrder(&c, create, &order); })) return false;

  order::v1::SubmitOrderRequest submit;
  submit.set_name(order.name());
  submit.set_request_id(NewRequestId());
  order::v1::SubmitOrderResponse submitted;
  if (!Try("SubmitOrder", true, [&](auto& c) { return orders_->SubmitOrder(&c, submit, &submitted); })) return false;

  const std::string url = submitted.confirmation_url();
  testing::HttpReply page;
  if (!TryPage("the page", 200, [&] { return testing::HttpGet(url); }, page)) return false;
  const testing::FormFields form = {{"action", "confirm"},
                                    {"revision", testing::InputValue(page.body, "revision")},
                                    {"content_hash", testing::InputValue(page.body, "content_hash")},
                                    {"form_id", testing::InputValue(page.body, "form_id")},
                                    {"purchase_order_number", "PO-4711"},
                                    {"company_name", "Contoso Ltd"},
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
  testing::HttpReply pressed;
  if (!TryPage("Confirm order", 303, [&] { return testing::HttpPost(url, form); }, pressed)) return false;
  ++confirmed_;
  const absl::MutexLock lock(&mutex_);
  waiting_.push_back({order.name(), absl::Now()});
  return true;
}

bool Load::SettleOne(bool all) {
  Order order;
  {
    const absl::MutexLock lock(&mutex_);
    if (waiting_.empty() || (!all && absl::Now() - waiting_.front().confirmed < kSettleAfter)) return false;
    order = waiting_.front();
    waiting_.pop_front();
  }
  if (Settle(order)) {
    ++paid_;
    return true;
  }
  const absl::MutexLock lock(&mutex_);
  waiting_.push_back(order);
  return false;
}

bool Load::Settle(const Order& order) {
  order::v1::GetOrderRequest get;
  get.set_name(order.name);
  order::v1::Order now;
  if (!Try("GetOrder", true, [&](auto& c) { return orders_->GetOrder(&c, get, &now); })) return false;
  if (now.state() != order::v1::Order::STATE_COMPLETED) return false;
  billing::v1::Invoice invoice;
  return AwaitInvoice(now, invoice) && Pay(now, invoice);
}

bool Load::AwaitInvoice(const order::v1::Order& order, billing::v1::Invoice& invoice) {
  billing::v1::ListInvoicesRequest list;
  list.set_parent(order.billing_account());
  list.set_order(order.name());
  billing::v1::ListInvoicesResponse reply;
  if (!Try("ListInvoices", false, [&](auto& c) { return invoices_->ListInvoices(&c, list, &reply); })) return false;
  if (reply.invoices_size() > 1) tally_.Failed("ListInvoices", absl::StrCat(order.name(), " has several invoices"));
  if (reply.invoices_size() != 1) return false;
  invoice = reply.invoices(0);
  return true;
}

bool Load::Pay(const order::v1::Order& order, const billing::v1::Invoice& invoice) {
  if (invoice.state() != billing::v1::Invoice::STATE_PAID) {
    billing::v1::CreateBankReceiptRequest pay;
    pay.mutable_bank_receipt()->set_external_reference(
        absl::StrCat("LOAD-", invoice.name().substr(invoice.name().rfind('/') + 1)));
    *pay.mutable_bank_receipt()->mutable_amount() = invoice.total();
    *pay.mutable_bank_receipt()->mutable_value_date() = invoice.issue_date();
    pay.mutable_bank_receipt()->set_billing_account(order.billing_account());
    pay.mutable_bank_receipt()->set_invoice(invoice.name());
    // The same for every try, so that an invoice is paid once.
    pay.set_request_id(Uuid::Derived({"load", invoice.name()}).ToString());
    billing::v1::BankReceipt receipt;
    if (!Try("CreateBankReceipt", false, [&](auto& c) { return receipts_->CreateBankReceipt(&c, pay, &receipt); })) {
      return false;
    }
  }
  billing::v1::GetInvoiceRequest get;
  get.set_name(invoice.name());
  billing::v1::Invoice now;
  const absl::Time give_up = absl::Now() + absl::Seconds(2);
  do {
    if (!Try("GetInvoice", false, [&](auto& c) { return invoices_->GetInvoice(&c, get, &now); })) return false;
    if (now.state() == billing::v1::Invoice::STATE_PAID) return true;
    absl::SleepFor(absl::Milliseconds(50));
  } while (absl::Now() < give_up);
  return false;  // Its turn comes again.
}

int Main() {
  absl::StatusOr<std::unique_ptr<Load>> opened = Load::Open();
  const absl::Status enrolled = opened.ok() ? (*opened)->Enrol() : opened.status();
  if (!enrolled.ok()) {
    std::cerr << "countersign-load: " << enrolled << "\n";
    return 2;
  }
  Load& load = **opened;
  const absl::Time start = absl::Now();
  const absl::Time end = start + absl::Seconds(absl::GetFlag(FLAGS_seconds));
  const double rate = absl::GetFlag(FLAGS_rate);
  std::atomic<int64_t> next = 0;
  std::vector<std::thread> callers;
  for (int i = 0; i < absl::GetFlag(FLAGS_callers); ++i) {
    callers.emplace_back([&] {
      while (!stopped) {
        const absl::Time due = start + absl::Seconds(static_cast<double>(next++) / rate);
        if (due >= end) return;
        absl::SleepFor(due - absl::Now());
        if (stopped) return;
        load.ConfirmOne();
        load.SettleOne(/*all=*/false);
      }
    });
  }
  for (std::thread& caller : callers) caller.join();
  const absl::Time give_up = absl::Now() + 2 * absl::GetFlag(FLAGS_patience);
  while (load.waiting() > 0 && absl::Now() < give_up) {
    if (!load.SettleOne(/*all=*/true)) absl::SleepFor(absl::Milliseconds(50));
  }
  const int64_t lost = load.waiting();
  std::cout << load.tally().Json(load.confirmed(), load.paid(), lost) << std::endl;
  return lost == 0 && load.tally().failed <= absl::GetFlag(FLAGS_allow_failures) ? 0 : 1;
}

}  // namespace
}  // namespace countersign::load

int main(int argc, char** argv) {
  absl::ParseCommandLine(argc, argv);
  for (const int number : {SIGTERM, SIGINT}) {
    std::signal(number, [](int) { countersign::load::stopped = true; });
  }
  return countersign::load::Main();
}
