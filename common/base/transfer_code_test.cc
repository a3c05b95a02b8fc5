#include "common/base/transfer_code.h"

#include <set>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/str_replace.h"
#include "gtest/gtest.h"

namespace countersign {
namespace {

TEST(TransferCodeTest, EveryCodeIsAnotherAndReadsInGroups) {
  std::set<std::string> codes;
  for (int i = 0; i < 100; ++i) codes.insert(NewTransferCode());
  EXPECT_EQ(codes.size(), 100u);
  EXPECT_EQ(codes.begin()->size(), 39u);
  EXPECT_EQ((*codes.begin())[4], '-');
}

TEST(TransferCodeTest, TheIdIsTheSameHoweverTheCodeWasTyped) {
  const std::string code = NewTransferCode();
  const std::optional<Uuid> id = TransferCodeId(code);
  ASSERT_TRUE(id.has_value());
  EXPECT_EQ(TransferCodeId(absl::AsciiStrToLower(code)), id);
  EXPECT_EQ(TransferCodeId(absl::StrReplaceAll(code, {{"-", " "}})), id);
  EXPECT_EQ(TransferCodeId(absl::StrReplaceAll(code, {{"-", ""}})), id);
  EXPECT_NE(TransferCodeId(NewTransferCode()), id);
}

TEST(TransferCodeTest, RefusesWhatIsNoCode) {
  const std::string code = NewTransferCode();
  for (const std::string& typed :
       {std::string(), std::string("7C3D"), code + "0", code.substr(1), "G" + code.substr(1)}) {
    EXPECT_FALSE(TransferCodeId(typed).has_value()) << typed;
  }
}

}  // namespace
}  // namespace countersign
