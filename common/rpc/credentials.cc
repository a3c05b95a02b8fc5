#include "common/rpc/credentials.h"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <cstdio>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "grpcpp/security/tls_certificate_provider.h"
#include "grpcpp/security/tls_credentials_options.h"

namespace countersign::rpc {
namespace {

constexpr unsigned int kRefreshSeconds = 1;

struct Deleter {
  void operator()(std::FILE* file) const { std::fclose(file); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
using File = std::unique_ptr<std::FILE, Deleter>;
using Certificate = std::unique_ptr<X509, Deleter>;
using Key = std::unique_ptr<EVP_PKEY, Deleter>;

absl::Status Refuse(const std::string& path, absl::string_view why) {
  ERR_clear_error();
  return Error(absl::StatusCode::kInvalidArgument, "TLS_FILES", absl::StrCat(path, " ", why), {{"file", path}});
}

absl::StatusOr<File> Open(const std::string& path) {
  File file(std::fopen(path.c_str(), "re"));
  if (file == nullptr) return Refuse(path, "cannot be read.");
  return file;
}

absl::StatusOr<Certificate> ReadCertificate(const std::string& path) {
  ASSIGN_OR_RETURN(const File file, Open(path));
  Certificate certificate(PEM_read_X509(file.get(), nullptr, nullptr, nullptr));
  if (certificate == nullptr) return Refuse(path, "holds no PEM certificate.");
  return certificate;
}

absl::StatusOr<Key> ReadKey(const std::string& path) {
  ASSIGN_OR_RETURN(const File file, Open(path));
  const auto no_passphrase = [](char*, int, int, void*) { return -1; };
  Key key(PEM_read_PrivateKey(file.get(), nullptr, no_passphrase, nullptr));
  if (key == nullptr) return Refuse(path, "holds no PEM private key, or an encrypted one.");
  return key;
}

// gRPC only logs what is wrong with its files and then serves nobody; better to say it at once.
absl::Status Check(const TlsFiles& files) {
  ASSIGN_OR_RETURN(const Certificate certificate, ReadCertificate(files.cert_file));
  ASSIGN_OR_RETURN(const Key key, ReadKey(files.key_file));
  RETURN_IF_ERROR(ReadCertificate(files.ca_file).status());
  if (X509_check_private_key(certificate.get(), key.get()) != 1) {
    return Refuse(files.key_file, absl::StrCat("is not the key of ", files.cert_file, "."));
  }
  return absl::OkStatus();
}

}  // namespace

Credentials::Credentials() : server_(grpc::InsecureServerCredentials()), client_(grpc::InsecureChannelCredentials()) {}

absl::StatusOr<Credentials> Credentials::Tls(const TlsFiles& files) {
  RETURN_IF_ERROR(Check(files));
  const auto provider = std::make_shared<grpc::experimental::FileWatcherCertificateProvider>(
      files.key_file, files.cert_file, files.ca_file, kRefreshSeconds);
  grpc::experimental::TlsServerCredentialsOptions server(provider);
  server.watch_root_certs();
  server.watch_identity_key_cert_pairs();
  server.set_cert_request_type(GRPC_SSL_REQUEST_CLIENT_CERTIFICATE_AND_VERIFY);
  grpc::experimental::TlsChannelCredentialsOptions client;
  client.set_certificate_provider(provider);
  client.watch_root_certs();
  client.watch_identity_key_cert_pairs();
  // The host name verifier, which is the default, reads the name that MakeChannel gives.

  Credentials credentials;
  credentials.is_plaintext_ = false;
  credentials.server_ = grpc::experimental::TlsServerCredentials(server);
  credentials.client_ = grpc::experimental::TlsCredentials(client);
  return credentials;
}

std::string HostOf(absl::string_view host_port) {
  absl::string_view host = host_port.substr(0, host_port.rfind(':'));
  if (absl::ConsumePrefix(&host, "[")) absl::ConsumeSuffix(&host, "]");
  return std::string(host);
}

bool IsLoopback(absl::string_view host_port) {
  const std::string host = HostOf(host_port);
  in_addr v4;
  if (inet_pton(AF_INET, host.c_str(), &v4) == 1) return (ntohl(v4.s_addr) >> 24) == 127;
  return host == "localhost" || host == "::1";
}

}  // namespace countersign::rpc
