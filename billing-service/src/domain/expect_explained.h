// That an invoice's explanation adds up to its amounts, and that a wrong amount is not explained away.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_EXPECT_EXPLAINED_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_EXPECT_EXPLAINED_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "billing-service/src/domain/invoice.h"
#include "billing-service/src/domain/invoice_explanation.h"
#include "gtest/gtest.h"

namespace countersign::billing {

// The micros that a value says: "375.00 USD", "2930 JPY", "8.953 KWD". Written apart from Money, whose text it checks.
inline int64_t MicrosIn(const std::string& value) {
  const bool negative = absl::StrContains(value, '-');
  int64_t micros = 0;
  int digits_after_point = -1;
  for (const char c : value.substr(0, value.find(' '))) {
    if (c == '.') digits_after_point = 0;
    if (c < '0' || c > '9') continue;
    micros = micros * 10 + (c - '0');
    if (digits_after_point >= 0) ++digits_after_point;
  }
  for (int digits = digits_after_point < 0 ? 0 : digits_after_point; digits < 6; ++digits) micros *= 10;
  return negative ? -micros : micros;
}

inline int64_t SumOfParts(const Explanation& explanation) {
  int64_t sum = 0;
  for (const Explanation& part : explanation.parts) sum += MicrosIn(part.value);
  return sum;
}

// One micro more on any stored amount must be found.
inline void ExpectWrongAmountsAreFound(const Invoice& invoice, const std::vector<TaxRate>& rates) {
  const auto more = [](const Money& amount) { return *Money::FromMicros(amount.micros() + 1, amount.currency()); };
  const auto expect_found = [&](const Invoice& wrong, absl::string_view what) {
    EXPECT_EQ(ExplainInvoice(wrong, rates, {}).status().code(), absl::StatusCode::kDataLoss) << what;
  };
  for (Money Invoice::* amount : {&Invoice::net, &Invoice::tax, &Invoice::total}) {
    Invoice wrong = invoice;
    wrong.*amount = more(invoice.*amount);
    expect_found(wrong, "an amount of the invoice");
  }
  for (size_t i = 0; i < invoice.lines.size(); ++i) {
    for (Money InvoiceLine::* amount : {&InvoiceLine::net, &InvoiceLine::tax}) {
      Invoice wrong = invoice;
      wrong.lines[i].*amount = more(invoice.lines[i].*amount);
      expect_found(wrong, absl::StrCat("an amount of line ", i + 1));
    }
  }
}

inline void ExpectExplained(const Invoice& invoice, const std::vector<TaxRate>& rates = {}) {
  const absl::StatusOr<Explanation> root = ExplainInvoice(invoice, rates, {});
  ASSERT_TRUE(root.ok()) << invoice.number << ": " << root.status();
  EXPECT_EQ(MicrosIn(root->value), invoice.total.micros());
  ASSERT_EQ(root->parts.size(), 5U) << "net, tax, credited, paid, due";
  const Explanation& net = root->parts[0];
  const Explanation& tax = root->parts[1];
  EXPECT_EQ(SumOfParts(net), MicrosIn(net.value)) << net.why;
  EXPECT_EQ(SumOfParts(tax), MicrosIn(tax.value)) << tax.why;
  EXPECT_EQ(MicrosIn(net.value) + MicrosIn(tax.value), invoice.total.micros());
  EXPECT_EQ(MicrosIn(root->value) - MicrosIn(root->parts[2].value) - MicrosIn(root->parts[3].value),
            MicrosIn(root->parts[4].value));
  EXPECT_EQ(MicrosIn(root->parts[4].value), AmountDue(invoice).micros());
  ExpectWrongAmountsAreFound(invoice, rates);
}

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_EXPECT_EXPLAINED_H_
