// Tax on invoices: which rate, why, and how much. Prices exclude tax.
// Source of the rules: docs/domain.md, Tax.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_TAX_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_TAX_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/date.h"
#include "common/base/money.h"
#include "common/base/named.h"
#include "common/base/uuid.h"

namespace countersign::billing {

enum class TaxRounding { kHalfUp, kDown };

inline constexpr Named<TaxRounding> kTaxRoundings[] = {{TaxRounding::kHalfUp, "HALF_UP"}, {TaxRounding::kDown, "DOWN"}};
inline absl::string_view NameOf(TaxRounding rounding) { return NameIn(kTaxRoundings, rounding); }

// The day whose rate counts.
enum class TaxDate { kInvoiceDate, kServiceEnd };

inline constexpr Named<TaxDate> kTaxDates[] = {{TaxDate::kInvoiceDate, "INVOICE_DATE"},
                                               {TaxDate::kServiceEnd, "SERVICE_END"}};
inline absl::string_view NameOf(TaxDate date) { return NameIn(kTaxDates, date); }

inline constexpr int64_t kWholeInPpm = 1'000'000;

// "19", "8.875".
std::string PercentOfPpm(int64_t ppm);

// One version of a region's tax, in force from its day until the next version's.
struct TaxRate {
  Uuid id;
  std::string region;  // Of two letters.
  Date effective_date;
  int64_t rate_ppm = 0;  // Parts per million: basis points cannot express 8.875 %.
  TaxRounding rounding = TaxRounding::kHalfUp;
  TaxDate tax_date = TaxDate::kInvoiceDate;
  bool reverse_charge = false;  // A buyer whose tax id is validated owes the tax itself.
  absl::Time create_time;
  int64_t version = 1;  // Written once.
};

// The id of the region's version of that day.
Uuid TaxRateId(absl::string_view region, Date effective_date);

// OK for a version that may be added to `rates`, those of its region so far. Errors: ALREADY_EXISTS TAX_RATE_EXISTS;
// FAILED_PRECONDITION TAX_RATE_IN_THE_PAST when the region has rates and the new one is not in force tomorrow at the
// earliest: invoices of today may be open already. Only a region's first rate may begin in the past.
absl::Status CheckNewRate(const TaxRate& rate, const std::vector<TaxRate>& rates, Date today);

// The buyer's standing.
struct TaxProfile {
  std::string tax_id;                   // Empty: none.
  std::optional<Date> validation_date;  // When the id was validated.
  std::string exemption;                // Why no tax is due, for example a certificate; empty: it is.
};

// The profile with what is not nullopt changed; another id is not validated.
TaxProfile Update(TaxProfile profile, const std::optional<std::string>& tax_id,
                  const std::optional<std::string>& exemption);

// The id was validated. Error: FAILED_PRECONDITION TAX_ID_MISSING.
absl::StatusOr<TaxProfile> Validate(TaxProfile profile, Date today);

enum class TaxTreatment { kUntaxed, kTaxed, kReverseCharge, kExempt };

inline constexpr Named<TaxTreatment> kTaxTreatments[] = {
    {TaxTreatment::kUntaxed, "UNTAXED"},  // The region has no rate on that day.
    {TaxTreatment::kTaxed, "TAXED"},
    {TaxTreatment::kReverseCharge, "REVERSE_CHARGE"},
    {TaxTreatment::kExempt, "EXEMPT"},
};
inline absl::string_view NameOf(TaxTreatment treatment) { return NameIn(kTaxTreatments, treatment); }

// A line to tax, and what came out.
struct TaxableLine {
  Money net;
  Date last_service_date;
};
struct LineTax {
  Money tax;
  int64_t rate_ppm = 0;
  TaxTreatment treatment = TaxTreatment::kUntaxed;
};

// Decides the tax of an invoice. Thread-safe, no I/O: it is made with all the data that it needs.
class TaxCalculator {
 public:
  virtual ~TaxCalculator() = default;

  // For the ledger and the document; empty: no tax at all.
  virtual const std::string& region() const = 0;

  // The tax of each line of an invoice issued on `issue_date`, in order. Error: OUT_OF_RANGE.
  virtual absl::StatusOr<std::vector<LineTax>> Tax(Date issue_date, const std::vector<TaxableLine>& lines) const = 0;
};

// By a table of rates. Per invoice and rate, tax = round(Σ net × rate) by the version's rounding, and the lines' parts
// are split cumulatively: part k = round(Σ net of the first k × rate) − the parts before.
class TaxTable final : public TaxCalculator {
 public:
  // `rates` are all of `region`.
  TaxTable(std::string region, std::vector<TaxRate> rates, TaxProfile profile);

  const std::string& region() const override { return region_; }
  absl::StatusOr<std::vector<LineTax>> Tax(Date issue_date, const std::vector<TaxableLine>& lines) const override;

  // The version in force on that day, and the one that a line is taxed by; nullptr: none. Valid as long as the table.
  const TaxRate* RateOn(Date date) const;
  const TaxRate* RateOf(Date issue_date, const TaxableLine& line) const;

 private:
  const std::string region_;
  std::vector<TaxRate> rates_;  // Newest first.
  const TaxProfile profile_;
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_TAX_H_
