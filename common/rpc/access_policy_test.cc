#include "common/rpc/access_policy.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "common/testing/status_matchers.h"
#include "countersign/event/v1/delivery_service.pb.h"

namespace countersign::rpc {
namespace {

using ::countersign::testing::HasReason;
using ::countersign::testing::StatusIs;

constexpr char kMethod[] = "countersign.note.v1.NoteService/GetNote";

Caller CallerOf(const std::string& name) { return *ParseCaller(name); }

Caller PartnerCaller(bool suspended) {
  Caller caller = CallerOf("partners/01890a5d-ac96-774b-bcce-b302099a8057");
  caller.suspended = suspended;
  return caller;
}

bool Allows(const std::string& words, const Caller& caller) {
  return AccessPolicy::Parse(absl::StrCat(kMethod, " ", words))->Allows(kMethod, caller);
}

TEST(AccessPolicyTest, AllowsExactlyThoseWhoAreNamed) {
  EXPECT_TRUE(Allows("operator", CallerOf("operators/anna")));
  EXPECT_TRUE(Allows("partner viewer", CallerOf("viewers/anna")));
  EXPECT_TRUE(Allows("partner", PartnerCaller(/*suspended=*/false)));
  EXPECT_TRUE(Allows("suspended-partner", PartnerCaller(/*suspended=*/true)));
  EXPECT_TRUE(Allows("link-service", CallerOf("services/link-service")));
  EXPECT_FALSE(Allows("operator", CallerOf("viewers/anna")));
  EXPECT_FALSE(Allows("viewer", CallerOf("operators/anna")));
  EXPECT_FALSE(Allows("partner", PartnerCaller(/*suspended=*/true)));
  EXPECT_FALSE(Allows("suspended-partner", PartnerCaller(/*suspended=*/false)));
  EXPECT_FALSE(Allows("link-service", CallerOf("services/order-service")));
}

TEST(AccessPolicyTest, DeniesWhatItDoesNotMention) {
  const auto policy = AccessPolicy::Parse(absl::StrCat(kMethod, " operator"));
  ASSERT_OK(policy);
  EXPECT_FALSE(policy->Allows("countersign.note.v1.NoteService/DeleteNote", CallerOf("operators/anna")));
  EXPECT_FALSE(AccessPolicy::Parse("")->Allows(kMethod, CallerOf("operators/anna")));
}

TEST(AccessPolicyTest, TakesNoServiceForAnythingElseByItsName) {
  EXPECT_FALSE(Allows("operator", CallerOf("services/operator")));
  EXPECT_FALSE(Allows("viewer", CallerOf("services/viewer")));
  EXPECT_FALSE(Allows("partner", CallerOf("services/partner")));
  EXPECT_FALSE(Allows("suspended-partner", CallerOf("services/suspended-partner")));
  EXPECT_FALSE(Allows("order-service", CallerOf("operators/order-service")));
}

TEST(AccessPolicyTest, ReadsCommentsBlanksAndQuotas) {
  const auto policy = AccessPolicy::Parse(absl::StrCat("# who\n\n  ", kMethod, "\toperator  # and why\r\n",
                                                       "quota operator 20 40\nquota link-service 1 1"));
  ASSERT_OK(policy);
  EXPECT_TRUE(policy->Allows(kMethod, CallerOf("operators/anna")));
  ASSERT_TRUE(policy->QuotaOf(CallerOf("operators/anna")).has_value());
  EXPECT_EQ(policy->QuotaOf(CallerOf("operators/anna"))->calls_per_second, 20);
  EXPECT_EQ(policy->QuotaOf(CallerOf("operators/anna"))->burst, 40);
  EXPECT_TRUE(policy->QuotaOf(CallerOf("services/link-service")).has_value());
  EXPECT_FALSE(policy->QuotaOf(CallerOf("services/order-service")).has_value());
  EXPECT_FALSE(policy->QuotaOf(PartnerCaller(/*suspended=*/false)).has_value());
}

TEST(AccessPolicyTest, RefusesTheWholeTextForOneBadLine) {
  const std::string good = absl::StrCat(kMethod, " operator\n");
  for (const std::string bad : {
           "GetNote operator",  // no service
           "a.B/C/D operator",
           "a..B/C operator",
           "a.B/ operator",  // no method's name
           "a.B/C",
           "a.B/C # operator",  // to nobody
           "a.B/C operators",
           "a.B/C service",
           "a.B/C *",  // unknown words
           "a.B/C -service",
           "a.B/C Order-service",                                       //
           "a.B/C operator operator",                                   // twice
           "countersign.note.v1.NoteService/GetNote viewer",            // a second line
           "countersign.event.v1.DeliveryService/DropEvents operator",  // a method that a known service does not have
           "quota",
           "quota operator 1",
           "quota operator 1 2 3",  //
           "quota nobody 1 1",
           "quota operator 0 1",
           "quota operator 1 0",
           "quota operator 1.5 1",
           "quota operator 1 1\nquota operator 2 2",
       }) {
    const auto policy = AccessPolicy::Parse(good + bad);
    EXPECT_THAT(policy, StatusIs(absl::StatusCode::kInvalidArgument)) << bad;
    EXPECT_THAT(policy, HasReason("ACCESS_POLICY")) << bad;
    EXPECT_THAT(std::string(policy.status().message()), ::testing::MatchesRegex("line [23]: .*")) << bad;
  }
  (void)event::v1::ListHeldDeliveriesRequest::descriptor();  // Links the service that is known above.
}

}  // namespace
}  // namespace countersign::rpc
