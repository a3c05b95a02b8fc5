// TLS with the database fails closed, whichever the server: encrypted and verified, or no session.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "common/mysql/connection.h"
#include "common/mysql/proxy_fixture.h"
#include "common/testing/status_matchers.h"
#include "common/testing/test_database.h"

namespace countersign::mysql {
namespace {

using ::countersign::testing::HasReason;
using ::countersign::testing::StatusIs;
using ::countersign::testing::TestServerOptions;

// A certificate authority that signed nobody's certificate.
constexpr char kStrangeAuthority[] =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIBnTCCAUOgAwIBAgIUJygHlIMlHWLem8p83UdvQC3/sj4wCgYIKoZIzj0EAwIw\n"
    "IzEhMB8GA1UEAwwYQSBDQSB0aGF0IHNpZ25lZCBub3RoaW5nMCAXDTI2MTEyMzAw\n"
    "NTcxOFoYDzIxMjYxMDMwMDA1NzE4WjAjMSEwHwYDVQQDDBhBIENBIHRoYXQgc2ln\n"
    "bmVkIG5vdGhpbmcwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAARvAxbtGQSawm/8\n"
    "gYqKzDX4jA5FuGk3Kr7byDjINIs+mHK7zdaM0Fe0eQeNkxjZnnJIUQ1E649Jfj7P\n"
    "anEi9Yp7o1MwUTAdBgNVHQ4EFgQUz4RZUDluenpZyBfJGFWdevgF3SIwHwYDVR0j\n"
    "BBgwFoAUz4RZUDluenpZyBfJGFWdevgF3SIwDwYDVR0TAQH/BAUwAwEB/zAKBggq\n"
    "hkjOPQQDAgNIADBFAiEAvl3E1/16SVnDQqEFRESsBleg9/nIbzG8l23XRoHdeUIC\n"
    "IHrawtsOJbNhiJl+XP2beCN25QXmuEdLVHPlhMykhrUa\n"
    "-----END CERTIFICATE-----\n";

TEST(TlsTest, AServerOfAnotherAuthorityIsRefused) {
  const std::string path = absl::StrCat(::testing::TempDir(), "/strange_authority.pem");
  std::ofstream(path) << kStrangeAuthority;
  DatabaseOptions options = TestServerOptions();
  options.ca_file = path;
  EXPECT_THAT(Connect(options), StatusIs(absl::StatusCode::kUnavailable));
  std::remove(path.c_str());
  EXPECT_THAT(Connect(options), StatusIs(absl::StatusCode::kUnavailable));  // No such file: not in clear text either.
}

TEST(TlsTest, AServerThatHasNoTlsIsRefused) {
  const std::string path = absl::StrCat(::testing::TempDir(), "/authority.pem");
  std::ofstream(path) << kStrangeAuthority;
  const TlsProxy proxy("127.0.0.1", /*has_tls=*/false);
  DatabaseOptions options = proxy.Through(TestServerOptions());
  if (options.ca_file.empty()) options.ca_file = path;
  EXPECT_THAT(Connect(options), StatusIs(absl::StatusCode::kUnavailable));
  options.ca_file.clear();
  EXPECT_OK(Connect(options));  // Whoever asks for no TLS gets through: it was not the proxy that failed.
  std::remove(path.c_str());
}

TEST(TlsTest, AServerElsewhereIsNotSpokenToInClearText) {
  DatabaseOptions options;
  options.url = "mysql://root@192.0.2.1:1/nothing";  // TEST-NET-1: nobody has it.
  EXPECT_THAT(Connect(options), HasReason("DATABASE_TLS_REQUIRED"));
}

}  // namespace
}  // namespace countersign::mysql
