#include <curl/curl.h>
#include <pthread.h>

#include <algorithm>
#include <csignal>
#include <cstring>
#include <fstream>
#include <memory>
#include <optional>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/mail/mailer.h"

namespace countersign::mail {
namespace {

constexpr absl::Duration kConnectTimeout = absl::Seconds(10);
constexpr long kAnswerTimeoutSeconds = 30;  // NOLINT(google-runtime-int): libcurl's type

using Curl = std::unique_ptr<CURL, decltype(&curl_easy_cleanup)>;
using CurlList = std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>;

struct Credentials {
  std::string user;
  std::string password;
};

// While it lives, a write to a server that has gone is an error and does not end the process: libcurl writes through
// OpenSSL, which cannot ask for that by itself.
class NoSigpipe {
 public:
  NoSigpipe() {
    sigemptyset(&sigpipe_);
    sigaddset(&sigpipe_, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &sigpipe_, &before_);
  }
  ~NoSigpipe() {
    if (sigismember(&before_, SIGPIPE) != 0) return;
    const timespec at_once = {};
    (void)sigtimedwait(&sigpipe_, nullptr, &at_once);  // The one that waits for this thread, if there is one.
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  NoSigpipe(const NoSigpipe&) = delete;
  NoSigpipe& operator=(const NoSigpipe&) = delete;

 private:
  sigset_t sigpipe_ = {};
  sigset_t before_ = {};
};

// Empty where the file has not two lines.
std::optional<Credentials> ReadCredentials(const std::string& path) {
  std::ifstream file(path);
  Credentials read;
  if (!std::getline(file, read.user) || !std::getline(file, read.password)) return std::nullopt;
  return read;
}

// One message on its way.
struct Conversation {
  absl::string_view rest;       // What was not sent yet.
  bool receiver_named = false;  // RCPT was sent: a refusal from here on is about this message, before it about us.
};

size_t ReadPart(char* buffer, size_t size, size_t count, void* conversation) {
  absl::string_view& rest = static_cast<Conversation*>(conversation)->rest;
  const size_t part = std::min(size * count, rest.size());
  std::memcpy(buffer, rest.data(), part);
  rest.remove_prefix(part);
  return part;
}

int Observe(CURL* /*curl*/, curl_infotype type, char* data, size_t size, void* conversation) {
  if (type == CURLINFO_HEADER_OUT && absl::StartsWith(absl::string_view(data, size), "RCPT ")) {
    static_cast<Conversation*>(conversation)->receiver_named = true;
  }
  return 0;
}

size_t Ignore(char* /*data*/, size_t size, size_t count, void* /*to*/) { return size * count; }

absl::Status NotSent(absl::string_view why) {
  return Error(absl::StatusCode::kUnavailable, "MAIL_NOT_SENT", absl::StrCat("The mail was not sent: ", why, "."));
}

// The status of an ended conversation. `reply` is the server's last one.
absl::Status ResultOf(CURLcode code, long reply, bool receiver_named) {  // NOLINT(google-runtime-int): libcurl's type
  if (code == CURLE_OK) return absl::OkStatus();
  if (receiver_named && reply >= 500 && reply < 600) {
    return FailedPrecondition("MAIL_REFUSED", absl::StrCat("The mail server refused this message with ", reply, "."));
  }
  if (reply >= 400 && reply < 600) return NotSent(absl::StrCat("the mail server answered ", reply));
  return NotSent(curl_easy_strerror(code));
}

bool IsLoopback(absl::string_view host_and_port) {
  return absl::StartsWith(host_and_port, "127.0.0.1:") || absl::StartsWith(host_and_port, "[::1]:") ||
         absl::StartsWith(host_and_port, "localhost:");
}

class SmtpMailer final : public Mailer {
 public:
  explicit SmtpMailer(SmtpOptions options) : options_(std::move(options)) {}

  absl::Status Send(const Message& message, absl::Time deadline) override {
    ASSIGN_OR_RETURN(const std::string bytes, Rendered(message, options_.from));
    ASSIGN_OR_RETURN(const std::string from, WireAddress(options_.from.address));
    ASSIGN_OR_RETURN(const std::string to, WireAddress(message.to.address));
    const auto left_ms = absl::ToInt64Milliseconds(deadline - absl::Now());
    if (left_ms <= 0) return NotSent("its deadline has passed");
    const NoSigpipe no_sigpipe;  // Until after the clean-up, which says QUIT.
    const Curl curl(curl_easy_init(), &curl_easy_cleanup);
    const CurlList receivers(curl_slist_append(nullptr, to.c_str()), &curl_slist_free_all);
    if (!curl || !receivers) return NotSent("there is no memory");
    RETURN_IF_ERROR(SetConnection(curl.get(), left_ms));
    Conversation conversation = {.rest = bytes};
    curl_easy_setopt(curl.get(), CURLOPT_MAIL_FROM, from.c_str());
    curl_easy_setopt(curl.get(), CURLOPT_MAIL_RCPT, receivers.get());
    curl_easy_setopt(curl.get(), CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(curl.get(), CURLOPT_READFUNCTION, &ReadPart);
    curl_easy_setopt(curl.get(), CURLOPT_READDATA, &conversation);
    curl_easy_setopt(curl.get(), CURLOPT_VERBOSE, 1L);  // Observe sees it, and nobody else.
    curl_easy_setopt(curl.get(), CURLOPT_DEBUGFUNCTION, &Observe);
    curl_easy_setopt(curl.get(), CURLOPT_DEBUGDATA, &conversation);
    const CURLcode code = curl_easy_perform(curl.get());
    long reply = 0;  // NOLINT(google-runtime-int): libcurl's type
    curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &reply);
    return ResultOf(code, reply, conversation.receiver_named);
  }

 private:
  absl::Status SetConnection(CURL* curl, int64_t left_ms) const {
    curl_easy_setopt(curl, CURLOPT_URL, options_.url.c_str());
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(left_ms));  // NOLINT(google-runtime-int)
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS,
                     static_cast<long>(std::min(left_ms, absl::ToInt64Milliseconds(kConnectTimeout))));  // NOLINT
    // For each answer, the one to QUIT included, which the deadline does not cover.
    curl_easy_setopt(curl, CURLOPT_SERVER_RESPONSE_TIMEOUT, kAnswerTimeoutSeconds);
    curl_easy_setopt(curl, CURLOPT_FORBID_REUSE, 1L);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, &Ignore);
    if (!options_.plaintext_loopback) {
      curl_easy_setopt(curl, CURLOPT_USE_SSL, CURLUSESSL_ALL);
      curl_easy_setopt(curl, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2);
    }
    if (!options_.ca_file.empty()) {
      curl_easy_setopt(curl, CURLOPT_CAINFO, options_.ca_file.c_str());
      curl_easy_setopt(curl, CURLOPT_CAPATH, nullptr);
    }
    if (options_.credentials_file.empty()) return absl::OkStatus();
    const std::optional<Credentials> credentials = ReadCredentials(options_.credentials_file);
    if (!credentials.has_value()) return NotSent("the file of the mail server's credentials cannot be read");
    curl_easy_setopt(curl, CURLOPT_USERNAME, credentials->user.c_str());
    curl_easy_setopt(curl, CURLOPT_PASSWORD, credentials->password.c_str());
    return absl::OkStatus();
  }

  const SmtpOptions options_;
};

absl::Status InvalidOption(absl::string_view sentence) {
  return Error(absl::StatusCode::kInvalidArgument, "INVALID_MAIL_OPTIONS", sentence);
}

}  // namespace

absl::StatusOr<std::unique_ptr<Mailer>> MakeSmtpMailer(const SmtpOptions& options) {
  static const CURLcode started = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (started != CURLE_OK) return absl::InternalError("libcurl does not start.");
  absl::string_view rest = options.url;
  if (!absl::ConsumePrefix(&rest, "smtps://") && !absl::ConsumePrefix(&rest, "smtp://")) {
    return InvalidOption("The mail server must be smtp://host:port or smtps://host:port.");
  }
  if (rest.empty() || absl::StrContains(rest, "@")) {
    return InvalidOption("The mail server's URL names a host, and no user: credentials come from a file.");
  }
  if (options.plaintext_loopback && !IsLoopback(rest)) {
    return InvalidOption("Mail without TLS goes to a loopback address only.");
  }
  RETURN_IF_ERROR(WireAddress(options.from.address).status());
  return std::make_unique<SmtpMailer>(options);
}

}  // namespace countersign::mail
