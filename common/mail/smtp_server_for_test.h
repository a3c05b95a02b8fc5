// A mail server's side of one SMTP conversation after another, plain or TLS from the first byte, for tests.
#ifndef COUNTERSIGN_COMMON_MAIL_SMTP_SERVER_FOR_TEST_H_
#define COUNTERSIGN_COMMON_MAIL_SMTP_SERVER_FOR_TEST_H_

#include <gtest/gtest.h>
#include <openssl/bio.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <map>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/synchronization/mutex.h"
#include "common/testing/loopback_listener.h"

namespace countersign::mail {

class SmtpServerForTest {
 public:
  struct Options {
    std::string cert_file = {};  // TLS from the first byte where set.
    std::string key_file = {};
    // Answers instead of the usual ones, by command: {"RCPT", "550 5.1.1 unknown"}; "MESSAGE" is the one after the
    // final dot. "" ends the connection without an answer, "WAIT" never answers.
    std::map<std::string, std::string> answers;
  };

  explicit SmtpServerForTest(Options options) : options_(std::move(options)) {
    signal(SIGPIPE, SIG_IGN);  // OpenSSL writes to a client that has gone.
    thread_ = std::thread([this] { Run(); });
  }

  ~SmtpServerForTest() {
    listener_.Shutdown();
    {
      absl::MutexLock lock(&mutex_);
      if (open_ >= 0) shutdown(open_, SHUT_RDWR);
    }
    thread_.join();
  }

  std::string Url(const std::string& scheme) const { return absl::StrCat(scheme, "://localhost:", listener_.port()); }

  // Everything that was sent, line by line; the lines of a message are undotted.
  std::vector<std::string> lines() {
    absl::MutexLock lock(&mutex_);
    return lines_;
  }
  // The text of the last message that was taken.
  std::string message() {
    absl::MutexLock lock(&mutex_);
    return message_;
  }

 private:
  void Run() {
    SSL_CTX* context = nullptr;
    if (!options_.cert_file.empty()) {
      context = SSL_CTX_new(TLS_server_method());
      SSL_CTX_use_certificate_chain_file(context, options_.cert_file.c_str());
      SSL_CTX_use_PrivateKey_file(context, options_.key_file.c_str(), SSL_FILETYPE_PEM);
    }
    for (int client = 0; (client = listener_.Accept()) >= 0;) {
      {
        absl::MutexLock lock(&mutex_);
        open_ = client;
      }
      BIO* bio = BIO_new_socket(client, BIO_NOCLOSE);
      if (context != nullptr) {
        BIO* tls = BIO_new_ssl(context, /*client=*/0);
        bio = BIO_push(tls, bio);
      }
      BIO* buffered = BIO_push(BIO_new(BIO_f_buffer()), bio);
      Converse(buffered);
      BIO_free_all(buffered);
      {
        absl::MutexLock lock(&mutex_);
        open_ = -1;
      }
      close(client);
    }
    SSL_CTX_free(context);
  }

  bool ReadLine(BIO* bio, std::string& line) {
    std::array<char, 4096> buffer;
    const int size = BIO_gets(bio, buffer.data(), buffer.size());
    if (size <= 0) return false;
    line = std::string(absl::StripTrailingAsciiWhitespace(std::string(buffer.data(), static_cast<size_t>(size))));
    absl::MutexLock lock(&mutex_);
    lines_.push_back(line);
    return true;
  }

  // Whether the conversation goes on.
  bool Answer(BIO* bio, const std::string& command, const std::string& usual) {
    const auto found = options_.answers.find(command);
    const std::string answer = found == options_.answers.end() ? usual : found->second;
    if (answer.empty()) return false;
    if (answer == "WAIT") return true;
    BIO_puts(bio, (answer + "\r\n").c_str());
    return BIO_flush(bio) == 1;
  }

  void Converse(BIO* bio) {
    bool goes_on = Answer(bio, "GREETING", "220 test ESMTP");
    std::string line;
    while (goes_on && ReadLine(bio, line)) {
      const std::string command(absl::AsciiStrToUpper(std::string(line.substr(0, line.find(' ')))));
      if (command == "EHLO") {
        goes_on = Answer(bio, command, "250-test\r\n250 AUTH PLAIN");
      } else if (command == "DATA") {
        goes_on = Answer(bio, command, "354 go on");
        if (goes_on && !options_.answers.contains("DATA")) {
          goes_on = ReadMessage(bio) && Answer(bio, "MESSAGE", "250 taken");
        }
      } else if (command == "AUTH") {
        goes_on = Answer(bio, command, "334 ") && ReadLine(bio, line) && Answer(bio, "LOGIN", "235 welcome");
      } else {
        goes_on = Answer(bio, command, "250 ok");
      }
    }
  }

  bool ReadMessage(BIO* bio) {
    std::string text;
    for (std::string line; ReadLine(bio, line);) {
      if (line == ".") {
        absl::MutexLock lock(&mutex_);
        message_ = text;
        return true;
      }
      absl::StrAppend(&text, absl::StartsWith(line, ".") ? line.substr(1) : line, "\r\n");
    }
    return false;
  }

  const Options options_;
  testing::LoopbackListener listener_;
  absl::Mutex mutex_;
  int open_ ABSL_GUARDED_BY(mutex_) = -1;
  std::vector<std::string> lines_ ABSL_GUARDED_BY(mutex_);
  std::string message_ ABSL_GUARDED_BY(mutex_);
  std::thread thread_;
};

}  // namespace countersign::mail

#endif  // COUNTERSIGN_COMMON_MAIL_SMTP_SERVER_FOR_TEST_H_
