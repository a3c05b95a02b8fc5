// What strangers send first, mutated at random: the head of a request, a form, a link's path. Seeded, so that a failure
// can be repeated: COUNTERSIGN_FUZZ_SEED, and COUNTERSIGN_FUZZ_SECONDS for each parser instead of a few thousand
// inputs. scripts/fuzz looks for them by coverage.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "common/testing/repetitions.h"
#include "link-service/src/web/parser_rules.h"

namespace countersign::link::web {
namespace {

constexpr int kInputs = 200'000;
constexpr int kMaxInput = 4'000;

int64_t Setting(const char* name, int64_t usual) {
  const char* value = std::getenv(name);
  int64_t number = usual;
  if (value != nullptr && !absl::SimpleAtoi(value, &number)) number = usual;
  return number;
}

class Mutator {
 public:
  Mutator(std::vector<std::string> seeds, std::vector<std::string> words)
      : random_(static_cast<uint32_t>(Setting("COUNTERSIGN_FUZZ_SEED", 1))),
        corpus_(std::move(seeds)),
        words_(std::move(words)) {}

  std::string Next() {
    std::string input = corpus_[Below(corpus_.size())];
    for (size_t changes = 1 + Below(6); changes > 0; --changes) Change(input);
    input.resize(std::min<size_t>(input.size(), kMaxInput));
    // Some offspring have offspring of their own.
    if (Below(50) == 0) corpus_[Below(corpus_.size())] = input;
    return input;
  }

 private:
  size_t Below(size_t bound) { return bound == 0 ? 0 : random_() % bound; }
  void Change(std::string& input) {
    const size_t at = Below(input.size() + 1);
    switch (Below(6)) {
      case 0:
        input.insert(at, 1, static_cast<char>(Below(256)));
        break;
      case 1:
        if (at < input.size()) input[at] = static_cast<char>(Below(256));
        break;
      case 2:
        input.erase(at, Below(20));
        break;
      case 3:
        input.insert(at, words_[Below(words_.size())]);
        break;
      case 4:
        input.insert(at, input.substr(Below(input.size() + 1), Below(40)));
        break;
      default: {
        const std::string& other = corpus_[Below(corpus_.size())];
        input = input.substr(0, at) + other.substr(Below(other.size() + 1));
      }
    }
  }

  std::mt19937 random_;
  std::vector<std::string> corpus_;
  const std::vector<std::string> words_;
};

// The inputs of fuzz/seeds/<parser>.
std::vector<std::string> SeedsOf(const std::string& parser) {
  std::vector<std::string> seeds;
  for (const auto& entry :
       std::filesystem::directory_iterator(std::filesystem::path(COUNTERSIGN_FUZZ_SEEDS) / parser)) {
    std::ifstream file(entry.path(), std::ios::binary);
    seeds.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  }
  std::sort(seeds.begin(), seeds.end());
  return seeds;
}

void ExpectUnbroken(const std::string& parser, std::vector<std::string> words,
                    std::string (*broken_by)(absl::string_view)) {
  Mutator mutator(SeedsOf(parser), std::move(words));
  const int64_t seconds = Setting("COUNTERSIGN_FUZZ_SECONDS", 0);
  const absl::Time end = absl::Now() + absl::Seconds(seconds);
  const int64_t inputs = testing::Repetitions(kInputs);
  for (int64_t i = 0; (seconds > 0 ? absl::Now() < end : i < inputs) && !::testing::Test::HasFailure(); ++i) {
    const std::string input = mutator.Next();
    EXPECT_EQ(broken_by(input), "") << input;
  }
}

TEST(ParsersFuzzTest, AHeadReadsTheSameInPiecesAsWhole) {
  ExpectUnbroken("head",
                 {"\r\n", "\n", "\r", " ", "\t", ":", ": ", "Host: b\r\n", "Content-Length: 1\r\n",
                  "Transfer-Encoding: chunked\r\n", "chunked, ", "\r\n ", "HTTP/1.1", "#", std::string(1, '\0')},
                 BrokenByHead);
}

TEST(ParsersFuzzTest, AFormThatIsTakenIsUtf8AndReadsTheSameAgain) {
  ExpectUnbroken("form",
                 {"&", "=", "%", "%00", "%E2%80%AE", "%FF", "+", "action=confirm", "company_name=", "%0A", "%ED%A0%80"},
                 BrokenByForm);
}

TEST(ParsersFuzzTest, APathThatIsATokenIsWrittenTheSameWay) {
  ExpectUnbroken("token", {"/c/", "/r/", ".", "%2E", "%", "%3E", "-", "_", "=", "\xE3\x80\x82", ")", "A"},
                 BrokenByPath);
}

}  // namespace
}  // namespace countersign::link::web
