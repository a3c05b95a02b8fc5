#include "billing-service/src/store/payout_store.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "billing-service/src/store/tenant_list.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/mysql/read.h"

namespace countersign::billing {
namespace {

constexpr mysql::Table kPayouts = {
    .name = "payouts",
    .key = "partner_id, payout_id",
    .fixed =
        "statement_id, currency, first_number, last_number, total_micros, withheld_micros, withholding_basis_points, "
        "tax_form, create_time, region, withholding_rate_id, tax_micros, tax_rate_ppm, tax_region, tax_id, "
        "self_billing_agreement_id",
    .changing = "payee, state, attempt, bank_reference, reason, file_id, update_time, version"};

constexpr mysql::Table kPayoutTerms = {.name = "payout_terms",
                                       .key = "currency, effective_date",
                                       .fixed = "minimum_micros, withholding_basis_points, create_time"};

constexpr absl::string_view kApproved = "WHERE partner_id = ? AND state = ? ORDER BY create_time, payout_id LIMIT ?";
constexpr absl::string_view kTermsInForce =
    "WHERE currency = ? AND effective_date <= ? ORDER BY effective_date DESC LIMIT 1";
constexpr absl::string_view kTermsAfter = "WHERE (currency > ? OR (currency = ? AND effective_date > ?))";
constexpr absl::string_view kTermsEnd = " ORDER BY currency, effective_date LIMIT ?";

Payout PayoutOfRow(mysql::RowReader& row) {
  Payout payout;
  payout.partner = row.Id();
  payout.id = row.Id();
  payout.statement = row.Id();
  payout.currency = row.Text();
  payout.first_number = row.Int();
  payout.last_number = row.Int();
  payout.total = row.Amount(payout.currency);
  payout.withheld = row.Amount(payout.currency);
  payout.withholding_basis_points = row.Int();
  payout.tax_form = row.Text();
  payout.create_time = row.Time();
  payout.region = row.Text();
  payout.withholding_rate = row.OptionalId();
  payout.tax = row.Amount(payout.currency);
  payout.tax_rate_ppm = row.Int();
  payout.tax_region = row.Text();
  payout.tax_id = row.Text();
  payout.self_billing = row.OptionalId();
  payout.payee = row.Text();
  payout.state = row.Enumerated(kPayoutStates);
  payout.attempt = row.Int();
  payout.bank_reference = row.Text();
  payout.reason = row.Text();
  payout.file = row.OptionalId();
  payout.update_time = row.Time();
  payout.version = row.Int();
  return payout;
}

PayoutTerms PayoutTermsOf(mysql::RowReader& row) {
  PayoutTerms terms;
  terms.currency = row.Text();
  terms.effective_date = row.Day();
  terms.minimum = row.Amount(terms.currency);
  terms.withholding_basis_points = row.Int();
  terms.create_time = row.Time();
  return terms;
}

}  // namespace

std::vector<mysql::FilterField> PayoutFilterFields() {
  using enum mysql::FilterType;
  return {{"state", "state", kEnum, NamesIn(kPayoutStates)}, {"create_time", "create_time", kTime}};
}

std::vector<mysql::FilterField> PayoutTermsFilterFields() {
  using enum mysql::FilterType;
  return {{"currency_code", "currency", kAscii}, {"effective_date", "effective_date", kDate}};
}

absl::StatusOr<std::optional<Payout>> PayoutStore::Find(absl::Time deadline, const Uuid& partner,
                                                        const Uuid& payout) const {
  return mysql::FindOne<Payout>(database_, deadline, kPayouts, {partner, payout}, PayoutOfRow);
}

absl::StatusOr<Payout> PayoutStore::Get(absl::Time deadline, const Uuid& partner, const Uuid& payout) const {
  ASSIGN_OR_RETURN(std::optional<Payout> found, Find(deadline, partner, payout));
  if (found.has_value()) return *std::move(found);
  return NotFound("PAYOUT_NOT_FOUND", "The partner has no such payout.", {{"payout", payout.ToString()}});
}

absl::StatusOr<mysql::Page<Payout>> PayoutStore::List(absl::Time deadline, const std::optional<Uuid>& partner,
                                                      const mysql::PageQuery& query) const {
  return ListOfPartners<Payout>(database_, deadline, kPayouts, "payout_id", partner, query, PayoutOfRow);
}

absl::StatusOr<std::vector<Payout>> PayoutStore::ListApproved(absl::Time deadline, const Uuid& partner,
                                                              int limit) const {
  return mysql::ListBy<Payout>(database_, deadline, mysql::SelectFrom(kPayouts, kApproved),
                               {partner, NameOf(PayoutState::kApproved), limit}, PayoutOfRow);
}

absl::StatusOr<std::vector<Payout>> PayoutStore::ListInFile(absl::Time deadline, const Uuid& file, int limit) const {
  mysql::PageQuery sent = {.size = limit};
  sent.condition.sql = " AND state = ? AND file_id = ?";
  sent.condition.parameters = {NameOf(PayoutState::kSent), file};
  ASSIGN_OR_RETURN(mysql::Page<Payout> page, List(deadline, std::nullopt, sent));
  return std::move(page.items);
}

absl::StatusOr<mysql::Page<Payout>> PayoutStore::ListApprovedIn(absl::Time deadline, const std::string& currency,
                                                                const std::string& after, int limit) const {
  mysql::PageQuery approved = {.after = after, .size = limit};
  approved.condition.sql = " AND state = ? AND currency = ?";
  approved.condition.parameters = {NameOf(PayoutState::kApproved), currency};
  return List(deadline, std::nullopt, approved);
}

absl::StatusOr<PayoutTerms> PayoutStore::TermsOn(absl::Time deadline, const std::string& currency, Date date) const {
  ASSIGN_OR_RETURN(std::optional<PayoutTerms> found,
                   mysql::FindBy<PayoutTerms>(database_, deadline, mysql::SelectFrom(kPayoutTerms, kTermsInForce),
                                              {currency, date}, PayoutTermsOf));
  if (found.has_value()) return *std::move(found);
  return FailedPrecondition("PAYOUT_TERMS_MISSING",
                            absl::StrCat("There are no payout terms for ", currency, ". Publish them first."),
                            {{"currency", currency}});
}

absl::StatusOr<PayoutTerms> PayoutStore::GetTerms(absl::Time deadline, const Uuid& terms) const {
  // The table is small, and the id follows from its key.
  ASSIGN_OR_RETURN(
      const std::vector<PayoutTerms> all,
      mysql::ListBy<PayoutTerms>(database_, deadline, mysql::SelectFrom(kPayoutTerms, ""), {}, PayoutTermsOf));
  for (const PayoutTerms& one : all) {
    if (PayoutTermsId(one) == terms) return one;
  }
  return NotFound("PAYOUT_TERMS_NOT_FOUND", "There are no such payout terms.", {{"payoutTerms", terms.ToString()}});
}

absl::StatusOr<mysql::Page<PayoutTerms>> PayoutStore::ListTerms(absl::Time deadline,
                                                                const mysql::PageQuery& query) const {
  const std::pair<std::string, std::string> after = absl::StrSplit(query.after, absl::MaxSplits('/', 1));
  const Date day = ParseDate(after.second).value_or(Date(1970, 1, 1));
  return mysql::ListPage<PayoutTerms>(database_, deadline,
                                      mysql::StatementOf(mysql::SelectFrom(kPayoutTerms, kTermsAfter),
                                                         {after.first, after.first, day}, query, kTermsEnd),
                                      PayoutTermsOf, [](const PayoutTerms& terms) {
                                        return absl::StrCat(terms.currency, "/", FormatDate(terms.effective_date));
                                      });
}

mysql::RowWrite PayoutStore::Row(const Payout& payout) {
  return mysql::Put(kPayouts, {payout.partner,
                               payout.id,
                               payout.statement,
                               payout.currency,
                               payout.first_number,
                               payout.last_number,
                               payout.total.micros(),
                               payout.withheld.micros(),
                               payout.withholding_basis_points,
                               payout.tax_form,
                               payout.create_time,
                               payout.region,
                               payout.withholding_rate,
                               payout.tax.micros(),
                               payout.tax_rate_ppm,
                               payout.tax_region,
                               payout.tax_id,
                               payout.self_billing,
                               payout.payee,
                               NameOf(payout.state),
                               payout.attempt,
                               payout.bank_reference,
                               payout.reason,
                               payout.file,
                               payout.update_time,
                               payout.version});
}

mysql::RowWrite PayoutStore::TermsRow(const PayoutTerms& terms) {
  return mysql::Insert(
      kPayoutTerms,
      {terms.currency, terms.effective_date, terms.minimum.micros(), terms.withholding_basis_points, terms.create_time},
      AlreadyExists("PAYOUT_TERMS_EXIST", "The currency has terms from that day on already. Choose another day.",
                    {{"currency", terms.currency}}));
}

}  // namespace countersign::billing
