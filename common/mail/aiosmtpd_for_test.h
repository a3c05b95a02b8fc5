// A real SMTP server, aiosmtpd, as a child process: aiosmtpd_for_test.py says what it refuses. For tests whose target
// defines COUNTERSIGN_AIOSMTPD, the script's path.
#ifndef COUNTERSIGN_COMMON_MAIL_AIOSMTPD_FOR_TEST_H_
#define COUNTERSIGN_COMMON_MAIL_AIOSMTPD_FOR_TEST_H_

#include <fcntl.h>
#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

namespace countersign::mail {

class AiosmtpdForTest {
 public:
  // `options`: further ones of the script's. It runs with Debian's Python, whose packages install-packages installs.
  explicit AiosmtpdForTest(std::vector<std::string> options = {}) {
    folder_ = ::testing::TempDir() + "aiosmtpd-XXXXXX";
    EXPECT_NE(mkdtemp(folder_.data()), nullptr);
    std::vector<std::string> arguments = {"/usr/bin/python3", COUNTERSIGN_AIOSMTPD, "--messages=" + messages_file()};
    arguments.insert(arguments.end(), options.begin(), options.end());
    std::vector<char*> argv;
    for (std::string& argument : arguments) argv.push_back(argument.data());
    argv.push_back(nullptr);
    std::array<int, 2> input = {};
    std::array<int, 2> output = {};
    EXPECT_EQ(pipe2(input.data(), O_CLOEXEC), 0);
    EXPECT_EQ(pipe2(output.data(), O_CLOEXEC), 0);
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_adddup2(&files, input[0], STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&files, output[1], STDOUT_FILENO);
    EXPECT_EQ(posix_spawnp(&pid_, argv[0], &files, nullptr, argv.data(), environ), 0);
    posix_spawn_file_actions_destroy(&files);
    close(input[0]);
    close(output[1]);
    until_closed_ = input[1];
    port_ = ReadPort(output[0]);
    EXPECT_FALSE(port_.empty()) << "aiosmtpd did not start. Is python3-aiosmtpd installed (scripts/install-packages)?";
  }

  ~AiosmtpdForTest() {
    close(until_closed_);
    waitpid(pid_, nullptr, 0);
    std::filesystem::remove_all(folder_);
  }
  AiosmtpdForTest(const AiosmtpdForTest&) = delete;
  AiosmtpdForTest& operator=(const AiosmtpdForTest&) = delete;

  std::string Url() const { return "smtp://localhost:" + port_; }

  // The messages accepted so far, in order.
  std::vector<nlohmann::json> messages() const {
    std::vector<nlohmann::json> messages;
    std::ifstream file(messages_file());
    for (std::string line; std::getline(file, line);) messages.push_back(nlohmann::json::parse(line));
    return messages;
  }

 private:
  std::string messages_file() const { return folder_ + "/messages"; }

  // Its first line; it never writes another one.
  static std::string ReadPort(int output) {
    std::string port;
    for (char c = 0; read(output, &c, 1) == 1 && c != '\n';) port.push_back(c);
    close(output);
    return port;
  }

  std::string folder_;
  std::string port_;
  pid_t pid_ = 0;
  int until_closed_ = -1;  // It ends when this is closed.
};

}  // namespace countersign::mail

#endif  // COUNTERSIGN_COMMON_MAIL_AIOSMTPD_FOR_TEST_H_
