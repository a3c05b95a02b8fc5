#include "common/rpc/certificate_validity.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <ctime>
#include <memory>
#include <optional>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"
#include "common/base/crypto.h"
#include "common/base/error.h"

namespace countersign::rpc {
namespace {

constexpr size_t kMaxRemembered = 4'096;  // About half a megabyte; beyond, it forgets.

struct Period {
  absl::Time not_before;
  absl::Time not_after;
};

std::optional<absl::Time> ToTime(const ASN1_TIME* time) {
  std::tm parts = {};
  if (time == nullptr || ASN1_TIME_to_tm(time, &parts) != 1) return std::nullopt;
  return absl::FromTM(parts, absl::UTCTimeZone());
}

std::optional<Period> ReadPeriod(absl::string_view pem) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())),
                                                      &BIO_free);
  const std::unique_ptr<X509, decltype(&X509_free)> certificate(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr),
                                                                &X509_free);
  ERR_clear_error();
  if (certificate == nullptr) return std::nullopt;
  const std::optional<absl::Time> not_before = ToTime(X509_get0_notBefore(certificate.get()));
  const std::optional<absl::Time> not_after = ToTime(X509_get0_notAfter(certificate.get()));
  if (!not_before.has_value() || !not_after.has_value()) return std::nullopt;
  return Period{*not_before, *not_after};
}

class Periods {
 public:
  std::optional<Period> Of(absl::string_view pem) {
    const std::string hash = Sha256(pem);
    {
      absl::MutexLock lock(&mutex_);
      if (const auto found = known_.find(hash); found != known_.end()) return found->second;
    }
    const std::optional<Period> period = ReadPeriod(pem);
    if (!period.has_value()) return period;
    absl::MutexLock lock(&mutex_);
    if (known_.size() >= kMaxRemembered) known_.clear();
    known_.emplace(hash, *period);
    return period;
  }

 private:
  absl::Mutex mutex_;
  absl::flat_hash_map<std::string, Period> known_ ABSL_GUARDED_BY(mutex_);  // By SHA-256 of the PEM.
};

absl::Status Refuse(absl::string_view reason, absl::string_view message) {
  return Error(absl::StatusCode::kUnauthenticated, reason, message);
}

}  // namespace

absl::Status CheckCertificateValid(absl::string_view pem, absl::Time now) {
  static Periods& periods = *new Periods();
  const std::optional<Period> period = periods.Of(pem);
  if (!period.has_value()) return Refuse("CALLER_MALFORMED", "The client certificate cannot be read.");
  if (now > period->not_after) {
    return Refuse("CERTIFICATE_EXPIRED", "The client certificate has expired. Connect again with a new one.");
  }
  if (now < period->not_before) {
    return Refuse("CERTIFICATE_NOT_YET_VALID",
                  "The client certificate is not valid yet. Check its dates and the clock.");
  }
  return absl::OkStatus();
}

}  // namespace countersign::rpc
