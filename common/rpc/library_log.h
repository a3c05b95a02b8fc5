// Routes what gRPC and protobuf log into our own log: by default they write plain lines to standard error, with the
// bytes of strangers in them, who can so write any record that they like.
#ifndef COUNTERSIGN_COMMON_RPC_LIBRARY_LOG_H_
#define COUNTERSIGN_COMMON_RPC_LIBRARY_LOG_H_

namespace countersign::rpc {

// From now on each of their messages is a record "library" with the fields library, source and text, which is cut after
// 300 bytes; they count as records of strangers (log.h). Idempotent.
void RouteLibraryLogs();

}  // namespace countersign::rpc

#endif  // COUNTERSIGN_COMMON_RPC_LIBRARY_LOG_H_
