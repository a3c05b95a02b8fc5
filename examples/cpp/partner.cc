// A partner's integration, from enrolment to fees: see ../README.md for how to run it.
#include <grpcpp/grpcpp.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <memory>
#include <sstream>
#include <string>

#include "countersign/billing/v1/fee_service.grpc.pb.h"
#include "countersign/event/v1/event_service.grpc.pb.h"
#include "countersign/order/v1/order_service.grpc.pb.h"
#include "countersign/partner/v1/agreement_service.grpc.pb.h"
#include "countersign/partner/v1/api_key_service.grpc.pb.h"
#include "countersign/partner/v1/authorization_service.grpc.pb.h"
#include "countersign/partner/v1/customer_service.grpc.pb.h"
#include "countersign/partner/v1/partner_service.grpc.pb.h"

namespace {

namespace billing = countersign::billing::v1;
namespace event = countersign::event::v1;
namespace order = countersign::order::v1;
namespace partner = countersign::partner::v1;

std::string Env(const char* name, const char* otherwise) {
  const char* value = std::getenv(name);
  return value == nullptr ? otherwise : value;
}

std::string ReadFile(const std::string& path) {
  std::ifstream file(path);
  if (!file) {
    std::cerr << "cannot read " << path << "\n";
    std::exit(1);
  }
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// Every change has a request_id. Sending the same again, after a connection was lost, gets the first reply again.
std::string NewRequestId() {
  std::string id;
  std::ifstream("/proc/sys/kernel/random/uuid") >> id;
  return id;
}

// One call with a deadline. An error names its reason in the details; here its text is enough.
template <typename Stub, typename Request, typename Reply>
Reply Call(const std::shared_ptr<grpc::Channel>& channel,
           grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Reply*), const Request& request) {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(10));
  Reply reply;
  Stub stub(channel);
  const grpc::Status status = (stub.*method)(&context, request, &reply);
  if (!status.ok()) {
    std::cerr << Request::descriptor()->name() << ": " << status.error_message() << "\n";
    std::exit(1);
  }
  return reply;
}

// Who calls, on every call of a channel: a partner by its API key …
std::shared_ptr<grpc::ChannelCredentials> ByKey(const std::string& ca, const std::string& key) {
  grpc::SslCredentialsOptions tls;
  tls.pem_root_certs = ca;
  return grpc::CompositeChannelCredentials(grpc::SslCredentials(tls), grpc::AccessTokenCredentials(key));
}

// … and an operator of the vendor by its certificate.
std::shared_ptr<grpc::ChannelCredentials> ByCertificate(const std::string& ca, const std::string& stem) {
  return grpc::SslCredentials({ca, ReadFile(stem + ".key"), ReadFile(stem + ".pem")});
}

}  // namespace

int main() {
  const std::string certs = Env("CERTS", "var/certs");
  const std::string ca = ReadFile(certs + "/ca.pem");
  const std::string partner_address = Env("PARTNER", "127.0.0.1:7101");

  // The vendor enrols the partner and gives it its first API key, which is shown this once.
  const auto vendor = grpc::CreateChannel(partner_address, ByCertificate(ca, certs + "/operator-demo"));
  partner::CreatePartnerRequest enrol;
  enrol.set_request_id(NewRequestId());
  enrol.mutable_partner()->set_partner_number(
      "CPP-" + std::to_string(std::chrono::system_clock::now().time_since_epoch().count()));
  enrol.mutable_partner()->set_display_name("Fabrikam Consulting");
  enrol.mutable_partner()->set_contact_email("sales@fabrikam.example");
  const std::string name = Call(vendor, &partner::PartnerService::Stub::CreatePartner, enrol).name();
  partner::CreateApiKeyRequest new_key;
  new_key.set_request_id(NewRequestId());
  new_key.set_parent(name);
  new_key.mutable_api_key()->set_display_name("ordering");
  const std::string key = Call(vendor, &partner::ApiKeyService::Stub::CreateApiKey, new_key).key();
  std::cout << "partner   " << name << "\n";

  // The partner accepts the agreement; then the vendor approves it and lets it sell everything.
  const auto partners = grpc::CreateChannel(partner_address, ByKey(ca, key));
  partner::AcceptAgreementRequest accept;
  accept.set_request_id(NewRequestId());
  accept.set_name(name);
  accept.set_agreement("agreements/2009-06");
  accept.set_accepted_by("Jo Brown");
  Call(partners, &partner::AgreementService::Stub::AcceptAgreement, accept);
  partner::ApprovePartnerRequest approve;
  approve.set_request_id(NewRequestId());
  approve.set_name(name);
  approve.set_reason("references checked");
  Call(vendor, &partner::PartnerService::Stub::ApprovePartner, approve);
  partner::CreateAuthorizationRequest authorize;
  authorize.set_request_id(NewRequestId());
  authorize.set_parent(name);
  authorize.mutable_authorization()->set_product("offers/-");
  Call(vendor, &partner::AuthorizationService::Stub::CreateAuthorization, authorize);

  // From here on the partner is by itself. An order for a customer, itself as partner of record.
  partner::CreateCustomerRequest customer;
  customer.set_request_id(NewRequestId());
  customer.set_parent(name);
  customer.mutable_customer()->set_display_name("Contoso Ltd");
  customer.mutable_customer()->set_contact_name("Kim Akers");
  customer.mutable_customer()->set_contact_email("kim@contoso.example");
  const auto orders = grpc::CreateChannel(Env("ORDER", "127.0.0.1:7102"), ByKey(ca, key));
  order::CreateOrderRequest create;
  create.set_request_id(NewRequestId());
  create.set_parent(name);
  create.mutable_order()->set_customer(
      Call(partners, &partner::CustomerService::Stub::CreateCustomer, customer).name());
  create.mutable_order()->set_partner_of_record(name);
  create.mutable_order()->set_currency_code("USD");
  order::Order::Line* line = create.mutable_order()->add_lines();
  line->set_offer("offers/bpos-standard-suite");
  line->set_quantity(25);
  const order::Order drafted = Call(orders, &order::OrderService::Stub::CreateOrder, create);
  std::cout << "order     " << drafted.name() << ", " << drafted.total().units() << " USD a month\n";

  // Submitting fixes the prices and makes the URL, which the partner sends to its customer.
  order::SubmitOrderRequest submit;
  submit.set_request_id(NewRequestId());
  submit.set_name(drafted.name());
  std::cout << "send this " << Call(orders, &order::OrderService::Stub::SubmitOrder, submit).confirmation_url() << "\n";

  // Follows what happens to the partner's orders, until this one waits for its customer. A program that goes on keeps
  // seen.position(), and calls again with it when the stream ends.
  event::EventService::Stub events(orders);
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(30));
  event::WatchEventsRequest watch;
  watch.set_parent(name);
  const std::unique_ptr<grpc::ClientReader<event::Event>> stream = events.WatchEvents(&context, watch);
  event::Event seen;
  while (seen.type() != "ORDER_SUBMITTED" || !drafted.name().ends_with(seen.aggregate())) {
    if (!stream->Read(&seen)) {
      std::cerr << "WatchEvents: " << stream->Finish().error_message() << "\n";
      return 1;
    }
    std::cout << "event     " << seen.type() << " version " << seen.version() << "\n";
  }
  context.TryCancel();
  stream->Finish();

  // What it has earned: nothing before the customer has paid its first invoice.
  const auto bills = grpc::CreateChannel(Env("BILLING", "127.0.0.1:7104"), ByKey(ca, key));
  billing::ListFeesRequest fees;
  fees.set_parent(name);
  const billing::ListFeesResponse earned = Call(bills, &billing::FeeService::Stub::ListFees, fees);
  for (const billing::Fee& fee : earned.fees()) std::cout << "fee       " << fee.explanation() << "\n";
  std::cout << earned.fees_size() << " fees\n";
}
