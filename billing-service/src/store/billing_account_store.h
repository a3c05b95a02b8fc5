// Billing accounts and the reservation of their numbers.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_STORE_BILLING_ACCOUNT_STORE_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_STORE_BILLING_ACCOUNT_STORE_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "billing-service/src/domain/billing_account.h"
#include "billing-service/src/store/fee_schedule_store.h"
#include "billing-service/src/store/tax_rate_store.h"
#include "common/base/uuid.h"
#include "common/events/change.h"
#include "common/mysql/connection.h"
#include "common/mysql/database.h"
#include "common/mysql/page.h"
#include "common/mysql/table.h"

namespace countersign::billing {

// The keys that find an account: its number, the purchase order of a subscription, its billing e-mail, a partner of
// record (an id), its state, the reference of a bank receipt that is its money.
enum class AccountKey { kNumber, kPurchaseOrder, kEmail, kPartner, kState, kBankReference };

// Thread-safe. Every method also returns the errors of mysql::Database (UNAVAILABLE, RESOURCE_EXHAUSTED).
class BillingAccountStore {
 public:
  // `rates` and `schedules` are for accounts that invoices are opened for; null: no tax, no fee schedule. All must
  // outlive the store.
  explicit BillingAccountStore(mysql::Database& database, const TaxRateStore* rates = nullptr,
                               const FeeScheduleStore* schedules = nullptr)
      : database_(database), rates_(rates), schedules_(schedules) {}

  absl::StatusOr<std::optional<BillingAccount>> Find(absl::Time deadline, const Uuid& account) const;

  // Error: NOT_FOUND BILLING_ACCOUNT_NOT_FOUND.
  absl::StatusOr<BillingAccount> Get(absl::Time deadline, const Uuid& account) const;

  // Each of these accounts, in their order; one statement for all. Errors of an account: those of Get.
  absl::StatusOr<std::vector<absl::StatusOr<BillingAccount>>> GetEach(absl::Time deadline,
                                                                      const std::vector<Uuid>& accounts) const;

  // The accounts that `by` finds for `value`, in the order of their ids.
  absl::StatusOr<mysql::Page<BillingAccount>> Search(absl::Time deadline, AccountKey by, const mysql::Parameter& value,
                                                     const mysql::PageQuery& query) const;

  // The number that the account will bear: the first of AccountNumber(account, 0), (account, 1) … that is free or
  // already its own. Commits by itself; again, it gives the same number.
  absl::StatusOr<std::string> ReserveNumber(absl::Time deadline, const Uuid& account) const;

  // The tax calculator for accounts of that region; null: there is none. Find sets it.
  absl::StatusOr<std::shared_ptr<const TaxCalculator>> TaxOf(absl::Time deadline, const std::string& region,
                                                             const TaxProfile& profile = {}) const;

  // The fee schedules for the lines of an account. Find sets them.
  absl::StatusOr<FeeSchedules> FeeSchedulesNow(absl::Time deadline) const;

  // The change that made `version` of the account, which was read before. Error: DATA_LOSS when that was none.
  absl::StatusOr<ContactChange> GetContactChange(absl::Time deadline, const BillingAccount& account,
                                                 int64_t version) const;

  // Holds until the change is committed. For what must not be written beside an erasure.
  static events::RowGuard IsNotErased(const Uuid& account);

  // This version of the account, for a change with its event.
  static mysql::RowWrite Row(const BillingAccount& account);

  // The billing contact that `changed`, its next version, no longer has. For a change with Row and the version's event.
  static mysql::RowWrite FormerContactRow(const BillingAccount& before, const BillingAccount& changed);

 private:
  // With what Find adds to the row.
  absl::StatusOr<BillingAccount> Completed(absl::Time deadline, BillingAccount account) const;

  mysql::Database& database_;
  const TaxRateStore* const rates_;
  const FeeScheduleStore* const schedules_;
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_STORE_BILLING_ACCOUNT_STORE_H_
