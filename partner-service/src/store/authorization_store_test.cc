#include "partner-service/src/store/authorization_store.h"

#include <string>
#include <vector>

#include "common/base/error.h"
#include "partner-service/src/store/store_test_base.h"

namespace countersign::partner {
namespace {

class AuthorizationStoreTest : public StoreTest {
 protected:
  Authorization NewAuthorization(absl::string_view product) const {
    return {.partner_id = partner_,
            .authorization_id = Uuid::V7(kNow),
            .product = std::string(product),
            .start_time = kNow,
            .create_time = kNow,
            .update_time = kNow};
  }

  const Uuid partner_ = Uuid::V7(kNow);
  const AuthorizationStore store_{database_->database()};
};

TEST_F(AuthorizationStoreTest, ReadsBackAndEndsWhatWasWritten) {
  const Authorization all = NewAuthorization(kAllOffers);
  ASSERT_OK(Save(all));
  const Authorization ended = WithEnd(all, kNow + absl::Hours(1), kNow + absl::Hours(2)).value();
  ASSERT_OK(Save(ended));
  EXPECT_TRUE(IsLostRace(Save(ended)));
  ASSERT_OK_AND_ASSIGN(const Authorization found, store_.Get(TestDeadline(), partner_, all.authorization_id));
  EXPECT_EQ(found.product, kAllOffers);
  EXPECT_EQ(found.start_time, kNow);
  EXPECT_EQ(found.end_time, kNow + absl::Hours(1));
  EXPECT_EQ(found.version, 2);
  EXPECT_EQ(found.update_time, kNow + absl::Hours(2));
  EXPECT_THAT(store_.Get(TestDeadline(), Uuid::V7(kNow), all.authorization_id), HasReason("AUTHORIZATION_NOT_FOUND"));
}

TEST_F(AuthorizationStoreTest, ListsThePartnersAuthorizationsInTheOrderOfCreation) {
  std::vector<Uuid> ids;
  for (const char* product : {"b", "a", "c"}) {
    Authorization authorization = NewAuthorization(product);
    authorization.create_time += static_cast<int>(ids.size()) * absl::Microseconds(1);
    ASSERT_OK(Save(authorization));
    ids.push_back(authorization.authorization_id);
  }
  std::vector<Uuid> listed;
  mysql::PageQuery query{.size = 2};
  do {
    ASSERT_OK_AND_ASSIGN(const mysql::Page<Authorization> page, store_.List(TestDeadline(), partner_, query));
    for (const Authorization& authorization : page.items) listed.push_back(authorization.authorization_id);
    query.after = page.next;
  } while (!query.after.empty());
  EXPECT_EQ(listed, ids);
}

TEST_F(AuthorizationStoreTest, RefusesASecondFirstVersion) {
  const Authorization all = NewAuthorization(kAllOffers);
  ASSERT_OK(Save(all));
  EXPECT_TRUE(IsLostRace(Save(all)));
}

}  // namespace
}  // namespace countersign::partner
