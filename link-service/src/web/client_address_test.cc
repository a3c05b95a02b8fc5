#include "link-service/src/web/client_address.h"

#include <gtest/gtest.h>

namespace countersign::link::web {
namespace {

TrustedProxies Proxies() { return *TrustedProxies::Parse({"10.0.0.0/8", "192.0.2.7", "fd00::/8"}); }

TEST(TrustedProxiesTest, BelievesNobodyByDefault) {
  EXPECT_EQ(TrustedProxies().ClientAddress("10.1.2.3", "198.51.100.9"), "10.1.2.3");
}

TEST(TrustedProxiesTest, TakesTheClientThatATrustedProxyNames) {
  EXPECT_EQ(Proxies().ClientAddress("10.1.2.3", "198.51.100.9"), "198.51.100.9");
  EXPECT_EQ(Proxies().ClientAddress("::ffff:10.1.2.3", "198.51.100.9"), "198.51.100.9");
  EXPECT_EQ(Proxies().ClientAddress("fd00::1", "2001:db8::5"), "2001:db8::5");
}

TEST(TrustedProxiesTest, IgnoresWhatAClientPretends) {
  EXPECT_EQ(Proxies().ClientAddress("203.0.113.5", "198.51.100.9"), "203.0.113.5");
  EXPECT_EQ(Proxies().ClientAddress("10.1.2.3", "1.2.3.4, 198.51.100.9, 192.0.2.7"), "198.51.100.9");
}

TEST(TrustedProxiesTest, ReadsAddressesAsProxiesWriteThem) {
  for (const auto& [written, address] : {std::pair("203.0.113.8:4000", "203.0.113.8"),
                                         {"203.0.113.8", "203.0.113.8"},
                                         {"\"203.0.113.8:4000\"", "203.0.113.8"},
                                         {"\"[2001:db8::7]:443\"", "2001:db8::7"},
                                         {"[2001:db8::7]:443", "2001:db8::7"},
                                         {"[2001:db8::7]", "2001:db8::7"},
                                         {"2001:db8::7", "2001:db8::7"},
                                         {"1.2.3.4, 203.0.113.8:4000, 10.9.9.9:80", "203.0.113.8"}}) {
    EXPECT_EQ(Proxies().ClientAddress("10.1.2.3", written), address) << written;
  }
}

TEST(TrustedProxiesTest, TakesNoProxyForAClientThatItDoesNotName) {
  for (const char* written : {"unknown", "_hidden", "198.51.100.9, unknown, 10.9.9.9", "[", "\"", "1.2.3:4", "a:1"}) {
    EXPECT_EQ(Proxies().ClientAddress("10.1.2.3", written), "unknown") << written;
  }
  EXPECT_EQ(Proxies().ClientAddress("10.1.2.3", ""), "10.1.2.3");
}

TEST(TrustedProxiesTest, AreMissingWhereCustomersUseTlsThatThePageDoesNotSpeak) {
  EXPECT_TRUE(TrustedProxies().MayBeMissing("https://pay.example"));
  EXPECT_FALSE(TrustedProxies().MayBeMissing("http://127.0.0.1:7180"));
  EXPECT_FALSE(Proxies().MayBeMissing("https://pay.example"));
}

TEST(ClientKeyTest, TakesAnIpv6NetworkForOneClient) {
  EXPECT_EQ(ClientKey("192.0.2.1"), "192.0.2.1");
  EXPECT_EQ(ClientKey("2001:db8:0:1::1"), ClientKey("2001:db8:0:1:ffff::2"));
  EXPECT_NE(ClientKey("2001:db8:0:1::1"), ClientKey("2001:db8:0:2::1"));
}

TEST(TrustedProxiesTest, ComparesPrefixesThatEndInsideAByte) {
  const TrustedProxies proxies = *TrustedProxies::Parse({"172.16.0.0/12"});
  EXPECT_EQ(proxies.ClientAddress("172.31.0.1", "198.51.100.9"), "198.51.100.9");
  EXPECT_EQ(proxies.ClientAddress("172.32.0.1", "198.51.100.9"), "172.32.0.1");
}

TEST(TrustedProxiesTest, RefusesWhatIsNoNetwork) {
  for (const char* entry : {"proxy.example", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/", "::/129", ""}) {
    EXPECT_FALSE(TrustedProxies::Parse({entry}).ok()) << entry;
  }
}

}  // namespace
}  // namespace countersign::link::web
