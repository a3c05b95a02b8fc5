#include "sandbox-processor/src/book.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include "gtest/gtest.h"

namespace countersign::sandbox_processor {
namespace {

class BookTest : public ::testing::Test {
 protected:
  BookTest() {
    std::string folder = (std::filesystem::temp_directory_path() / "sandbox-book-XXXXXX").string();
    folder_ = mkdtemp(folder.data());
    path_ = folder_ + "/book";
  }
  ~BookTest() override { std::filesystem::remove_all(folder_); }

  static BookedCharge Taken(const std::string& key) {
    return {key, BookedState::kSucceeded, "USD", 375'000'000, "tok", "sandbox-" + key, ""};
  }

  std::string folder_;
  std::string path_;
};

TEST_F(BookTest, KeepsTheLastVersionOfEveryCharge) {
  {
    const auto book = *Book::Open(path_);
    EXPECT_FALSE(book->Find("a").has_value());
    EXPECT_TRUE(book->Write({.key = "a"}).ok());
    EXPECT_TRUE(book->Write(Taken("a")).ok());
    EXPECT_TRUE(book->Write({.key = "b", .state = BookedState::kCancelled}).ok());
  }
  const auto again = *Book::Open(path_);
  ASSERT_TRUE(again->Find("a").has_value());
  EXPECT_EQ(again->Find("a")->state, BookedState::kSucceeded);
  EXPECT_EQ(again->Find("a")->micros, 375'000'000);
  EXPECT_EQ(again->Find("a")->reference, "sandbox-a");
  EXPECT_EQ(again->Find("b")->state, BookedState::kCancelled);
  EXPECT_EQ(Book::Read(path_)->size(), 2u);
}

TEST_F(BookTest, ForgetsALineThatWasCutOffAndGoesOn) {
  {
    EXPECT_TRUE((*Book::Open(path_))->Write(Taken("a")).ok());
  }
  std::ofstream(path_, std::ios::app) << "b\tSUCCEEDED\tUSD";
  {
    const auto book = *Book::Open(path_);
    EXPECT_FALSE(book->Find("b").has_value());
    EXPECT_TRUE(book->Write(Taken("c")).ok());
  }
  EXPECT_EQ(Book::Read(path_)->size(), 2u);
}

TEST_F(BookTest, RefusesADamagedBookAndASecondProcess) {
  const auto book = *Book::Open(path_);
  EXPECT_EQ(Book::Open(path_).status().code(), absl::StatusCode::kUnavailable);
  const std::string damaged = folder_ + "/damaged";
  std::ofstream(damaged) << "a\tSTOLEN\tUSD\t1\ttok\tref\t\n";
  EXPECT_EQ(Book::Open(damaged).status().code(), absl::StatusCode::kDataLoss);
}

}  // namespace
}  // namespace countersign::sandbox_processor
