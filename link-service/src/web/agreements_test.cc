#include "link-service/src/web/agreements.h"

#include <filesystem>
#include <fstream>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace countersign::link {
namespace {

using ::testing::HasSubstr;

class AgreementsTest : public ::testing::Test {
 protected:
  AgreementsTest() { std::filesystem::create_directories(directory_); }
  ~AgreementsTest() override { std::filesystem::remove_all(directory_); }

  void Write(const std::string& name, absl::string_view text) const {
    std::ofstream(directory_ + "/" + name, std::ios::binary) << text;
  }

  absl::Status FaultOf(const std::string& name, absl::string_view text) const {
    Write(name, text);
    absl::Status fault = Agreements::Load(directory_).status();
    std::filesystem::remove(directory_ + "/" + name);
    return fault;
  }

  const std::string directory_ =
      ::testing::TempDir() + "agreements-" + ::testing::UnitTest::GetInstance()->current_test_info()->name();
};

TEST_F(AgreementsTest, WithoutADirectoryThereIsTheMadeUpOneOnly) {
  const Agreements made_up;
  EXPECT_TRUE(made_up.are_made_up());
  EXPECT_EQ(made_up.current(), "2009-06");
  const Agreement agreement = AgreementOf(*made_up.Find("2009-06"));
  EXPECT_EQ(agreement.title, "Online Services Agreement");
  EXPECT_THAT(std::string(agreement.body), ::testing::StartsWith("This text was made up"));
  EXPECT_FALSE(made_up.Find("").has_value());
  EXPECT_FALSE(made_up.Find("../page").has_value());
}

TEST_F(AgreementsTest, ADirectorysGreatestVersionIsCurrentAndTheOthersStay) {
  Write("2026-01.txt", "Terms of 2026\n\nBe fair.\n\nPay in time.");
  Write("2025-07.txt", "Terms of 2025\n\nBe fair.");
  Write("README.md", "For people.");
  Write("..data", "A mounted ConfigMap's own.");
  const absl::StatusOr<Agreements> loaded = Agreements::Load(directory_);
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  EXPECT_FALSE(loaded->are_made_up());
  EXPECT_EQ(loaded->current(), "2026-01");
  EXPECT_EQ(AgreementOf(*loaded->Find("2026-01")).body, "Be fair.\n\nPay in time.");
  EXPECT_EQ(AgreementOf(*loaded->Find("2025-07")).title, "Terms of 2025");
  EXPECT_TRUE(loaded->Find("2009-06").has_value()) << "accepted before there was a directory";
  EXPECT_FALSE(loaded->Find("1999-01").has_value());
}

TEST_F(AgreementsTest, AnEmptyDirectoryGivesTheMadeUpOne) {
  const absl::StatusOr<Agreements> loaded = Agreements::Load(directory_);
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  EXPECT_TRUE(loaded->are_made_up());
}

TEST_F(AgreementsTest, NamesTheFileThatIsNoAgreement) {
  EXPECT_THAT(FaultOf("a b.txt", "Title\n\nText."),
              ::testing::Property(&absl::Status::message, HasSubstr("a b.txt: its")));
  EXPECT_THAT(FaultOf(std::string(65, 'v') + ".txt", "Title\n\nText.").message(), HasSubstr("1 to 64 letters"));
  EXPECT_THAT(FaultOf("1.txt", "").message(), HasSubstr("a title in its first line"));
  EXPECT_THAT(FaultOf("1.txt", "Title only").message(), HasSubstr("and a text"));
  EXPECT_THAT(FaultOf("1.txt", "Title\n\n\xff").message(), HasSubstr("UTF-8"));
  EXPECT_THAT(FaultOf("1.txt", "Title\n\nText\x07").message(), HasSubstr("control"));
  EXPECT_THAT(FaultOf("1.txt", "Title\n\n" + std::string(256 << 10, 'x')).message(), HasSubstr("256 KiB"));
  EXPECT_EQ(Agreements::Load(directory_ + "/none").status().code(), absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace countersign::link
