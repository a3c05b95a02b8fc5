// The trace and the principal of a call: in its reply, its events and its calls to peers.
#include <algorithm>
#include <iterator>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/base/crypto.h"
#include "common/base/span.h"
#include "common/base/trace.h"
#include "common/events/change.h"
#include "common/rpc/call.h"
#include "common/rpc/channel.h"
#include "common/rpc/endpoint_fixture.h"
#include "common/testing/status_matchers.h"
#include "gmock/gmock.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

namespace countersign::rpc {
namespace {

using ::countersign::testing::SetCaller;
using ::countersign::testing::StatusIs;
using testdata::CreateNoteRequest;
using testdata::GetNoteRequest;
using testdata::Note;

TEST_F(EndpointTest, GivesBackTheTraceIdAlsoInErrors) {
  const std::string trace_id(32, 'b');
  grpc::ClientContext context;
  SetCaller(context, kPartner);
  context.AddMetadata(kTraceIdMetadata, trace_id);
  Note note;
  const grpc::Status status = stub_->CreateNote(&context, CreateNoteRequest(), &note);
  const auto trailing = context.GetServerTrailingMetadata().find(kTraceIdMetadata);
  ASSERT_NE(trailing, context.GetServerTrailingMetadata().end());
  EXPECT_EQ(std::string(trailing->second.data(), trailing->second.size()), trace_id);
  google::rpc::Status wire;
  ASSERT_TRUE(wire.ParseFromString(status.error_details()));
  google::rpc::ErrorInfo info;
  ASSERT_TRUE(wire.details(0).UnpackTo(&info));
  EXPECT_EQ(info.domain(), "countersign");
  EXPECT_EQ(info.reason(), "INVALID_FIELD");
  EXPECT_EQ(info.metadata().at("traceId"), trace_id);
  google::rpc::BadRequest bad;
  EXPECT_TRUE(wire.details(1).UnpackTo(&bad));
}

TEST_F(EndpointTest, TakesPartInTheTraceOfItsCaller) {
  const std::string trace_id(32, 'c');
  grpc::ClientContext context;
  SetCaller(context, kPartner);
  context.AddMetadata(kTraceparent, TraceparentOf(trace_id));
  context.AddMetadata(kTraceIdMetadata, std::string(32, 'd'));
  Note note;
  ASSERT_TRUE(stub_->CreateNote(&context, GoodRequest(), &note).ok());
  const auto trailing = context.GetServerTrailingMetadata().find(kTraceIdMetadata);
  ASSERT_NE(trailing, context.GetServerTrailingMetadata().end());
  EXPECT_EQ(std::string(trailing->second.data(), trailing->second.size()), trace_id);
}

TEST_F(EndpointTest, MakesATraceIdWhereNoneOrABadOneCame) {
  grpc::ClientContext context;
  SetCaller(context, kPartner);
  context.AddMetadata(kTraceIdMetadata, "not hex");
  Note note;
  ASSERT_TRUE(stub_->CreateNote(&context, GoodRequest(), &note).ok());
  const auto trailing = context.GetServerTrailingMetadata().find(kTraceIdMetadata);
  ASSERT_NE(trailing, context.GetServerTrailingMetadata().end());
  EXPECT_THAT(std::string(trailing->second.data(), trailing->second.size()), ::testing::MatchesRegex("[0-9a-f]{32}"));
}

TEST_F(EndpointTest, CarriesThePrincipalToPeersAndTheEvent) {
  Outgoing outgoing;
  handlers_->before = [&](const Call& call) {
    outgoing = call.outgoing();
    return absl::OkStatus();
  };
  ASSERT_OK(Create(GoodRequest()));
  EXPECT_EQ(outgoing.caller, "services/note-service");
  EXPECT_EQ(outgoing.on_behalf_of, kPartner);
  const auto rows = test_database->Query("SELECT actor, request_id, type, create_time FROM events");
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].Bytes(0), kPartner);
  EXPECT_EQ(rows[0].Bytes(1), kRequestId);
  EXPECT_EQ(rows[0].Bytes(2), "NOTE_CREATED");
  EXPECT_EQ(rows[0].Time(3), clock_.Now());
}

TEST_F(EndpointTest, RecordsForWhomACallerSaysItActsUnlessItIsAPartner) {
  for (const std::string caller : {kPartner, "operators/anna"}) {
    grpc::ClientContext context;
    SetCaller(context, caller);
    context.AddMetadata(kOnBehalfOfMetadata, "operators/berta");
    Note note;
    ASSERT_TRUE(stub_->CreateNote(&context, GoodRequest(), &note).ok());
  }
  const auto rows = test_database->Query("SELECT actor, on_behalf_of FROM events ORDER BY actor");
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].Bytes(0), "operators/anna");
  EXPECT_EQ(rows[0].Bytes(1), "operators/berta");
  EXPECT_EQ(rows[1].Bytes(0), kPartner);
  EXPECT_EQ(rows[1].Bytes(1), "");
}

TEST_F(EndpointTest, OnlyAServicesEventIsSomebodyElsesAct) {
  events::Event event;
  event.actor = "operators/anna";
  event.on_behalf_of = "operators/berta";
  EXPECT_EQ(PrincipalOf(event), "operators/anna");
  event.actor = "services/order-service";
  EXPECT_EQ(PrincipalOf(event), "operators/berta");
  event.on_behalf_of = "";
  EXPECT_EQ(PrincipalOf(event), "services/order-service");
  event.actor = absl::StrCat(kPartner, "/apiKeys/0190a5b2-7c3d-7e4f-8a6b-0123456789ac");
  EXPECT_EQ(PrincipalOf(event), kPartner);
}

TEST_F(EndpointTest, AnEventKeepsASaltedDigestOfWhatBecameOfTheResource) {
  ASSERT_OK_AND_ASSIGN(const Note note, Create(GoodRequest()));
  const auto rows = test_database->Query("SELECT payload_type, resource_digest, salt FROM events");
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].Bytes(0), GetNoteRequest::descriptor()->full_name());
  EXPECT_EQ(rows[0].Bytes(2).size(), 16u);
  EXPECT_EQ(rows[0].Bytes(1), Sha256(absl::StrCat(rows[0].Bytes(2), DeterministicBytes(note))));
}

TEST_F(EndpointTest, ReadsThroughATypedPeerCall) {
  GetNoteRequest request;
  request.set_name("partners/x/notes/y");
  Outgoing outgoing{"operators/berta", "operators/anna", std::string(32, 'c')};
  ASSERT_OK_AND_ASSIGN(const Note note,
                       CallPeer(outgoing, *stub_, &testdata::NoteService::StubInterface::GetNote, request));
  EXPECT_EQ(note.name(), "partners/x/notes/y");
  EXPECT_EQ(note.text(), "operators/anna");
  // A peer that refuses us is our own fault, not our caller's.
  outgoing.caller = "services/note-service";
  EXPECT_THAT(CallPeer(outgoing, *stub_, &testdata::NoteService::StubInterface::GetNote, request),
              StatusIs(absl::StatusCode::kInternal));
}

// Keeps the spans of one test; it stays the process's sink, as every sink does.
class KeptSpans : public SpanSink {
 public:
  static KeptSpans& OfTests() {
    static KeptSpans* const spans = [] {
      auto made = std::make_unique<KeptSpans>();
      KeptSpans* const kept = made.get();
      SpanSink::SetOfProcess(std::move(made));
      return kept;
    }();
    return *spans;
  }
  void Record(const Span& span) override {
    const absl::MutexLock lock(&mutex_);
    spans_.push_back(span);
  }
  void Flush() override {}
  std::vector<Span> Of(absl::string_view trace_id) {
    const absl::MutexLock lock(&mutex_);
    std::vector<Span> found;
    std::copy_if(spans_.begin(), spans_.end(), std::back_inserter(found),
                 [&](const Span& span) { return span.trace_id == trace_id; });
    return found;
  }

 private:
  absl::Mutex mutex_;
  std::vector<Span> spans_ ABSL_GUARDED_BY(mutex_);
};

TEST_F(EndpointTest, ACallToAPeerIsASpanAndWhatThePeerDoesIsOneWithinIt) {
  KeptSpans& spans = KeptSpans::OfTests();
  const std::string trace = NewTraceId();
  Outgoing outgoing{kPartner, "", trace};
  outgoing.span_id = NewSpanId();
  ASSERT_OK(CallPeer(outgoing, *stub_, &testdata::NoteService::StubInterface::CreateNote, GoodRequest()));
  const std::vector<Span> made = spans.Of(trace);
  ASSERT_EQ(made.size(), 2u);
  const Span& server = made[0];
  const Span& client = made[1];
  EXPECT_EQ(client.kind, Span::Kind::kClient);
  EXPECT_EQ(client.parent_id, outgoing.span_id);
  EXPECT_EQ(client.name, "countersign.rpc.testdata.CreateNote");
  EXPECT_EQ(server.kind, Span::Kind::kServer);
  EXPECT_EQ(server.parent_id, client.span_id);
  EXPECT_EQ(server.name, kCreateNote.FullName());
  EXPECT_EQ(server.code, absl::StatusCode::kOk);
  EXPECT_GE(client.duration, server.duration);
}

TEST_F(EndpointTest, WhatARelayDoesForAnEventIsInTheTraceOfTheCallThatMadeIt) {
  Outgoing outgoing{kPartner, "", NewTraceId()};
  ASSERT_OK(CallPeer(outgoing, *stub_, &testdata::NoteService::StubInterface::CreateNote, GoodRequest()));
  const auto rows = test_database->Query("SELECT HEX(trace_id) FROM events");
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(absl::AsciiStrToLower(rows[0].Bytes(0)), outgoing.trace_id);
  events::Event event;
  event.trace_id = outgoing.trace_id;
  EXPECT_EQ(WorkerOutgoing("note-service", absl::Now(), event).trace_id, outgoing.trace_id);
  event.trace_id.clear();
  EXPECT_TRUE(IsTraceId(WorkerOutgoing("note-service", absl::Now(), event).trace_id)) << "of an old event";
}

}  // namespace
}  // namespace countersign::rpc
