#include "common/base/network.h"

#include "gtest/gtest.h"

namespace countersign {
namespace {

TEST(NetworkTest, CountsWhatOneClientOwnsAsOne) {
  EXPECT_EQ(ClientKeyOf("192.0.2.1"), "192.0.2.1");
  EXPECT_EQ(ClientKeyOf("::ffff:192.0.2.1"), "192.0.2.1");
  EXPECT_NE(ClientKeyOf("::ffff:192.0.2.1"), ClientKeyOf("::ffff:192.0.2.2"));
  EXPECT_EQ(ClientKeyOf("2001:db8:0:1::1"), "20010db800000001");
  EXPECT_EQ(ClientKeyOf("2001:db8:0:1:ffff::2"), "20010db800000001");
  EXPECT_NE(ClientKeyOf("2001:db8:0:2::1"), ClientKeyOf("2001:db8:0:1::1"));
  EXPECT_EQ(ClientKeyOf("fe80::1%eth0"), "fe80000000000000");
  EXPECT_EQ(ClientKeyOf("unknown"), "unknown");
  EXPECT_EQ(ClientKeyOf(""), "");
}

}  // namespace
}  // namespace countersign
