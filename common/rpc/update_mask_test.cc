#include "common/rpc/update_mask.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "google/type/postal_address.pb.h"
#include "gtest/gtest.h"

namespace countersign::rpc {
namespace {

using google::protobuf::FieldMask;
using google::type::PostalAddress;

constexpr absl::string_view kAllowed[] = {"locality", "organization", "address_lines"};

class UpdateMaskTest : public ::testing::Test {
 protected:
  UpdateMask Require(const std::vector<std::string>& paths) {
    FieldMask mask;
    for (const std::string& path : paths) mask.add_paths(path);
    return RequireUpdateMask(violations_, mask, address_, kAllowed);
  }

  PostalAddress address_;
  FieldViolations violations_;
};

TEST_F(UpdateMaskTest, NamesWhatChanges) {
  const UpdateMask mask = Require({"locality", "address_lines"});
  EXPECT_TRUE(violations_.empty());
  EXPECT_TRUE(mask.Has("locality"));
  EXPECT_TRUE(mask.Has("address_lines"));
  EXPECT_FALSE(mask.Has("organization"));
}

TEST_F(UpdateMaskTest, OmittedIsEveryFieldThatIsSet) {
  address_.set_locality("Linz");
  address_.add_address_lines("Hauptplatz 1");
  address_.set_revision(3);  // Not to be changed, as what a caller got may be sent back whole.
  const UpdateMask mask = Require({});
  EXPECT_TRUE(violations_.empty());
  EXPECT_TRUE(mask.Has("locality"));
  EXPECT_TRUE(mask.Has("address_lines"));
  EXPECT_FALSE(mask.Has("organization"));
  EXPECT_FALSE(mask.Has("revision"));
}

TEST_F(UpdateMaskTest, AStarIsEveryFieldThatMayBeChanged) {
  const UpdateMask mask = Require({"*"});
  EXPECT_TRUE(violations_.empty());
  for (const absl::string_view path : kAllowed) EXPECT_TRUE(mask.Has(path));
  EXPECT_FALSE(mask.Has("revision"));
}

TEST_F(UpdateMaskTest, RefusesUnknownAndOutputOnlyPaths) {
  for (const std::vector<std::string>& paths : std::vector<std::vector<std::string>>{
           {"revision"}, {"nothing"}, {"locality", "revision"}, {"*", "locality"}, {""}, {"locality.x"}}) {
    violations_ = FieldViolations();
    Require(paths);
    EXPECT_EQ(DetailsOf(violations_.ToStatus()).violations.at(0).field, "update_mask") << paths[0];
  }
}

TEST_F(UpdateMaskTest, RefusesToChangeNothing) {
  address_.set_revision(3);
  Require({});
  EXPECT_FALSE(violations_.empty());
}

}  // namespace
}  // namespace countersign::rpc
