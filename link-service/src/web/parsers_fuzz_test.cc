// What strangers send first, mutated at random: the head of a request, a form, a link's path. Seeded, so that a failure
// can be repeated: COUNTERSIGN_FUZZ_SEED, and COUNTERSIGN_FUZZ_SECONDS for each parser instead of a few thousand
// inputs.
#include <gtest/gtest.h>

#include <cstdlib>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "common/base/text.h"
#include "link-service/src/domain/link_token.h"
#include "link-service/src/web/form.h"
#include "link-service/src/web/http_head.h"
#include "link-service/src/web/order_forms.h"

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

  size_t Below(size_t bound) { return bound == 0 ? 0 : random_() % bound; }

 private:
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

void ForEachInput(Mutator& mutator, const std::function<void(const std::string&)>& look) {
  const int64_t seconds = Setting("COUNTERSIGN_FUZZ_SECONDS", 0);
  const absl::Time end = absl::Now() + absl::Seconds(seconds);
  for (int64_t i = 0; (seconds > 0 ? absl::Now() < end : i < kInputs) && !::testing::Test::HasFailure(); ++i) {
    look(mutator.Next());
  }
}

TEST(ParsersFuzzTest, AHeadReadsTheSameInPiecesAsWhole) {
  Mutator mutator({"GET /c/1 HTTP/1.1\r\nHost: a.example\r\n\r\n",
                   "POST /c/1?x=y HTTP/1.1\r\nHost: a:80\r\nContent-Length: 12\r\nContent-Type: text/plain\r\n\r\nbody",
                   "POST / HTTP/1.1\r\nHost: [2001:db8::1]\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                   "GET / HTTP/1.0\r\n\r\n"},
                  {"\r\n", "\n", "\r", " ", "\t", ":", ": ", "Host: b\r\n", "Content-Length: 1\r\n",
                   "Transfer-Encoding: chunked\r\n", "chunked, ", "\r\n ", "HTTP/1.1", "#", std::string(1, '\0')});
  ForEachInput(mutator, [&](const std::string& input) {
    HeadReader whole(kMaxInput / 2);
    const HeadResult result = whole.Read(input);
    HeadReader pieces(kMaxInput / 2);
    HeadResult last = HeadResult::kIncomplete;
    for (size_t end = 0; end < input.size() && last == HeadResult::kIncomplete;) {
      end = std::min(input.size(), end + 1 + mutator.Below(9));
      last = pieces.Read(absl::string_view(input).substr(0, end));
    }
    EXPECT_EQ(static_cast<int>(last), static_cast<int>(result)) << input;
    const int status = whole.status();
    EXPECT_EQ(result == HeadResult::kRefused, status == 400 || status == 501 || status == 431) << input;
  });
}

std::string Encoded(absl::string_view text) {
  std::string encoded;
  for (const char c : text) absl::StrAppend(&encoded, "%", absl::Hex(static_cast<unsigned char>(c), absl::kZeroPad2));
  return encoded;
}

TEST(ParsersFuzzTest, AFormThatIsTakenIsUtf8AndReadsTheSameAgain) {
  constexpr char kType[] = "application/x-www-form-urlencoded";
  Mutator mutator(
      {"action=confirm&company_name=Contoso+Ltd&contact_email=a%40b.example&address=1%0D%0A2&country=US",
       "action=decline&reason=%E5%B1%B1%20%26", "confirmer_name=%C3%84nn&revision=1&content_hash=aa&form_id=x"},
      {"&", "=", "%", "%00", "%E2%80%AE", "%FF", "+", "action=confirm", "company_name=", "%0A", "%ED%A0%80"});
  ForEachInput(mutator, [&](const std::string& input) {
    const absl::StatusOr<Form> form = Form::Parse(kType, input);
    if (!form.ok()) return;
    const ConfirmSubmission submission = ReadConfirmForm(*form);
    EXPECT_FALSE(submission.ok() && submission.form.company_name.empty());
    (void)ReadDeclineForm(*form);
    for (const char* name : {"company_name", "reason", "address", "confirmer_name"}) {
      const std::string& value = form->Get(name);
      EXPECT_NE(CheckText(value, TextShape::kLines).fault, TextFault::kNotUtf8) << input;
      const absl::StatusOr<Form> again = Form::Parse(kType, absl::StrCat(name, "=", Encoded(value)));
      ASSERT_TRUE(again.ok()) << input;
      EXPECT_EQ(again->Get(name), value);
    }
  });
}

TEST(ParsersFuzzTest, APathThatIsATokenIsWrittenTheSameWay) {
  const Uuid id = *Uuid::Parse("0d6f4c0e-6c6b-4d4f-9d55-0a4f4f6f7a11");
  const LinkToken token = {id, std::string(kSecretBytes, '\x5a')};
  Mutator mutator({PathOf(token), ReceiptPathOf(token), PathOf(token) + ".", "/c/" + Encoded(PathOf(token).substr(3))},
                  {"/c/", "/r/", ".", "%2E", "%", "%3E", "-", "_", "=", "\xE3\x80\x82", ")", "A"});
  ForEachInput(mutator, [&](const std::string& input) {
    if (const std::optional<LinkToken> read = ParsePath(input); read.has_value()) {
      EXPECT_EQ(read->secret.size(), static_cast<size_t>(kSecretBytes));
      const std::optional<LinkToken> again = ParsePath(PathOf(*read));
      ASSERT_TRUE(again.has_value());
      EXPECT_TRUE(again->link_id == read->link_id && again->secret == read->secret) << input;
      EXPECT_FALSE(ParseReceiptPath(input).has_value()) << "a link is no receipt";
    }
  });
}

}  // namespace
}  // namespace countersign::link::web
