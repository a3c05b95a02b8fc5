// The story of the system, step by step, as its users act: the operator, the partner, the customer in a browser.
#ifndef COUNTERSIGN_INTEGRATION_TESTS_STORY_H_
#define COUNTERSIGN_INTEGRATION_TESTS_STORY_H_

#include <grpcpp/grpcpp.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/testing/http_client.h"
#include "countersign/billing/v1/fee.pb.h"
#include "countersign/billing/v1/invoice.pb.h"
#include "countersign/order/v1/order.pb.h"
#include "countersign/order/v1/order_service.pb.h"
#include "google/rpc/error_details.pb.h"
#include "integration-tests/suite.h"

namespace countersign::integration {

// The credentials of one call: none for kOperator, whose certificate the stubs have; the API key for "partners/…".
// Everybody else has a channel of its own (Suite::channel), and fails the test here.
std::unique_ptr<grpc::ClientContext> As(absl::string_view caller);

// The context of a call on a channel of its own.
std::unique_ptr<grpc::ClientContext> NewContext();

// The API key with which As(partner) calls, for all threads. Empty when there is none.
void RememberKey(const std::string& partner, const std::string& key);
std::string KeyOf(absl::string_view partner);

// A fresh request_id.
std::string NewRequestId();

// The ErrorInfo of a refused call; empty when it has none.
google::rpc::ErrorInfo ErrorInfoOf(const grpc::Status& status);

// Its stable reason.
std::string ReasonOf(const grpc::Status& status);

// The fields (google.rpc.BadRequest) of a refused call, in order.
std::vector<std::string> ViolatedFieldsOf(const grpc::Status& status);

// The status with reason, message and violated fields in one text.
absl::Status StatusOf(const grpc::Status& status);

// Calls `done` until it is true, for at most a minute: what follows a confirmation follows by itself, a moment later.
absl::Status Eventually(absl::string_view what, const std::function<bool()>& done);

// The request that link-service sends when the customer of `order`, Contoso of Springfield, confirms it. A fresh
// request_id each time.
order::v1::ConfirmOrderRequest ConfirmRequest(const order::v1::Order& order);

// One partner, one customer and one order on the way from enrolment to the first fee. Every step is to be taken in
// order; a step that fails leaves the names of what it would have made empty. Steps may be tried again.
class Story {
 public:
  explicit Story(Suite& suite) : suite_(suite) {}

  // The steps by name, in order: enrol, key, accept the agreement, approve, authorize, customer, order, submit, open
  // the page, confirm, completed, invoice, pay, fee.
  struct Step {
    std::string name;
    absl::Status (Story::*act)();
  };
  static const std::vector<Step>& Steps();

  // All steps before the one named, or all of them.
  absl::Status RunUntil(absl::string_view name);
  absl::Status Run();

  absl::Status Enrol();
  absl::Status CreateKey();  // With which As(partner) calls from now on.
  absl::Status AcceptAgreement();
  absl::Status Approve();
  absl::Status Authorize();  // To sell every offer, from now on.
  absl::Status AddCustomer();
  absl::Status CreateOrder();  // 25 seats of the Suite unless `seats` and `offer` say otherwise.
  absl::Status Submit();
  absl::Status OpenPage();
  absl::Status Confirm();
  absl::Status AwaitCompleted();
  absl::Status AwaitInvoice();
  absl::Status Pay();
  absl::Status AwaitFee();

  // The form that the customer fills in and posts, with the page's own revision and content hash.
  testing::FormFields ConfirmForm() const;

  absl::StatusOr<order::v1::Order> GetOrder() const;
  absl::StatusOr<billing::v1::Invoice> GetInvoice() const;

  // The order to make.
  std::string offer = "offers/bpos-standard-suite";
  int64_t seats = 25;

  // Results of the steps.
  std::string partner;
  std::string api_key;  // Its name, not the key.
  std::string authorization;
  std::string customer;
  std::string order;
  std::string url;          // The customer's page.
  std::string receipt_url;  // Followed after the confirmation.
  std::string page;         // Its HTML as opened.
  std::string billing_account;
  std::string subscription;
  std::string invoice;
  billing::v1::Fee fee;

 private:
  Suite& suite_;
  // One request_id per step, so that a step tried again is the same request.
  const std::string enrol_id_ = NewRequestId(), key_id_ = NewRequestId(), agreement_id_ = NewRequestId(),
                    approve_id_ = NewRequestId(), authorize_id_ = NewRequestId(), customer_id_ = NewRequestId(),
                    order_id_ = NewRequestId(), submit_id_ = NewRequestId(), pay_id_ = NewRequestId();
};

}  // namespace countersign::integration

#endif  // COUNTERSIGN_INTEGRATION_TESTS_STORY_H_
