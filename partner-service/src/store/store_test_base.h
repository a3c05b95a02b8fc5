// The base of the store tests: a schema for the suite, emptied before each test, and commits of rows with their event.
#ifndef COUNTERSIGN_PARTNER_SERVICE_SRC_STORE_STORE_TEST_BASE_H_
#define COUNTERSIGN_PARTNER_SERVICE_SRC_STORE_STORE_TEST_BASE_H_

#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/base/uuid.h"
#include "common/events/change.h"
#include "common/events/committer.h"
#include "common/mysql/table.h"
#include "common/testing/status_matchers.h"
#include "common/testing/test_database.h"
#include "partner-service/src/store/agreement_store.h"
#include "partner-service/src/store/authorization_store.h"
#include "partner-service/src/store/customer_store.h"
#include "partner-service/src/store/migrations.h"
#include "partner-service/src/store/partner_store.h"

namespace countersign::partner {

using ::countersign::testing::HasReason;
using ::countersign::testing::StatusIs;
using ::countersign::testing::TestDatabase;
using ::countersign::testing::TestDeadline;

inline const absl::Time kNow = absl::FromUnixMicros(1'243'846'800'123'456);  // 2009-06-01, with microseconds.

class StoreTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { database_ = &TestDatabase::Shared(AllMigrations()); }
  void SetUp() override {
    database_->Clear({"agreements"});
    database_->Execute("DELETE FROM agreements WHERE agreement_id <> '2009-06'");
  }

  // The aggregate that a change is about, and its new version.
  struct Version {
    Uuid tenant;
    Uuid aggregate;
    int64_t version = 1;
  };
  absl::Status Commit(const Version& version, std::vector<mysql::RowWrite> rows,
                      std::function<absl::Status(mysql::Connection&)> also = nullptr) {
    events::Event event;
    event.tenant = version.tenant;
    event.aggregate = version.aggregate;
    event.version = version.version;
    event.type = "CHANGED";
    event.actor = "operators/test";
    event.create_time = kNow;
    return committer_.Commit(TestDeadline(), {.events = {event}, .reply = {}, .rows = std::move(rows), .also = also});
  }

  absl::Status Save(const Partner& partner) {
    return Commit({partner.partner_id, partner.partner_id, partner.version}, {PartnerStore::Row(partner)});
  }
  absl::Status Save(const Customer& customer) {
    return Commit({customer.partner_id, customer.customer_id, customer.version}, {CustomerStore::Row(customer)});
  }
  absl::Status Save(const Authorization& authorization) {
    return Commit({authorization.partner_id, authorization.authorization_id, authorization.version},
                  {AuthorizationStore::Row(authorization)});
  }
  absl::Status Save(const Agreement& agreement) {
    return Commit({AgreementTenant(), AgreementAggregate(agreement.agreement_id)}, {AgreementStore::Row(agreement)});
  }

  static Agreement AgreementFrom(absl::string_view id, absl::Time effective_time) {
    return {.agreement_id = std::string(id),
            .title = "Partner Agreement ☕",
            .effective_time = effective_time,
            .document_sha256 = std::string(32, '\xab'),
            .document_uri = "https://example.com/agreement.pdf",
            .create_time = kNow};
  }

  inline static TestDatabase* database_ = nullptr;
  events::Committer committer_{database_->database()};
};

}  // namespace countersign::partner

#endif  // COUNTERSIGN_PARTNER_SERVICE_SRC_STORE_STORE_TEST_BASE_H_
