// What changes while the services run: their certificates, who has a key, and who may call what.
#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <memory>
#include <regex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "countersign/billing/v1/fee_service.grpc.pb.h"
#include "countersign/event/v1/audit_service.grpc.pb.h"
#include "countersign/event/v1/delivery_service.grpc.pb.h"
#include "countersign/link/v1/link_service.grpc.pb.h"
#include "countersign/order/v1/order_service.grpc.pb.h"
#include "countersign/partner/v1/api_key_service.grpc.pb.h"
#include "countersign/partner/v1/partner_service.grpc.pb.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "integration-tests/proof.h"
#include "integration-tests/story.h"
#include "integration-tests/suite.h"

namespace countersign::integration {
namespace {

using testing::TestAuthority;
using testing::TestCertificate;

// Who a client is and whom it trusts, at the moment. Thread-safe.
class Client {
 public:
  Client(TestCertificate certificate, std::string authorities) {
    Become(std::move(certificate), std::move(authorities));
  }
  // When the calls under way have ended: on a slow machine one that has not connected yet would come too late with
  // what it was.
  void Become(TestCertificate certificate, std::string authorities) {
    const absl::WriterMutexLock lock(&mutex_);
    certificate_ = std::move(certificate);
    authorities_ = std::move(authorities);
  }
  // Over a connection of its own, with what is now.
  grpc::Status Call(const Suite& suite, Service service,
                    absl::FunctionRef<grpc::Status(const std::shared_ptr<grpc::Channel>&)> call) const {
    const absl::ReaderMutexLock lock(&mutex_);
    return call(suite.channel(service, certificate_, authorities_));
  }

 private:
  mutable absl::Mutex mutex_;
  TestCertificate certificate_ ABSL_GUARDED_BY(mutex_);
  std::string authorities_ ABSL_GUARDED_BY(mutex_);
};

// Calls in threads until it ends; every call must succeed.
class Load {
 public:
  ~Load() { Stop(); }

  void Add(std::function<grpc::Status()> call) {
    threads_.emplace_back([this, call = std::move(call)] {
      while (!stopping_) {
        const grpc::Status status = call();
        ++calls_;
        if (status.ok()) continue;
        const absl::MutexLock lock(&mutex_);
        failures_.push_back(absl::StrCat(status.error_code(), " ", status.error_message()));
      }
    });
  }

  // Until `count` more calls were made.
  absl::Status AwaitCalls(int count) const {
    const int wanted = calls_ + count;
    return Eventually("the calls go on", [&] { return calls_ >= wanted; });
  }

  std::vector<std::string> Stop() {
    stopping_ = true;
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
    const absl::MutexLock lock(&mutex_);
    return failures_;
  }

 private:
  std::atomic<bool> stopping_ = false;
  std::atomic<int> calls_ = 0;
  absl::Mutex mutex_;
  std::vector<std::string> failures_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::thread> threads_;
};

void WriteAtOnce(const std::string& path, const std::string& text) {
  std::ofstream(path + ".new") << text;
  std::filesystem::rename(path + ".new", path);
}

class RotationTest : public SuiteTest {
 protected:
  static TestCertificate OperatorOf(const TestAuthority& authority) {
    return authority.Issue(testing::CallerSpec("operator/integration-test"));
  }

  // A call that every service has and every operator may make. It waits for no better connection.
  static grpc::Status ListHeld(const std::shared_ptr<grpc::Channel>& channel) {
    grpc::ClientContext context;
    context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(20)));
    event::v1::ListHeldDeliveriesResponse reply;
    return event::v1::DeliveryService::NewStub(channel)->ListHeldDeliveries(&context, {}, &reply);
  }

  static bool Connects(Service service, const TestCertificate& certificate, const std::string& authorities) {
    return ListHeld(suite().channel(service, certificate, authorities)).ok();
  }

  // Every service shows a certificate of `shown` and trusts `trusted`, and `done` is true of each soon after.
  static void Change(const TestAuthority& shown, const std::string& trusted, const std::function<bool(Service)>& done) {
    for (const Service service : kServices) {
      suite().ReplaceCertificate(service, shown.Issue(testing::ServiceSpec(NameOf(service) + "-service")), trusted);
    }
    for (const Service service : kServices) {
      const absl::Status seen = Eventually(NameOf(service) + "-service reads its files", [&] { return done(service); });
      ASSERT_TRUE(seen.ok()) << seen;
    }
  }

  // As an operator would: first everybody trusts both, then everybody shows the new one, then the old one is forgotten.
  static void Rotate(const TestAuthority& from, const TestAuthority& to, Client& client) {
    const TestCertificate of_old = OperatorOf(from);
    const TestCertificate of_new = OperatorOf(to);
    const std::string both = from.pem() + to.pem();
    ASSERT_NO_FATAL_FAILURE(Change(from, both, [&](Service s) { return Connects(s, of_new, from.pem()); }));
    ASSERT_NO_FATAL_FAILURE(Change(to, both, [&](Service s) { return Connects(s, of_old, to.pem()); }));
    client.Become(of_new, both);
    ASSERT_NO_FATAL_FAILURE(Change(to, to.pem(), [&](Service s) { return !Connects(s, of_old, to.pem()); }));
    for (const Service service : kServices) EXPECT_TRUE(Connects(service, of_new, to.pem())) << NameOf(service);
    client.Become(of_new, to.pem());
  }
};

TEST_F(RotationTest, RotatingEveryCertificateAndItsAuthorityFailsNoCall) {
  Story story(suite());
  ASSERT_TRUE(story.RunUntil("order").ok());
  const TestAuthority next;
  Client client(OperatorOf(suite().authority()), suite().authority().pem() + next.pem());

  Load load;
  for (const Service service : kServices) {
    load.Add([service] { return ListHeld(suite().channel(service)); });  // A connection that stands.
    load.Add([service, &client] { return client.Call(suite(), service, ListHeld); });
  }
  // Services that call services: the partner's, its customer's, the link's and the account's.
  load.Add([&story] {
    Story another(suite());
    another.partner = story.partner;
    another.customer = story.customer;
    absl::Status done = another.CreateOrder();
    if (done.ok()) done = another.Submit();
    return grpc::Status(static_cast<grpc::StatusCode>(done.code()), std::string(done.message()));
  });
  ASSERT_TRUE(load.AwaitCalls(100).ok());
  ASSERT_NO_FATAL_FAILURE(Rotate(suite().authority(), next, client));
  ASSERT_TRUE(load.AwaitCalls(100).ok());
  client.Become(OperatorOf(next), next.pem() + suite().authority().pem());
  ASSERT_NO_FATAL_FAILURE(Rotate(next, suite().authority(), client));  // And back, for the tests that follow.
  ASSERT_TRUE(load.AwaitCalls(100).ok());
  EXPECT_THAT(load.Stop(), ::testing::IsEmpty());

  // Connections made after all that: everybody looks for everybody again.
  for (const Service service : kServices) {
    suite().Kill(service);
    ASSERT_TRUE(suite().StartService(service).ok());
  }
  Story whole(suite());
  const absl::Status told = whole.Run();
  EXPECT_TRUE(told.ok()) << told;
  ProveInvariants();
}

TEST_F(RotationTest, ARevokedKeyIsDeadEverywhereWithinFiveSeconds) {
  Story story(suite());
  ASSERT_TRUE(story.Run().ok());
  const auto order = story.GetOrder();
  ASSERT_TRUE(order.ok());
  const std::map<Service, std::function<grpc::Status()>> calls = {
      {Service::kPartner,
       [&] {
         partner::v1::GetPartnerRequest request;
         request.set_name(story.partner);
         partner::v1::Partner reply;
         return suite().stub<partner::v1::PartnerService>().GetPartner(As(story.partner).get(), request, &reply);
       }},
      {Service::kOrder,
       [&] {
         order::v1::GetOrderRequest request;
         request.set_name(story.order);
         order::v1::Order reply;
         return suite().stub<order::v1::OrderService>().GetOrder(As(story.partner).get(), request, &reply);
       }},
      {Service::kLink,
       [&] {
         link::v1::GetLinkRequest request;
         request.set_name(order->link());
         link::v1::Link reply;
         return suite().stub<link::v1::LinkService>().GetLink(As(story.partner).get(), request, &reply);
       }},
      {Service::kBilling,
       [&] {
         billing::v1::ListFeesRequest request;
         request.set_parent(story.partner);
         billing::v1::ListFeesResponse reply;
         return suite().stub<billing::v1::FeeService>().ListFees(As(story.partner).get(), request, &reply);
       }},
  };
  for (const auto& [service, call] : calls) ASSERT_TRUE(call().ok()) << NameOf(service);  // Everybody remembers it.

  partner::v1::RevokeApiKeyRequest revoke;
  revoke.set_name(story.api_key);
  revoke.set_request_id(NewRequestId());
  partner::v1::ApiKey revoked;
  ASSERT_TRUE(suite().stub<partner::v1::ApiKeyService>().RevokeApiKey(As(kOperator).get(), revoke, &revoked).ok());
  const absl::Time begin = absl::Now();
  for (const auto& [service, call] : calls) {
    const absl::Status dead = Eventually(
        "the key is dead", [&, &call = call] { return call().error_code() == grpc::StatusCode::UNAUTHENTICATED; });
    EXPECT_TRUE(dead.ok()) << NameOf(service) << " " << dead;
    // An answer is kept for two seconds; the rest is for slow machines.
    EXPECT_LE(absl::Now() - begin, absl::Seconds(15)) << NameOf(service);
  }
  for (const auto& [service, call] : calls) {
    EXPECT_EQ(call().error_code(), grpc::StatusCode::UNAUTHENTICATED) << NameOf(service);
  }
}

TEST_F(RotationTest, TheRecordSaysWhichOfAPartnersKeysActed) {
  Story story(suite());
  ASSERT_TRUE(story.RunUntil("order").ok());
  partner::v1::CreateApiKeyRequest create;
  create.set_parent(story.partner);
  create.mutable_api_key()->set_display_name("the next one");
  create.set_request_id(NewRequestId());
  partner::v1::ApiKey second;
  ASSERT_TRUE(suite().stub<partner::v1::ApiKeyService>().CreateApiKey(As(story.partner).get(), create, &second).ok());

  ASSERT_TRUE(story.CreateOrder().ok());
  const std::string order = story.order;
  RememberKey(story.partner, second.key());
  ASSERT_TRUE(story.CreateOrder().ok());  // The same request, tried again with the other key.
  EXPECT_EQ(story.order, order);
  ASSERT_TRUE(story.Submit().ok());

  // What a service's record says that is sealed by now, with what it should say.
  const auto expect_records = [](Service service, const std::string& filter, const std::vector<std::string>& expected) {
    std::vector<std::string> records;
    const absl::Status all = Eventually("the record is there", [&] {
      event::v1::ListAuditRecordsRequest request;
      request.set_parent("-");
      request.set_filter(filter);
      event::v1::ListAuditRecordsResponse page;
      const auto stub = event::v1::AuditService::NewStub(suite().channel(service));
      records.clear();
      if (!stub->ListAuditRecords(As(kOperator).get(), request, &page).ok()) return false;
      for (const event::v1::AuditRecord& record : page.audit_records()) {
        records.push_back(absl::StrCat(record.type(), " by ", record.actor()));
      }
      return records.size() == expected.size();
    });
    EXPECT_TRUE(all.ok()) << all;
    EXPECT_THAT(records, ::testing::UnorderedElementsAreArray(expected)) << filter;
  };
  const std::string created = absl::StrCat("ORDER_CREATED by ", story.api_key);
  const std::string submitted = absl::StrCat("ORDER_SUBMITTED by ", second.name());
  expect_records(Service::kOrder, absl::StrCat("actor = \"", story.api_key, "\""), {created});
  expect_records(Service::kOrder, absl::StrCat("actor = \"", second.name(), "\""), {submitted});
  expect_records(Service::kOrder, absl::StrCat("actor >= \"", story.partner, "\" AND actor < \"", story.partner, "0\""),
                 {created, submitted});
  expect_records(Service::kLink, absl::StrCat("on_behalf_of = \"", story.partner, "\""),
                 {"LINK_ISSUED by services/order-service"});
}

TEST_F(RotationTest, ABrokenAccessPolicyLeavesTheOneInForce) {
  const std::string& path = suite().access_policy_file();
  std::ifstream file(path);
  const std::string good{std::istreambuf_iterator<char>(file), {}};
  const std::string row = "countersign.event.v1.DeliveryService/ListHeldDeliveries";
  const std::string without = std::regex_replace(good, std::regex(row + "[^\n]*"), row + " operator");
  ASSERT_NE(without, good);
  const auto may = [](Service service) { return ListHeld(suite().channel(service, "viewers/bob")).ok(); };
  const auto all_log = [](const std::string& text) {
    return Eventually(text, [&] {
      return std::all_of(kServices.begin(), kServices.end(),
                         [&](Service service) { return absl::StrContains(suite().Log(service), text); });
    });
  };
  for (const Service service : kServices) EXPECT_TRUE(may(service)) << NameOf(service);

  WriteAtOnce(path, without + "\ncountersign.order.v1.OrderService/GetOrder everybody\n");
  const absl::Status refused = all_log("the access policy is refused");
  ASSERT_TRUE(refused.ok()) << refused;
  for (const Service service : kServices) EXPECT_TRUE(may(service)) << NameOf(service);

  WriteAtOnce(path, without);
  for (const Service service : kServices) {
    EXPECT_TRUE(Eventually("it is in force", [&] { return !may(service); }).ok()) << NameOf(service);
  }
  WriteAtOnce(path, good);
  for (const Service service : kServices) {
    EXPECT_TRUE(Eventually("it is in force", [&] { return may(service); }).ok()) << NameOf(service);
  }
}

}  // namespace
}  // namespace countersign::integration
