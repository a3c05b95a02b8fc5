// Messages of types that are known by name only.
#ifndef COUNTERSIGN_INTEGRATION_TESTS_MESSAGES_H_
#define COUNTERSIGN_INTEGRATION_TESTS_MESSAGES_H_

#include <memory>
#include <string>
#include <vector>

#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

namespace countersign::integration {

// An empty message of a type that is compiled into this program.
std::unique_ptr<google::protobuf::Message> NewMessage(const google::protobuf::Descriptor& type);

// Null when no type has this full name, or when the bytes are none of it.
std::unique_ptr<google::protobuf::Message> ParseMessage(const std::string& type, const std::string& bytes);

// Every text anywhere in the message, in the order of the fields; no bytes.
std::vector<std::string> TextsOf(const google::protobuf::Message& message);

}  // namespace countersign::integration

#endif  // COUNTERSIGN_INTEGRATION_TESTS_MESSAGES_H_
