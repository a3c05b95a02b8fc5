#include "common/base/metrics.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace countersign::metrics {
namespace {

using ::testing::HasSubstr;

TEST(MetricsTest, TheSameNameAndLabelsAreTheSameMetric) {
  MakeCounter("test_same_total", "Help.", {{"kind", "a"}}).Increment();
  MakeCounter("test_same_total", "Help.", {{"kind", "a"}}).Increment();
  MakeCounter("test_same_total", "Help.", {{"kind", "b"}}).Increment();
  const std::string text = Text();
  EXPECT_THAT(text, HasSubstr("test_same_total{kind=\"a\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("test_same_total{kind=\"b\"} 1\n"));
}

TEST(MetricsTest, CountsByLabel) {
  CounterByLabel counter("test_by_label_total", "Help.", "type");
  for (const char* type : {"ONE", "TWO", "ONE"}) counter.Increment(type);
  const std::string text = Text();
  EXPECT_THAT(text, HasSubstr("test_by_label_total{type=\"ONE\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("test_by_label_total{type=\"TWO\"} 1\n"));
}

TEST(MetricsTest, MeasuresTheProcess) {
  Text();
  EXPECT_GT(MakeGauge("process_resident_memory_bytes", "Resident memory.").Value(), 1e6);
  EXPECT_GE(MakeGauge("process_threads", "Threads.").Value(), 1);
  EXPECT_GE(MakeGauge("process_open_fds", "Open files and connections.").Value(), 3);
}

TEST(MetricsTest, AHistogramCountsWhatIsBelowEachBound) {
  Histogram& histogram = MakeHistogram("test_seconds", "Help.", {0.1, 1});
  for (const double value : {0.05, 0.5, 5.0}) histogram.Observe(value);
  const std::string text = Text();
  EXPECT_THAT(text, HasSubstr("test_seconds_bucket{le=\"0.1\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("test_seconds_bucket{le=\"1\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("test_seconds_bucket{le=\"+Inf\"} 3\n"));
}

}  // namespace
}  // namespace countersign::metrics
