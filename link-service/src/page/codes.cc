#include "link-service/src/page/codes.h"

#include <cstring>
#include <optional>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/rpc/convert.h"
#include "common/rpc/names.h"
#include "link-service/src/api/names.h"
#include "link-service/src/domain/masked_address.h"
#include "link-service/src/domain/one_time_code.h"
#include "link-service/src/store/link_store.h"

namespace countersign::link {
namespace {

std::string NewCode() {
  for (;;) {
    const std::string bytes = RandomBytes(sizeof(uint32_t));
    uint32_t random = 0;
    std::memcpy(&random, bytes.data(), sizeof(random));
    if (std::optional<std::string> code = CodeOf(random); code.has_value()) return *std::move(code);
  }
}

// The word by which messages choose.
web::Choice ChoiceOf(CodePurpose purpose) {
  switch (purpose) {
    case CodePurpose::kCancel:
      return {"cancel"};
    case CodePurpose::kDoNotRenew:
      return {"do_not_renew"};
    case CodePurpose::kTransferCode:
      return {"transfer"};
    case CodePurpose::kRemovePartner:
      return {"remove_partner"};
    case CodePurpose::kChangeContact:
      return {"change_contact"};
    case CodePurpose::kRefusePartner:
      return {"refuse_partner"};
    case CodePurpose::kAskPartner:
      return {"ask_partner"};
    case CodePurpose::kCorrectContact:
      return {"correct_contact"};
    case CodePurpose::kConfirmOrder:
      break;
  }
  return {"confirm"};
}

std::string CodeText(const web::Language& language, const Vendor& vendor, const v1::OrderReview& review,
                     CodePurpose purpose, absl::string_view code) {
  const web::Choice what = ChoiceOf(purpose);
  const std::string secret = vendor.contact.empty()
                                 ? language.Text("mail.code_secret")
                                 : language.Format("mail.code_secret_at", {{"contact", vendor.contact}});
  return absl::StrCat(language.Format("mail.code", {{"code", std::string(code)}}), "\n\n",
                      language.Format("mail.code_for", {{"what", what},
                                                        {"order", review.order_number()},
                                                        {"partner", review.partner_display_name()},
                                                        {"customer", review.customer_display_name()}}),
                      " ", language.Format("mail.code_enter", {{"minutes", absl::ToInt64Minutes(kCodeLifetime)}}), " ",
                      language.Format("mail.code_then", {{"what", what}}), "\n\n", secret, "\n\n", vendor.seller(),
                      "\n");
}

events::Event CodeEventOf(const rpc::Call& call, const Uuid& code_id, const OneTimeCode& code) {
  v1::CodeEvent payload;
  payload.set_link(rpc::FormatName(kLinkName, {code.link_id}));
  payload.set_number(code.number);
  return call.MakeEvent(
      {.aggregate = code_id, .version = 1, .type = "CODE_ISSUED", .payload = payload, .resource = payload});
}

}  // namespace

absl::StatusOr<std::string> Codes::Mail(const PressedPage& pressed, CodePurpose purpose, const std::string& to) {
  const absl::Time now = parts_.clock.Now();
  const Uuid& link_id = pressed.link.link_id;
  if (parts_.mailer == nullptr) return absl::UnavailableError("This service sends no mail (--mail_server).");
  ASSIGN_OR_RETURN(const std::vector<OneTimeCode> before, parts_.codes.Newest(pressed.deadline, link_id));
  const CodeMailing mailing = MayMailCode(before, purpose, now);
  if (mailing == CodeMailing::kMailedJustNow) return NewestFor(before, purpose)->sent_to;
  if (mailing == CodeMailing::kTooMany) {
    return FailedPrecondition("TOO_MANY_CODES", "So many codes were mailed for the link today. Try again tomorrow.");
  }
  OneTimeCode kept{.link_id = link_id,
                   .number = before.empty() ? 1 : before.front().number + 1,
                   .create_time = now,
                   .purpose = purpose};
  const Uuid code_id = Uuid::Derived({"code", link_id.ToString(), absl::StrCat(kept.number)});
  const rpc::Call call = CallOfHolder(pressed, "CODE", code_id, now);
  std::string contact = to;
  if (contact.empty()) {
    ASSIGN_OR_RETURN(contact, ContactOf(call, pressed));
  }
  kept.sent_to = MaskedAddress(contact);
  const std::string code = NewCode();
  kept.digest = DigestOfCode(parts_.link_keys, link_id, kept.number, code);
  const absl::Status committed =
      parts_.committer.Commit(pressed.deadline, {.events = {CodeEventOf(call, code_id, kept)},
                                                 .reply = std::nullopt,
                                                 .rows = {CodeStore::Row(kept)},
                                                 .guards = {LinkStore::IsNotErased(link_id)}});
  // Somebody else asked in the same moment, and that code is on its way; or the link was erased, and nobody needs one.
  if (IsLostRace(committed)) return kept.sent_to;
  RETURN_IF_ERROR(committed);
  RETURN_IF_ERROR(Send(pressed, kept, contact, code));
  return kept.sent_to;
}

absl::StatusOr<std::string> Codes::ContactOf(const rpc::Call& call, const PressedPage& pressed) {
  ASSIGN_OR_RETURN(const billing::v1::BillingAccount account, parts_.receipts.PayerOf(call.outgoing(), pressed.link));
  // A contact that was changed a moment ago decides nothing yet.
  const absl::StatusOr<absl::Time> moves = rpc::FromProto(account.codes_move_time());
  const bool waits = account.has_codes_move_time() && moves.ok() && call.now() < *moves;
  const std::string& contact = waits ? account.former_billing_email() : account.billing_email();
  if (MaskedAddress(contact).empty()) {
    return absl::UnavailableError("The billing account has no address for a code.");
  }
  return contact;
}

absl::Status Codes::Send(const PressedPage& pressed, const OneTimeCode& kept, const std::string& contact,
                         absl::string_view code) {
  const v1::OrderReview& review = pressed.page.content.review();
  const web::Language& language = *pressed.page.language;
  return parts_.mailer->Send({.id = absl::StrCat("code-", kept.link_id.ToString(), "-", kept.number),
                              .to = {.name = {}, .address = contact},
                              .subject = language.Format("mail.code_subject", {{"order", review.order_number()}}),
                              .text = CodeText(language, parts_.vendor, review, kept.purpose, code),
                              .date = kept.create_time},
                             pressed.deadline);
}

absl::StatusOr<Codes::Checked> Codes::Check(const PressedPage& pressed, CodePurpose purpose, absl::string_view typed) {
  ASSIGN_OR_RETURN(const std::vector<OneTimeCode> codes, parts_.codes.Newest(pressed.deadline, pressed.link.link_id));
  const OneTimeCode* const newest = NewestFor(codes, purpose);
  if (newest == nullptr) return Checked{};
  const OneTimeCode& code = *newest;
  Checked checked{.number = code.number, .sent_to = code.sent_to, .attempts_left = kMaxCodeAttempts - code.attempts};
  const auto is = [&](Verdict verdict) {
    checked.verdict = verdict;
    return checked;
  };
  if (IsExpired(code, parts_.clock.Now())) return is(Verdict::kExpired);
  const std::optional<std::string> digits = TypedCode(typed);
  if (!digits.has_value()) return is(Verdict::kWrong);
  const bool again = !code.form_id.is_nil() && code.form_id == pressed.form_id;
  if (again && IsCode(parts_.link_keys, code, *digits)) return is(Verdict::kRight);
  ASSIGN_OR_RETURN(const bool taken, parts_.codes.TakeAttempt(pressed.deadline, code));
  if (!taken) return is(Verdict::kUsedUp);
  --checked.attempts_left;
  if (!IsCode(parts_.link_keys, code, *digits)) return is(Verdict::kWrong);
  ASSIGN_OR_RETURN(const bool bound, parts_.codes.Bind(pressed.deadline, code, pressed.form_id));
  return is(bound ? Verdict::kRight : Verdict::kUsedUp);
}

Uuid NewFormId() { return Uuid::FromBytes(RandomBytes(Uuid::kBytes)).value_or(Uuid()); }

std::string CodeErrorText(const web::Language& language, const Codes::Checked& checked) {
  switch (checked.verdict) {
    case Codes::Verdict::kExpired:
      return language.Text("code.expired");
    case Codes::Verdict::kUsedUp:
      return language.Text("code.used_up");
    case Codes::Verdict::kNoneMailed:
      return language.Text("code.none_mailed");
    case Codes::Verdict::kWrong:
    case Codes::Verdict::kRight:
      break;
  }
  return language.Format("code.wrong", {{"left", checked.attempts_left}});
}

}  // namespace countersign::link
