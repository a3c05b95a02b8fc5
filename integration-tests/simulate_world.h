// The acts of a simulation as calls of the real services. Each act has a request_id that derives from the seed, so that
// the same seed gives the same ids.
#ifndef COUNTERSIGN_INTEGRATION_TESTS_SIMULATE_WORLD_H_
#define COUNTERSIGN_INTEGRATION_TESTS_SIMULATE_WORLD_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/base/date.h"
#include "countersign/billing/v1/credit_note.pb.h"
#include "countersign/order/v1/order.pb.h"
#include "integration-tests/simulate_facts.h"
#include "integration-tests/suite.h"

namespace countersign::integration {

// A customer with its partner and its currency.
struct SimulatedCustomer {
  int number = 0;
  std::string partner;  // "partners/…"
  std::string name;     // Its entry in the partner's address book.
  std::string account;  // Empty until the first order is confirmed.
  std::string currency;
  std::string region;
  std::string other_partner;  // That some of them change to.
};

// An order of a new subscription (offer, quantity, annual) or for one that runs. With a transfer code, the partner who
// orders becomes its partner of record.
struct SimulatedOrder {
  order::v1::Order::Kind kind = order::v1::Order::KIND_NEW;
  std::string offer;
  int64_t quantity = 0;
  bool annual = false;
  std::string subscription;
  bool at_renewal = false;
  std::string transfer_code;
};

// Thread-safe for different customers. An error is a refusal or a failure; what was refused is no fact.
class World {
 public:
  World(Suite& suite, FactWriter& facts, uint64_t seed);

  Date today() const { return Date(1970, 1, 1) + day_.load(); }
  // Advances all four clocks to the beginning of the day; everything due by then is done.
  absl::Status AdvanceTo(Date day);

  absl::StatusOr<std::string> EnrolPartner(int number, absl::string_view payee_currency, bool has_tax_form);
  absl::Status AddCustomer(SimulatedCustomer& customer);
  absl::Status AddTaxRate(absl::string_view region, Date from, int64_t rate_ppm, bool rounds_down, bool by_service_end);

  // Creates, submits and confirms. Gives the order's name; its subscription is there when the day is over.
  absl::StatusOr<std::string> PlaceOrder(SimulatedCustomer& customer, const SimulatedOrder& order);
  absl::StatusOr<std::string> SubscriptionOf(const SimulatedCustomer& customer, const std::string& order,
                                             const SimulatedOrder& what);
  absl::StatusOr<std::string> MakeTransferCode(const std::string& subscription);
  absl::Status SwitchAutoRenewOff(const std::string& subscription);
  absl::Status Suspend(const std::string& subscription);
  absl::Status Resume(const std::string& subscription);

  // `invoice` and `account` may be empty. Gives the receipt's name.
  absl::StatusOr<std::string> Receive(const std::string& reference, int64_t micros, const std::string& currency,
                                      const std::string& account, const std::string& invoice);
  absl::Status Allocate(const std::string& receipt, const std::string& account);
  absl::Status ReverseReceipt(const std::string& receipt);
  absl::Status CreditNote(const std::string& account, const billing::v1::CreditNoteDraft& draft);
  absl::Status Void(const std::string& invoice);
  // All of the account's credit; NOT_FOUND when there is none.
  absl::Status RefundCredit(const std::string& account);
  // Invoices from now on are due `days` after their date.
  absl::Status SetPaymentTerms(const std::string& account, int days);
  // The account is charged by that token of the processor from now on; at once where something is due.
  absl::Status SetToken(const std::string& account, const std::string& token);
  // The owner of the card takes back what it paid of the invoice. Gives the charge's name; NOT_FOUND where there is
  // none.
  absl::StatusOr<std::string> ChargeBack(const std::string& account, const std::string& invoice);
  absl::Status WinChargeback(const std::string& charge, const std::string& invoice);
  // Corrects some of the fees that the partner earned on the days from `since` to yesterday: takes a part back, or
  // adds.
  absl::Status CorrectFees(const std::string& partner, Date since);
  // Approves, sends and answers the partner's payouts; the bank returns some of the first attempts.
  absl::Status PayPartner(const std::string& partner);

 private:
  std::string RequestId(absl::string_view what);
  absl::Status AdvanceOne(Service service, Date day);
  absl::Status Confirm(const SimulatedCustomer& customer, const order::v1::Order& order);

  Suite& suite_;
  FactWriter& facts_;
  const uint64_t seed_;
  const std::shared_ptr<grpc::Channel> as_link_service_;
  std::atomic<int64_t> day_;  // Since 1970-01-01.
};

}  // namespace countersign::integration

#endif  // COUNTERSIGN_INTEGRATION_TESTS_SIMULATE_WORLD_H_
