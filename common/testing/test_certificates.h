// Certificates for tests: authorities of their own, and what they sign, good and bad.
#ifndef COUNTERSIGN_COMMON_TESTING_TEST_CERTIFICATES_H_
#define COUNTERSIGN_COMMON_TESTING_TEST_CERTIFICATES_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace countersign::testing {

// The contents of a certificate.
struct CertificateSpec {
  std::vector<std::string> uris = {};  // "spiffe://countersign/operator/anna"
  std::vector<std::string> dns = {};   // "order-service", "localhost"
  bool for_servers = false;            // Extended key usage serverAuth; clientAuth is always there.
  // Valid from 1 hour ago; expired where negative.
  absl::Duration lifetime = absl::Hours(1);
};

CertificateSpec ServiceSpec(absl::string_view service);       // "order-service", as scripts/certs makes it.
CertificateSpec CallerSpec(absl::string_view role_and_name);  // "operator/anna": spiffe://countersign/operator/anna
CertificateSpec Expired(CertificateSpec spec);

// PEM.
struct TestCertificate {
  std::string cert;
  std::string key;
};

// A certificate authority with a new key.
class TestAuthority {
 public:
  TestAuthority();
  ~TestAuthority();

  const std::string& pem() const { return pem_; }
  TestCertificate Issue(const CertificateSpec& spec) const;

 private:
  struct Impl;
  const std::unique_ptr<Impl> impl_;
  std::string pem_;
};

// cert.pem, key.pem and ca.pem in a folder of their own, which goes with this object.
class CertificateFiles {
 public:
  CertificateFiles(const TestCertificate& certificate, absl::string_view ca);
  ~CertificateFiles();
  CertificateFiles(const CertificateFiles&) = delete;
  CertificateFiles& operator=(const CertificateFiles&) = delete;

  // All three change in one step.
  void Replace(const TestCertificate& certificate, absl::string_view ca);

  std::string cert_file() const { return folder_ + "/..data/cert.pem"; }
  std::string key_file() const { return folder_ + "/..data/key.pem"; }
  std::string ca_file() const { return folder_ + "/..data/ca.pem"; }

 private:
  std::string folder_;
  int generation_ = 0;
};

}  // namespace countersign::testing

#endif  // COUNTERSIGN_COMMON_TESTING_TEST_CERTIFICATES_H_
