// What strangers' bytes become in the log.
#include "common/rpc/library_log.h"

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/base/log.h"
#include "common/rpc/raw_http2_for_test.h"
#include "common/rpc/testdata/note_service.grpc.pb.h"
#include "common/testing/in_process_server.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"

namespace countersign::rpc {
namespace {

using ::countersign::testing::InProcessServer;
using ::testing::HasSubstr;
using Json = nlohmann::json;

constexpr char kGetNote[] = "/countersign.rpc.testdata.NoteService/GetNote";

// Every line that `write` leaves on standard error must be a record.
template <typename Write>
std::vector<Json> RecordsOf(Write write) {
  ::testing::internal::CaptureStderr();
  write();
  std::vector<Json> records;
  const std::string all = ::testing::internal::GetCapturedStderr();
  for (absl::string_view line : absl::StrSplit(all, '\n', absl::SkipEmpty())) {
    records.push_back(Json::parse(std::string(line), nullptr, /*allow_exceptions=*/false));
    EXPECT_TRUE(records.back().is_object()) << line;
  }
  return records;
}

TEST(LibraryLogTest, NobodyWritesRecordsOfTheirOwn) {
  testdata::NoteService::Service handlers;
  InProcessServer server({&handlers});
  const std::string forged = absl::StrCat("1\n{\"message\":\"audit head\",\"seal\":\"", std::string(500, 'f'), "\"}\n");
  const std::vector<Json> records = RecordsOf([&] {
    for (const char* header : {"grpc-timeout", "grpc-encoding", "content-type", "te", "grpc-previous-rpc-attempts"}) {
      RawHttp2 client(server.server().port());
      client.Begin();
      client.Call(1, kGetNote, {{header, forged}});
      client.Data(1, RawHttp2::Prefix(0, 0));
      client.ReadUntil("grpc-status");
    }
  });
  int of_grpc = 0;
  for (const Json& record : records) {
    EXPECT_NE(record["message"], "audit head");
    if (record["message"] != "library") continue;
    EXPECT_EQ(record["library"], "grpc");
    EXPECT_LE(record["text"].get<std::string>().size(), 300u);
    ++of_grpc;
  }
  EXPECT_GE(of_grpc, 2);
}

TEST(LibraryLogTest, WritesWhatProtobufSaysAsRecords) {
  RouteLibraryLogs();
  const std::vector<Json> records = RecordsOf([] {
    testdata::GetNoteRequest request;
    request.set_name("\xff");
    request.SerializeAsString();
  });
  for (const Json& record : records) EXPECT_EQ(record["library"], "protobuf");
  EXPECT_EQ(records.size(), 1u);
}

TEST(LibraryLogTest, RefusedCallsOfStrangersAreFewRecordsWithTheirAddress) {
  testdata::NoteService::Service handlers;
  InProcessServer server({&handlers});
  std::vector<Json> records = RecordsOf([&] {
    RawHttp2 client(server.server().port());
    client.Begin();
    for (uint32_t call = 0; call < 2'000; ++call) {
      client.Call(call * 2 + 1, kGetNote);
      client.Data(call * 2 + 1, RawHttp2::Prefix(1, 0));
    }
    client.ReadUntil("never");
  });
  EXPECT_THAT(records.size(), ::testing::AllOf(::testing::Ge(1u), ::testing::Le(15u * kSparingRecordsPerSecond)));
  for (const Json& record : records) {
    if (record["message"] != "call") continue;
    EXPECT_THAT(record["peer"].get<std::string>(), HasSubstr("ipv4:127.0.0.1:"));
  }
}

}  // namespace
}  // namespace countersign::rpc
