#include "billing-service/src/api/billing_account_service.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "billing-service/src/api/billing_account_messages.h"
#include "billing-service/src/domain/account_billing.h"
#include "billing-service/src/domain/buyer.h"
#include "common/base/status_macros.h"
#include "common/rpc/etag.h"
#include "common/rpc/names.h"
#include "countersign/partner/v1/partner_service.pb.h"

namespace countersign::billing {

absl::StatusOr<v1::BillingAccount> BillingAccountService::Get(const rpc::Call& call,
                                                              const rpc::NamedResource& named) const {
  ASSIGN_OR_RETURN(const BillingAccount account, accounts_.Get(call.deadline(), named.id));
  return ToProto(account);
}

// nullopt where no partner has the number.
absl::StatusOr<std::optional<Uuid>> BillingAccountService::FindPartner(const rpc::Call& call,
                                                                       const std::string& number) const {
  partner::v1::LookupPartnerRequest lookup;
  lookup.set_partner_number(number);
  const absl::StatusOr<partner::v1::Partner> partner = partners_.LookupPartner(call.outgoing(), lookup);
  if (absl::IsNotFound(partner.status()) || absl::IsInvalidArgument(partner.status())) return std::nullopt;
  RETURN_IF_ERROR(partner.status());
  ASSIGN_OR_RETURN(const std::vector<Uuid> ids, rpc::ParseName(kPartnerName, partner->name()));
  return ids[0];
}

absl::StatusOr<v1::SearchBillingAccountsResponse> BillingAccountService::Search(
    const rpc::Call& call, const SearchBillingAccountsCommand& command) const {
  v1::SearchBillingAccountsResponse reply;
  mysql::Parameter value = command.value;
  if (!command.partner_number.empty()) {
    ASSIGN_OR_RETURN(const std::optional<Uuid> partner, FindPartner(call, command.partner_number));
    if (!partner.has_value()) return reply;
    value = *partner;
  }
  ASSIGN_OR_RETURN(const mysql::Page<BillingAccount> page,
                   accounts_.Search(call.deadline(), command.by, value, command.list.page));
  for (const BillingAccount& account : page.items) *reply.add_billing_accounts() = ToProto(account);
  reply.set_next_page_token(rpc::NextPageToken(call, command.list, page.next));
  return reply;
}

absl::StatusOr<v1::BillingAccount> BillingAccountService::Update(const rpc::Call& call,
                                                                 const UpdateBillingAccountCommand& command) {
  ASSIGN_OR_RETURN(const BillingAccount before, accounts_.Get(call.deadline(), command.tenant));
  RETURN_IF_ERROR(rpc::CheckEtag(command.etag, before.version));
  RETURN_IF_ERROR(CheckNotErased(before));
  BillingAccount changed = before;
  if (command.company_name.has_value()) changed.customer.company_name = *command.company_name;
  if (command.billing_address.has_value()) SetBillingAddress(changed, *command.billing_address);
  if (command.payment_term_days.has_value()) changed.payment_term_days = *command.payment_term_days;
  ++changed.version;
  changed.update_time = call.now();
  if (call.validate_only()) return ToProto(changed);
  // Invoices that are open go on naming the buyer as it was.
  ASSIGN_OR_RETURN(const std::vector<PastBuyer> past, past_buyers_.List(call.deadline(), changed.id));
  std::vector<mysql::RowWrite> rows;
  if (const std::optional<PastBuyer> kept = BuyerToKeep(before, changed, past); kept.has_value()) {
    rows.push_back(PastBuyerStore::Row(changed.id, *kept));
  }
  return Save(call, changed, "BILLING_ACCOUNT_UPDATED", command.reason, std::move(rows));
}

absl::StatusOr<v1::BillingAccount> BillingAccountService::Resume(const rpc::Call& call,
                                                                 const rpc::NamedResource& named) {
  ASSIGN_OR_RETURN(const BillingAccount account, accounts_.Get(call.deadline(), named.id));
  RETURN_IF_ERROR(rpc::CheckEtag(named.etag, account.version));
  ASSIGN_OR_RETURN(const BillingAccount resumed, ResumeAccount(account, call.now()));
  return Save(call, resumed, "ACCOUNT_RESUMED", named.reason);
}

absl::StatusOr<v1::BillingAccount> BillingAccountService::SetMethod(const rpc::Call& call,
                                                                    const SetPaymentMethodCommand& command) {
  ASSIGN_OR_RETURN(BillingAccount account, accounts_.Get(call.deadline(), command.tenant));
  RETURN_IF_ERROR(rpc::CheckEtag(command.etag, account.version));
  RETURN_IF_ERROR(CheckNotErased(account));
  if (command.method.type == PaymentMethodType::kProcessor) RETURN_IF_ERROR(CheckProcessor(has_processor_));
  account.payment_method = command.method;
  ++account.version;
  account.update_time = call.now();
  return Save(call, account, "PAYMENT_METHOD_SET", command.reason);
}

absl::StatusOr<v1::BillingAccount> BillingAccountService::SetRules(const rpc::Call& call,
                                                                   const SetPurchaseOrderRulesCommand& command) {
  ASSIGN_OR_RETURN(BillingAccount account, accounts_.Get(call.deadline(), command.tenant));
  RETURN_IF_ERROR(rpc::CheckEtag(command.etag, account.version));
  RETURN_IF_ERROR(CheckNotErased(account));
  account =
      countersign::billing::SetPurchaseOrderRules(std::move(account), command.required, command.split, call.now());
  return Save(call, account, "PURCHASE_ORDER_RULES_SET", command.reason);
}

absl::StatusOr<v1::BillingAccount> BillingAccountService::ChangeContact(const rpc::Call& call,
                                                                        const ChangeBillingContactCommand& command) {
  ASSIGN_OR_RETURN(const BillingAccount before, accounts_.Get(call.deadline(), command.tenant));
  RETURN_IF_ERROR(rpc::CheckEtag(command.etag, before.version));
  RETURN_IF_ERROR(CheckNotErased(before));
  const bool corrects = command.corrected_by.has_value();
  ASSIGN_OR_RETURN(const BillingAccount changed,
                   corrects ? CorrectBillingContact(before, *command.corrected_by, command.email, call.now())
                            : countersign::billing::ChangeBillingContact(before, command.email, call.now()));
  if (call.validate_only()) return ToProto(changed);
  return Save(call, changed, corrects ? kBillingContactCorrected : kBillingContactChanged, command.reason,
              {BillingAccountStore::FormerContactRow(before, changed)});
}

absl::StatusOr<v1::BillingAccount> BillingAccountService::VerifyContact(const rpc::Call& call,
                                                                        const rpc::NamedResource& named) {
  ASSIGN_OR_RETURN(const BillingAccount account, accounts_.Get(call.deadline(), named.id));
  RETURN_IF_ERROR(rpc::CheckEtag(named.etag, account.version));
  RETURN_IF_ERROR(CheckNotErased(account));
  if (!account.contact_order.has_value()) return ToProto(account);
  return Save(call, countersign::billing::VerifyBillingContact(account, call.now()), "BILLING_CONTACT_VERIFIED",
              named.reason);
}

absl::StatusOr<v1::BillingAccount> BillingAccountService::Save(const rpc::Call& call, const BillingAccount& account,
                                                               absl::string_view type, absl::string_view reason,
                                                               std::vector<mysql::RowWrite> rows) {
  v1::BillingAccount reply = ToProto(account);
  const events::Event event = call.MakeEvent({.aggregate = account.id,
                                              .version = account.version,
                                              .type = type,
                                              .payload = EventOf(account),
                                              .resource = reply,
                                              .reason = reason});
  rows.push_back(BillingAccountStore::Row(account));
  RETURN_IF_ERROR(
      committer_.Commit(call.deadline(), call.ChangeOf({.rows = std::move(rows), .events = {event}, .reply = reply})));
  return reply;
}

}  // namespace countersign::billing
