#include "integration-tests/simulate_world.h"

#include <iterator>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "common/base/status_macros.h"
#include "common/base/uuid.h"
#include "countersign/billing/v1/tax_rate_service.grpc.pb.h"
#include "countersign/clock/v1/clock_service.grpc.pb.h"
#include "countersign/partner/v1/agreement_service.grpc.pb.h"
#include "countersign/partner/v1/authorization_service.grpc.pb.h"
#include "countersign/partner/v1/customer_service.grpc.pb.h"
#include "countersign/partner/v1/partner_service.grpc.pb.h"
#include "countersign/partner/v1/payee_profile_service.grpc.pb.h"
#include "integration-tests/simulate_call.h"
#include "integration-tests/simulate_convert.h"
#include "integration-tests/story.h"

namespace countersign::integration {
namespace {

namespace billing = ::countersign::billing::v1;
namespace partner = ::countersign::partner::v1;

constexpr int kAdvanceAttempts = 20;
constexpr absl::Duration kAdvanceTimeout = absl::Seconds(60);

// AdvanceTime of one service, again until it has come to its end.
absl::Status AdvanceClock(clock::v1::ClockService::Stub stub, const clock::v1::AdvanceTimeRequest& request) {
  absl::Status status;
  for (int attempt = 0; attempt < kAdvanceAttempts; ++attempt) {
    grpc::ClientContext context;
    context.set_deadline(absl::ToChronoTime(absl::Now() + kAdvanceTimeout));
    clock::v1::AdvanceTimeResponse reply;
    status = StatusOf(stub.AdvanceTime(&context, request, &reply));
    if (!absl::IsDeadlineExceeded(status) && !absl::IsUnavailable(status)) return status;
  }
  return status;
}

}  // namespace

World::World(Suite& suite, FactWriter& facts, uint64_t seed)
    : suite_(suite),
      facts_(facts),
      seed_(seed),
      as_link_service_(suite.channel(Service::kOrder, "services/link-service")),
      day_(Date(2009, 6, 1) - Date(1970, 1, 1)) {}

std::string World::RequestId(absl::string_view what) {
  return Uuid::Derived({"simulation", absl::StrCat(seed_), what}).ToString();
}

absl::Status World::AdvanceOne(Service service, Date day) {
  clock::v1::AdvanceTimeRequest request;
  *request.mutable_time() = StartTimeOf(day);
  request.set_request_id(RequestId(absl::StrCat("advance ", NameOf(service), " ", FormatDate(day))));
  return AdvanceClock(clock::v1::ClockService::Stub(suite_.channel(service)), request);
}

absl::Status World::AdvanceTo(Date day) {
  // billing-service is the last, for it asks the others.
  const Service others[] = {Service::kPartner, Service::kOrder, Service::kLink};
  absl::Status advanced[std::size(others)];
  std::vector<std::thread> threads;
  for (size_t i = 0; i < std::size(others); ++i) {
    threads.emplace_back([&, i] { advanced[i] = AdvanceOne(others[i], day); });
  }
  for (std::thread& thread : threads) thread.join();
  for (const absl::Status& status : advanced) RETURN_IF_ERROR(status);
  RETURN_IF_ERROR(AdvanceOne(Service::kBilling, day));
  day_ = day - Date(1970, 1, 1);
  return absl::OkStatus();
}

absl::StatusOr<std::string> World::EnrolPartner(int number, absl::string_view payee_currency, bool has_tax_form) {
  const std::string which = absl::StrCat("partner ", number);
  partner::CreatePartnerRequest create;
  create.mutable_partner()->set_partner_number(absl::StrFormat("P-SIM-%05d", number));
  create.mutable_partner()->set_display_name(absl::StrCat("Simulated Partner ", number));
  create.mutable_partner()->set_contact_email(absl::StrCat("sales", number, "@partner.example"));
  create.set_request_id(RequestId(which + " create"));
  ASSIGN_OR_RETURN(const partner::Partner made,
                   Do(suite_.stub<partner::PartnerService>(), &partner::PartnerService::Stub::CreatePartner, create));
  partner::AcceptAgreementRequest accept;
  accept.set_name(made.name());
  accept.set_agreement("agreements/2009-06");
  accept.set_accepted_by("Jo Brown");
  accept.set_request_id(RequestId(which + " accept"));
  RETURN_IF_ERROR(
      Do(suite_.stub<partner::AgreementService>(), &partner::AgreementService::Stub::AcceptAgreement, accept).status());
  partner::ApprovePartnerRequest approve;
  approve.set_name(made.name());
  approve.set_reason("references checked");
  approve.set_request_id(RequestId(which + " approve"));
  RETURN_IF_ERROR(
      Do(suite_.stub<partner::PartnerService>(), &partner::PartnerService::Stub::ApprovePartner, approve).status());
  partner::CreateAuthorizationRequest authorize;
  authorize.set_parent(made.name());
  authorize.mutable_authorization()->set_product("offers/-");
  authorize.set_request_id(RequestId(which + " authorize"));
  RETURN_IF_ERROR(Do(suite_.stub<partner::AuthorizationService>(),
                     &partner::AuthorizationService::Stub::CreateAuthorization, authorize)
                      .status());
  partner::UpdatePayeeProfileRequest profile;
  profile.mutable_payee_profile()->set_name(made.name() + "/payeeProfile");
  profile.mutable_payee_profile()->set_currency_code(std::string(payee_currency));
  profile.mutable_payee_profile()->set_bank_reference(absl::StrFormat("US00 %08d", number));
  if (has_tax_form) {
    profile.mutable_payee_profile()->set_tax_form_on_file(true);
    profile.mutable_payee_profile()->set_tax_form_kind("W-8BEN");
    *profile.mutable_payee_profile()->mutable_tax_form_date() = ProtoOf(today());
  }
  profile.set_request_id(RequestId(which + " payee"));
  RETURN_IF_ERROR(
      Do(suite_.stub<partner::PayeeProfileService>(), &partner::PayeeProfileService::Stub::UpdatePayeeProfile, profile)
          .status());
  facts_.Write(today(), "partner",
               {TextField("partner", HexOf(made.name())), TextField("payee_currency", payee_currency),
                NumberField("tax_form", has_tax_form ? 1 : 0)});
  return made.name();
}

absl::Status World::AddCustomer(SimulatedCustomer& customer) {
  partner::CreateCustomerRequest request;
  request.set_parent(customer.partner);
  request.mutable_customer()->set_display_name(absl::StrCat("Simulated Customer ", customer.number));
  request.set_request_id(RequestId(absl::StrCat("customer ", customer.number)));
  ASSIGN_OR_RETURN(const partner::Customer made, Do(suite_.stub<partner::CustomerService>(),
                                                    &partner::CustomerService::Stub::CreateCustomer, request));
  customer.name = made.name();
  return absl::OkStatus();
}

absl::Status World::AddTaxRate(absl::string_view region, Date from, int64_t rate_ppm, bool rounds_down,
                               bool by_service_end) {
  billing::CreateTaxRateRequest request;
  billing::TaxRate& rate = *request.mutable_tax_rate();
  rate.set_region_code(std::string(region));
  *rate.mutable_effective_date() = ProtoOf(from);
  rate.set_rate_ppm(rate_ppm);
  rate.set_rounding(rounds_down ? billing::TaxRate::ROUNDING_DOWN : billing::TaxRate::ROUNDING_HALF_UP);
  rate.set_tax_date(by_service_end ? billing::TaxRate::TAX_DATE_SERVICE_END : billing::TaxRate::TAX_DATE_INVOICE_DATE);
  request.set_request_id(RequestId(absl::StrCat("tax ", region, " ", FormatDate(from))));
  RETURN_IF_ERROR(
      Do(suite_.stub<billing::TaxRateService>(), &billing::TaxRateService::Stub::CreateTaxRate, request).status());
  facts_.Write(today(), "tax_rate",
               {TextField("region", region), TextField("from", FormatDate(from)), NumberField("ppm", rate_ppm),
                NumberField("down", rounds_down ? 1 : 0), NumberField("by_service_end", by_service_end ? 1 : 0)});
  return absl::OkStatus();
}

}  // namespace countersign::integration
