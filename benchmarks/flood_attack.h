// The process that floods: the benchmark's own program, started again.
#ifndef COUNTERSIGN_BENCHMARKS_FLOOD_ATTACK_H_
#define COUNTERSIGN_BENCHMARKS_FLOOD_ATTACK_H_

#include <string>

#include "absl/flags/declare.h"
#include "absl/flags/flag.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "countersign/order/v1/order_service.pb.h"
#include "integration-tests/process.h"
#include "integration-tests/story.h"
#include "integration-tests/suite.h"

ABSL_DECLARE_FLAG(absl::Duration, duration);

namespace countersign::benchmarks {

// How long the flood lasts before and after what is measured.
inline constexpr absl::Duration kLead = absl::Seconds(1);

// An order of the story's customer, without a request_id.
order::v1::CreateOrderRequest RequestOf(const integration::Story& story);

// The whole content of a file; empty where there is none.
std::string TextOf(const std::string& path);

// Starts the flood of order-service by the story's partner. It ends by itself; the log's last line says what came of
// it.
absl::StatusOr<integration::Process> StartAttack(integration::Suite& suite, const integration::Story& story,
                                                 const std::string& log_path);

// Whether this process is the one that floods, and its main.
bool IsAttack();
int Attack();

}  // namespace countersign::benchmarks

#endif  // COUNTERSIGN_BENCHMARKS_FLOOD_ATTACK_H_
