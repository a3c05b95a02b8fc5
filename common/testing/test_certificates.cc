#include "common/testing/test_certificates.h"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"

namespace countersign::testing {
namespace {

void Require(bool ok, const char* what) {
  if (ok) return;
  std::fprintf(stderr, "test certificates: %s failed\n", what);
  std::abort();
}

struct Deleter {
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(X509_EXTENSION* extension) const { X509_EXTENSION_free(extension); }
};
using Certificate = std::unique_ptr<X509, Deleter>;
using Key = std::unique_ptr<EVP_PKEY, Deleter>;
using Bio = std::unique_ptr<BIO, Deleter>;

Key NewKey() {
  Key key(EVP_EC_gen("P-256"));
  Require(key != nullptr, "EVP_EC_gen");
  return key;
}

std::string Text(const Bio& bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);
  return std::string(data, static_cast<size_t>(size));
}

std::string Pem(X509* certificate) {
  const Bio bio(BIO_new(BIO_s_mem()));
  Require(PEM_write_bio_X509(bio.get(), certificate) == 1, "PEM_write_bio_X509");
  return Text(bio);
}

std::string Pem(EVP_PKEY* key) {
  const Bio bio(BIO_new(BIO_s_mem()));
  Require(PEM_write_bio_PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr) == 1, "PEM_write_bio");
  return Text(bio);
}

void AddExtension(X509* certificate, X509* issuer, int nid, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const std::unique_ptr<X509_EXTENSION, Deleter> extension(X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str()));
  Require(extension != nullptr && X509_add_ext(certificate, extension.get(), -1) == 1, value.c_str());
}

Certificate NewCertificate(EVP_PKEY* key, const std::string& name, X509_NAME* issuer, absl::Duration lifetime) {
  Certificate certificate(X509_new());
  X509_set_version(certificate.get(), X509_VERSION_3);
  uint64_t serial = 0;
  Require(RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial) == 1, "RAND_bytes");
  ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate.get()), serial >> 1);
  // An hour's grace for the past; an expired one ended within it.
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -2 * 3600);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), absl::ToInt64Seconds(lifetime));
  X509_NAME* const subject = X509_get_subject_name(certificate.get());
  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1,
                             0);
  X509_set_issuer_name(certificate.get(), issuer == nullptr ? subject : issuer);
  Require(X509_set_pubkey(certificate.get(), key) == 1, "X509_set_pubkey");
  return certificate;
}

void Write(const std::string& path, absl::string_view contents) {
  std::ofstream file(path, std::ios::binary);
  file << contents;
  file.close();
  Require(file.good(), path.c_str());
}

}  // namespace

CertificateSpec ServiceSpec(absl::string_view service) {
  return {.uris = {absl::StrCat("spiffe://countersign/service/", service)},
          .dns = {std::string(service), "localhost"},
          .for_servers = true};
}

CertificateSpec CallerSpec(absl::string_view role_and_name) {
  return {.uris = {absl::StrCat("spiffe://countersign/", role_and_name)}};
}

CertificateSpec Expired(CertificateSpec spec) {
  spec.lifetime = -absl::Minutes(1);
  return spec;
}

struct TestAuthority::Impl {
  Key key = NewKey();
  Certificate certificate;
};

TestAuthority::TestAuthority() : impl_(std::make_unique<Impl>()) {
  static std::atomic<int> count{0};  // Two authorities of one name would make OpenSSL try the wrong one.
  impl_->certificate =
      NewCertificate(impl_->key.get(), absl::StrCat("Test authority ", ++count), nullptr, absl::Hours(1));
  X509* const certificate = impl_->certificate.get();
  AddExtension(certificate, certificate, NID_basic_constraints, "critical,CA:TRUE");
  AddExtension(certificate, certificate, NID_key_usage, "critical,keyCertSign,cRLSign");
  AddExtension(certificate, certificate, NID_subject_key_identifier, "hash");
  Require(X509_sign(certificate, impl_->key.get(), EVP_sha256()) > 0, "X509_sign");
  pem_ = Pem(certificate);
}

TestAuthority::~TestAuthority() = default;

TestCertificate TestAuthority::Issue(const CertificateSpec& spec) const {
  const Key key = NewKey();
  X509* const issuer = impl_->certificate.get();
  const Certificate certificate = NewCertificate(key.get(), "test", X509_get_subject_name(issuer), spec.lifetime);
  AddExtension(certificate.get(), issuer, NID_basic_constraints, "critical,CA:FALSE");
  AddExtension(certificate.get(), issuer, NID_key_usage, "critical,digitalSignature");
  AddExtension(certificate.get(), issuer, NID_ext_key_usage, spec.for_servers ? "serverAuth,clientAuth" : "clientAuth");
  AddExtension(certificate.get(), issuer, NID_authority_key_identifier, "keyid");
  std::vector<std::string> names;
  for (const std::string& uri : spec.uris) names.push_back(absl::StrCat("URI:", uri));
  for (const std::string& dns : spec.dns) names.push_back(absl::StrCat("DNS:", dns));
  if (!names.empty()) AddExtension(certificate.get(), issuer, NID_subject_alt_name, absl::StrJoin(names, ","));
  Require(X509_sign(certificate.get(), impl_->key.get(), EVP_sha256()) > 0, "X509_sign");
  return {Pem(certificate.get()), Pem(key.get())};
}

CertificateFiles::CertificateFiles(const TestCertificate& certificate, absl::string_view ca) {
  std::string pattern = std::filesystem::temp_directory_path() / "countersign-certs-XXXXXX";
  Require(mkdtemp(pattern.data()) != nullptr, "mkdtemp");
  folder_ = pattern;
  Replace(certificate, ca);
}

CertificateFiles::~CertificateFiles() {
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

void CertificateFiles::Replace(const TestCertificate& certificate, absl::string_view ca) {
  const std::string name = absl::StrCat("generation-", ++generation_);
  std::filesystem::create_directory(absl::StrCat(folder_, "/", name));
  Write(absl::StrCat(folder_, "/", name, "/cert.pem"), certificate.cert);
  Write(absl::StrCat(folder_, "/", name, "/key.pem"), certificate.key);
  Write(absl::StrCat(folder_, "/", name, "/ca.pem"), ca);
  const std::string next = folder_ + "/next";
  std::filesystem::create_directory_symlink(name, next);
  std::filesystem::rename(next, folder_ + "/..data");
}

}  // namespace countersign::testing
