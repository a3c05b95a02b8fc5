// Requests that could be real, made from what the protos say of their fields: a field whose comment documents a name's
// pattern ("partners/{partner}/orders/{order}") gets a real resource of that pattern, a required one a decent value.
#ifndef COUNTERSIGN_INTEGRATION_TESTS_PLAUSIBLE_H_
#define COUNTERSIGN_INTEGRATION_TESTS_PLAUSIBLE_H_

#include <map>
#include <memory>
#include <set>
#include <string>

#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "integration-tests/methods.h"

namespace countersign::integration {

// "partners/{partner}/orders/{order}" and "partners/0190…/orders/0190…" are both of kind "partners/*/orders/*"; empty
// for a text that is no name.
std::string KindOfName(absl::string_view name);

// One real resource of each kind.
using Names = std::map<std::string, std::string>;

// The same names with other ids in place of every UUID: nothing of the kind exists.
Names NamesOfNothing(const Names& names);

// Every name that stands anywhere in a message, by kind; those already in `names` stay.
void CollectNames(const google::protobuf::Message& message, Names& names);

class RequestMaker {
 public:
  // Reads the comments from the descriptor set of the build (protos/all.binpb). A file that cannot be read makes
  // requests without names, so that tests fail.
  RequestMaker();

  struct Request {
    std::unique_ptr<google::protobuf::Message> message;
    std::set<std::string> kinds;    // Of the names that stand in it.
    std::set<std::string> missing;  // Documented kinds of which `names` has none.
  };
  Request Make(const Method& method, const Names& names) const;

 private:
  void Fill(google::protobuf::Message& message, const Names& names, int depth, bool with_name, Request& request) const;
  std::string CommentOf(const google::protobuf::FieldDescriptor* field) const;

  google::protobuf::DescriptorPool pool_;
};

}  // namespace countersign::integration

#endif  // COUNTERSIGN_INTEGRATION_TESTS_PLAUSIBLE_H_
