#include "partner-service/src/api/payee_profile_service.h"

#include <string>
#include <utility>

#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/rpc/etag.h"
#include "partner-service/src/api/payee_profile_messages.h"

namespace countersign::partner {
namespace {

// The next version, with the fields of the mask as the command has them.
PayeeProfile Changed(const PayeeProfile& profile, const UpdatePayeeProfileCommand& command, const KeyRing& data_keys,
                     absl::Time now) {
  PayeeProfile next = profile;
  if (command.mask.Has("currency_code")) next.currency_code = command.currency_code;
  if (command.mask.Has("bank_reference")) {
    next.bank_reference_tail = TailOf(command.bank_reference);
    next.sealed_bank_reference = command.bank_reference.empty()
                                     ? ""
                                     : data_keys.Seal(command.bank_reference, BankReferenceContext(profile.partner_id));
  }
  if (command.mask.Has("tax_form_kind")) next.tax_form_kind = command.tax_form_kind;
  if (command.mask.Has("tax_form_date")) next.tax_form_date = command.tax_form_date;
  if (command.mask.Has("tax_region_code")) next.tax_region = command.tax_region_code;
  next.version = profile.version + 1;
  if (profile.version == 0) next.create_time = now;
  next.update_time = now;
  return next;
}

}  // namespace

absl::StatusOr<v1::PayeeProfile> PayeeProfileService::Get(const rpc::Call& call,
                                                          const rpc::NamedResource& named) const {
  RETURN_IF_ERROR(partners_.Get(call.deadline(), named.tenant).status());
  ASSIGN_OR_RETURN(const PayeeProfile profile, profiles_.Get(call.deadline(), named.tenant));
  return ToProto(profile);
}

absl::StatusOr<v1::ResolvePayeeAccountResponse> PayeeProfileService::Resolve(const rpc::Call& call,
                                                                             const rpc::NamedResource& named) const {
  RETURN_IF_ERROR(partners_.Get(call.deadline(), named.tenant).status());
  ASSIGN_OR_RETURN(const PayeeProfile profile, profiles_.Get(call.deadline(), named.tenant));
  if (profile.sealed_bank_reference.empty()) {
    return FailedPrecondition("PAYEE_MISSING", "The partner has no account to pay to. Ask it to update its profile.",
                              {{"partner", named.tenant.ToString()}});
  }
  absl::StatusOr<std::string> opened =
      data_keys_.Open(profile.sealed_bank_reference, BankReferenceContext(profile.partner_id));
  // Its key was retired too early, or the row is damaged. The text that came with it stays here.
  if (!opened.ok()) return absl::DataLossError("The account of a payee profile cannot be opened.");
  v1::ResolvePayeeAccountResponse reply;
  reply.set_currency_code(profile.currency_code);
  reply.set_bank_reference(*std::move(opened));
  reply.set_masked_bank_reference(MaskedAccountOf(profile));
  return reply;
}

absl::StatusOr<v1::PayeeProfile> PayeeProfileService::Update(const rpc::Call& call,
                                                             const UpdatePayeeProfileCommand& command) {
  RETURN_IF_ERROR(partners_.Get(call.deadline(), command.tenant).status());
  ASSIGN_OR_RETURN(const PayeeProfile profile, profiles_.Get(call.deadline(), command.tenant));
  RETURN_IF_ERROR(rpc::CheckEtag(command.etag, profile.version));
  const PayeeProfile next = Changed(profile, command, data_keys_, call.now());
  RETURN_IF_ERROR(CheckTaxForm(next, DateOf(call.now())));
  const v1::PayeeProfile reply = ToProto(next);
  const events::Event event = call.MakeEvent({.aggregate = PayeeProfileAggregate(next.partner_id),
                                              .version = next.version,
                                              .type = "PAYEE_PROFILE_UPDATED",
                                              .payload = EventOf(next),
                                              .resource = reply});
  RETURN_IF_ERROR(committer_.Commit(
      call.deadline(), call.ChangeOf({.rows = {PayeeProfileStore::Row(next)}, .events = {event}, .reply = reply})));
  return reply;
}

}  // namespace countersign::partner
