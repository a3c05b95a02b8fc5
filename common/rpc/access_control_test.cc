#include "common/rpc/access_control.h"

#include <filesystem>
#include <fstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/base/error.h"
#include "common/testing/status_matchers.h"

namespace countersign::rpc {
namespace {

using ::countersign::testing::HasReason;

constexpr char kMethod[] = "countersign.note.v1.NoteService/GetNote";

class AccessControlTest : public ::testing::Test {
 protected:
  AccessControlTest() {
    std::string pattern = std::filesystem::temp_directory_path() / "countersign-policy-XXXXXX";
    if (mkdtemp(pattern.data()) != nullptr) folder_ = pattern;
  }
  ~AccessControlTest() override { std::filesystem::remove_all(folder_); }

  std::string path() const { return folder_ + "/access.policy"; }

  void Write(const std::string& text) {
    std::ofstream(path() + ".new") << text;
    std::filesystem::rename(path() + ".new", path());
  }

  // The file is looked at when the test says so.
  std::unique_ptr<AccessControl> Open() { return *AccessControl::Open(path(), absl::InfiniteDuration()); }

  const Caller operator_ = *ParseCaller("operators/anna");
  const Caller viewer_ = *ParseCaller("viewers/anna");
  std::string folder_;
};

TEST_F(AccessControlTest, PutsAnotherPolicyIntoForceWhileItRuns) {
  Write(absl::StrCat(kMethod, " operator"));
  const auto access = Open();
  EXPECT_OK(access->Admit(kMethod, operator_));
  EXPECT_THAT(access->Admit(kMethod, viewer_), HasReason("METHOD_NOT_ALLOWED"));
  Write(absl::StrCat(kMethod, " viewer"));
  EXPECT_OK(access->Reload());
  EXPECT_OK(access->Admit(kMethod, viewer_));
  EXPECT_THAT(access->Admit(kMethod, operator_), HasReason("METHOD_NOT_ALLOWED"));
}

TEST_F(AccessControlTest, RefusesABrokenFileWholeAndKeepsThePolicyBefore) {
  Write(absl::StrCat(kMethod, " operator"));
  const auto access = Open();
  for (const std::string& broken : {absl::StrCat(kMethod, " viewer\na.B/C nobody"), std::string("\n\x01"),
                                    absl::StrCat(kMethod, " viewer\n", kMethod, " operator"), std::string()}) {
    Write(broken);
    EXPECT_THAT(access->Reload(), HasReason("ACCESS_POLICY")) << broken;
    EXPECT_THAT(access->Reload(), HasReason("ACCESS_POLICY")) << broken;  // Nor the next time.
    EXPECT_OK(access->Admit(kMethod, operator_));
    EXPECT_THAT(access->Admit(kMethod, viewer_), HasReason("METHOD_NOT_ALLOWED"));
  }
  std::filesystem::remove(path());
  EXPECT_THAT(access->Reload(), HasReason("ACCESS_POLICY"));
  EXPECT_OK(access->Admit(kMethod, operator_));
  Write(absl::StrCat(kMethod, " operator viewer"));
  EXPECT_OK(access->Reload());
  EXPECT_OK(access->Admit(kMethod, viewer_));
}

TEST_F(AccessControlTest, SeesAChangeByItself) {
  Write(absl::StrCat(kMethod, " operator"));
  const auto access = *AccessControl::Open(path(), absl::Milliseconds(1));
  Write(absl::StrCat(kMethod, " operator viewer"));
  const absl::Time end = absl::Now() + absl::Minutes(1);
  while (!access->Admit(kMethod, viewer_).ok() && absl::Now() < end) {
  }
  EXPECT_OK(access->Admit(kMethod, viewer_));
}

TEST_F(AccessControlTest, DoesNotStartWithAFileThatIsNoPolicy) {
  EXPECT_THAT(AccessControl::Open(path()), HasReason("ACCESS_POLICY"));
  Write("everybody everything");
  EXPECT_THAT(AccessControl::Open(path()), HasReason("ACCESS_POLICY"));
}

TEST_F(AccessControlTest, TakesTheBuiltInPolicyWithoutAFile) {
  const auto access = AccessControl::Open("");
  ASSERT_OK(access);
  EXPECT_OK((*access)->Admit("countersign.event.v1.DeliveryService/RetryDelivery", operator_));
  EXPECT_THAT((*access)->Admit("countersign.event.v1.DeliveryService/RetryDelivery", viewer_),
              HasReason("METHOD_NOT_ALLOWED"));
}

TEST_F(AccessControlTest, TellsASuspendedPartnerThatItIsWhereThatIsWhy) {
  const AccessControl access(*AccessPolicy::Parse(absl::StrCat(kMethod, " partner")));
  Caller partner = *ParseCaller("partners/01890a5d-ac96-774b-bcce-b302099a8057");
  EXPECT_OK(access.CheckAllowed(kMethod, partner));
  partner.suspended = true;
  const absl::Status denied = access.CheckAllowed(kMethod, partner);
  EXPECT_THAT(denied, HasReason("METHOD_NOT_ALLOWED"));
  EXPECT_EQ(denied.message(), "The partner is suspended, and this method is not for suspended partners.");
  EXPECT_THAT(DetailsOf(denied).metadata, ::testing::Contains(::testing::Pair("role", "suspended-partner")));
  const absl::Status never = access.CheckAllowed("countersign.note.v1.NoteService/Other", partner);
  EXPECT_THAT(never, HasReason("METHOD_NOT_ALLOWED"));
  EXPECT_THAT(never.message(), ::testing::Not(::testing::HasSubstr("suspended")));
}

TEST_F(AccessControlTest, LimitsEachCallerByItsRole) {
  AccessControl access(*AccessPolicy::Parse(absl::StrCat(kMethod, " operator viewer\nquota operator 1 2")),
                       [] { return QuotaBuckets::TimePoint(); });
  EXPECT_OK(access.Admit(kMethod, operator_));
  // What is denied costs as much.
  EXPECT_THAT(access.Admit("countersign.note.v1.NoteService/Other", operator_), HasReason("METHOD_NOT_ALLOWED"));
  EXPECT_THAT(access.Admit(kMethod, operator_), HasReason("QUOTA_EXCEEDED"));
  EXPECT_THAT(access.Admit("countersign.note.v1.NoteService/Other", operator_), HasReason("QUOTA_EXCEEDED"));
  EXPECT_OK(access.Admit(kMethod, *ParseCaller("operators/berta")));
  for (int i = 0; i < 100; ++i) EXPECT_OK(access.Admit(kMethod, viewer_));
}

}  // namespace
}  // namespace countersign::rpc
