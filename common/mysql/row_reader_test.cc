#include "common/mysql/row_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace countersign::mysql {
namespace {

enum class Colour { kRed, kBlue };
constexpr Named<Colour> kColours[] = {{Colour::kRed, "RED"}, {Colour::kBlue, "BLUE"}};

std::string Id16() { return std::string("0123456789abcdef"); }

TEST(RowReaderTest, ReadsEveryColumnAsItsTypeInOrder) {
  const Row row({Id16(), "7", "1", "text", "2009-06-01 12:34:56.000789", "2010-02-28", "BLUE", "375000000"});
  RowReader reader(row);
  EXPECT_EQ(reader.Id().bytes(), Id16());
  EXPECT_EQ(reader.Int(), 7);
  EXPECT_TRUE(reader.Bool());
  EXPECT_EQ(reader.Text(), "text");
  EXPECT_EQ(absl::ToUnixMicros(reader.Time()), 1243859696000789);
  EXPECT_EQ(reader.Day(), Date(2010, 2, 28));
  EXPECT_EQ(reader.Enumerated(kColours), Colour::kBlue);
  EXPECT_EQ(reader.Amount("USD").micros(), 375'000'000);
  EXPECT_TRUE(reader.status().ok());
}

TEST(RowReaderTest, AnOptionalColumnMayBeNull) {
  const Row row({std::nullopt, std::nullopt, std::nullopt, std::nullopt, "x"});
  RowReader reader(row);
  EXPECT_EQ(reader.OptionalId(), std::nullopt);
  EXPECT_EQ(reader.OptionalTime(), std::nullopt);
  EXPECT_EQ(reader.OptionalDay(), std::nullopt);
  EXPECT_EQ(reader.TextOrEmpty(), "");
  EXPECT_EQ(reader.TextOrEmpty(), "x");
  EXPECT_TRUE(reader.status().ok());
}

TEST(RowReaderTest, ATextThatCannotBeParsedIsDataLoss) {
  const Row row({"OK", "x"});
  RowReader reader(row);
  const auto parse = [](const std::string& text) -> absl::StatusOr<std::vector<std::string>> {
    if (text != "OK") return absl::InvalidArgumentError("no list");
    return std::vector<std::string>{text};
  };
  EXPECT_EQ(reader.Parsed(parse), std::vector<std::string>{"OK"});
  EXPECT_TRUE(reader.status().ok());
  EXPECT_EQ(reader.Parsed(parse), std::vector<std::string>{});
  EXPECT_TRUE(absl::IsDataLoss(reader.status()));
}

TEST(RowReaderTest, ADamagedColumnIsDataLossAndNeverAZeroThatCounts) {
  const std::vector<Row> damaged = {Row({std::nullopt}), Row({"short"}), Row({"12x"}),
                                    Row(std::vector<std::optional<std::string>>{})};
  for (const Row& row : damaged) {
    RowReader as_id(row);
    EXPECT_EQ(as_id.Id(), Uuid());
    EXPECT_TRUE(absl::IsDataLoss(as_id.status()));
    RowReader as_number(row);
    EXPECT_EQ(as_number.Int(), 0);
    EXPECT_TRUE(absl::IsDataLoss(as_number.status()));
  }
  const Row row({"GREEN", "7"});
  RowReader reader(row);
  EXPECT_EQ(reader.Enumerated(kColours), Colour::kRed);
  EXPECT_TRUE(absl::IsDataLoss(reader.status()));
  EXPECT_EQ(reader.Int(), 0) << "what follows damage is not read";
}

}  // namespace
}  // namespace countersign::mysql
