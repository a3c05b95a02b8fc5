#include "common/base/flags.h"

#include <sys/wait.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

ABSL_FLAG(std::string, base_test_color, "none", "A colour for the tests of ParseFlags.");

namespace countersign {
namespace {

// Parses in a child process (parsing is for once in a process), which prints "color rest…" and leaves with 0.
void ParseAndPrint(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "program");
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  const std::vector<char*> rest = ParseFlags(static_cast<int>(argv.size()), argv.data(), "Tests the flags.");
  std::cerr << absl::GetFlag(FLAGS_base_test_color);
  for (const char* argument : rest) std::cerr << " " << argument;
  std::exit(0);
}

class FlagsDeathTest : public ::testing::Test {
 protected:
  FlagsDeathTest() : flag_file_(::testing::TempDir() + "/countersign_flags_test") {
    std::ofstream(flag_file_) << "--base_test_color=file\n";
  }
  ~FlagsDeathTest() override {
    unsetenv("FLAGS_base_test_color");
    std::remove(flag_file_.c_str());
  }
  const std::string flag_file_;
  const ::testing::ExitedWithCode success_{0};
};

TEST_F(FlagsDeathTest, LetsTheCommandLineWinOverFileAndEnvironment) {
  EXPECT_EXIT(ParseAndPrint({}), success_, "^none$");
  setenv("FLAGS_base_test_color", "environment", 1);
  EXPECT_EXIT(ParseAndPrint({}), success_, "^environment$");
  const std::string file = absl::StrCat("--flagfile=", flag_file_);
  EXPECT_EXIT(ParseAndPrint({file}), success_, "^file$");
  EXPECT_EXIT(ParseAndPrint({"--base_test_color=line", file}), success_, "^line$");
}

TEST_F(FlagsDeathTest, ReturnsTheOtherArguments) {
  EXPECT_EXIT(ParseAndPrint({"one", "--base_test_color=line", "two", "--", "--flagfile=x"}), success_,
              "^line one two --flagfile=x$");
}

TEST_F(FlagsDeathTest, RefusesAnUnknownFlag) {
  EXPECT_EXIT(ParseAndPrint({"--base_test_colour=red"}), ::testing::ExitedWithCode(1), "base_test_colour");
}

// Help goes to standard output, which a death test does not see: the child sends it to standard error.
void PrintHelp() {
  std::cout.rdbuf(std::cerr.rdbuf());
  ParseAndPrint({"--help"});
}

TEST_F(FlagsDeathTest, HelpShowsOurFlagsAndWhereTheyAreDefined) {
  const auto left = [](int status) { return WIFEXITED(status); };
  EXPECT_EXIT(PrintHelp(), left, "Tests the flags(.|\n)*common/base/flags_test.cc(.|\n)*base_test_color");
}

}  // namespace
}  // namespace countersign
