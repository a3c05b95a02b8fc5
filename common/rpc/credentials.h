// How this process shows who it is, and learns who its peers are: mutual TLS from three files that are read again when
// they change, or plaintext on loopback.
#ifndef COUNTERSIGN_COMMON_RPC_CREDENTIALS_H_
#define COUNTERSIGN_COMMON_RPC_CREDENTIALS_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "grpcpp/security/credentials.h"
#include "grpcpp/security/server_credentials.h"

namespace countersign::rpc {

// PEM files.
struct TlsFiles {
  std::string cert_file;  // The certificate, followed by intermediate ones if there are any.
  std::string key_file;   // Its private key, not encrypted.
  std::string ca_file;    // The authorities that are trusted, in both directions; nothing else is.
};

// Copies share one watcher of the files. A process has one of these, for its server and for its channels: gRPC 1.51 may
// fail a connection that is made while the last one that used a watcher goes, and a server never goes. Thread-safe.
class Credentials {
 public:
  // Plaintext: nobody proves anything. rpc::Server refuses to serve so on any address but loopback.
  Credentials();

  // TLS 1.2 or 1.3. The files are looked at every second, and what changed is used for the next connection; those that
  // stand go on. Key and certificate should change in one step (a link to their folder, as Kubernetes does it).
  // A server asks for a client's certificate and refuses a connection with a bad one (unknown authority, expired, not
  // for clients), but does not insist on one: a partner comes with an API key instead.
  // Error: INVALID_ARGUMENT TLS_FILES, when a file cannot be read, is not PEM, or the key is not the certificate's.
  static absl::StatusOr<Credentials> Tls(const TlsFiles& files);

  bool is_plaintext() const { return is_plaintext_; }
  const std::shared_ptr<grpc::ServerCredentials>& server() const { return server_; }
  // The channel must say whom it means: see MakeChannel in channel.h.
  const std::shared_ptr<grpc::ChannelCredentials>& client() const { return client_; }

 private:
  bool is_plaintext_ = true;
  std::shared_ptr<grpc::ServerCredentials> server_;
  std::shared_ptr<grpc::ChannelCredentials> client_;
};

// The host of "host:port", an IPv6 address without its brackets.
std::string HostOf(absl::string_view host_port);

// Whether "host:port" names this machine alone: localhost, 127.0.0.0/8 or [::1]. No name is looked up.
bool IsLoopback(absl::string_view host_port);

}  // namespace countersign::rpc

#endif  // COUNTERSIGN_COMMON_RPC_CREDENTIALS_H_
