// A client that writes its HTTP/2 frames by hand, for what no gRPC library would send. Plaintext. For tests.
#ifndef COUNTERSIGN_COMMON_RPC_RAW_HTTP2_FOR_TEST_H_
#define COUNTERSIGN_COMMON_RPC_RAW_HTTP2_FOR_TEST_H_

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace countersign::rpc {

class RawHttp2 {
 public:
  using Metadata = std::vector<std::pair<std::string, std::string>>;

  // To 127.0.0.1, `from` an address of the loopback network.
  explicit RawHttp2(int port, const char* from = "127.0.0.1") : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    inet_pton(AF_INET, from, &address.sin_addr);
    if (bind(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) abort();
    address.sin_port = htons(static_cast<uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    closed_ = connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0;
  }
  ~RawHttp2() { close(fd_); }
  RawHttp2(const RawHttp2&) = delete;
  RawHttp2& operator=(const RawHttp2&) = delete;

  // Whether the server has not closed the connection, as far as it is heard of.
  bool is_open() {
    while (Pump(absl::ZeroDuration())) {
    }
    return !closed_;
  }

  // The preface and settings: binary metadata comes as it is, and the server may send as much as it likes.
  void Begin() {
    begun_ = true;
    const std::string true_binary("\xfe\x03\0\0\0\1", 6);
    const std::string large_window("\0\4\x3f\xff\xff\xff", 6);
    Send(absl::StrCat("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", Frame(4, 0, 0, true_binary + large_window)));
  }

  // Opens a stream that calls `method` ("/package.Service/Method").
  void Call(uint32_t stream, const std::string& method, const Metadata& metadata = {}) {
    std::string block;
    for (const auto& [name, value] : Metadata{{":method", "POST"},
                                              {":scheme", "http"},
                                              {":path", method},
                                              {":authority", "localhost"},
                                              {"te", "trailers"},
                                              {"content-type", "application/grpc"}}) {
      absl::StrAppend(&block, Field(name, value));
    }
    for (const auto& [name, value] : metadata) absl::StrAppend(&block, Field(name, value));
    Send(Frame(1, /*END_HEADERS*/ 4, stream, block));
  }

  // Bytes of a stream's body, in frames of the size that everybody takes, as fast as flow control allows. False when
  // the server takes no more of it for `patience`, or has ended the stream or the connection.
  bool Data(uint32_t stream, absl::string_view bytes, bool end = true, absl::Duration patience = absl::Seconds(10)) {
    do {
      const absl::string_view part = bytes.substr(0, kFrameBytes);
      const auto has_room = [&] { return window_ >= kFrameBytes && WindowOf(stream) >= kFrameBytes; };
      const absl::Time give_up = absl::Now() + patience;
      while (Pump(absl::ZeroDuration())) {
      }
      while (!has_room() && absl::Now() < give_up && ended_.count(stream) == 0 && !closed_) Pump(give_up - absl::Now());
      if (!has_room() || ended_.count(stream) > 0 || closed_) return false;
      bytes.remove_prefix(part.size());
      window_ -= static_cast<int64_t>(part.size());
      stream_windows_[stream] -= static_cast<int64_t>(part.size());
      if (!Send(Frame(0, end && bytes.empty() ? 1 : 0, stream, part))) return false;
    } while (!bytes.empty());
    return true;
  }

  // gRPC's prefix of a message: whether it is compressed, and its length.
  static std::string Prefix(char compressed, uint32_t length) {
    return std::string{compressed, static_cast<char>(length >> 24), static_cast<char>(length >> 16),
                       static_cast<char>(length >> 8), static_cast<char>(length)};
  }

  // All that has come, as soon as it holds `text`, the server has closed or ten seconds have gone.
  const std::string& ReadUntil(absl::string_view text) {
    const absl::Time end = absl::Now() + absl::Seconds(10);
    while (!absl::StrContains(received_, text) && !closed_ && absl::Now() < end) Pump(end - absl::Now());
    return received_;
  }

  // False once the server has closed.
  bool Send(absl::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<size_t>(sent));
    }
    return true;
  }

 private:
  static constexpr int64_t kFrameBytes = 16'384;
  static constexpr size_t kHeadBytes = 9;

  int64_t& WindowOf(uint32_t stream) { return stream_windows_.try_emplace(stream, initial_window_).first->second; }

  // Reads what is there, at the latest after `patience`; false when nothing came.
  bool Pump(absl::Duration patience) {
    pollfd wanted = {fd_, POLLIN, 0};
    if (closed_ || poll(&wanted, 1, static_cast<int>(absl::ToInt64Milliseconds(patience))) < 1) return false;
    char chunk[65'536];
    const ssize_t bytes = read(fd_, chunk, sizeof chunk);
    closed_ = bytes <= 0;
    if (closed_) return false;
    received_.append(chunk, static_cast<size_t>(bytes));
    while (received_.size() >= parsed_ + kHeadBytes) {
      const absl::string_view head = absl::string_view(received_).substr(parsed_, kHeadBytes);
      const size_t size = Number(head.substr(0, 3));
      if (received_.size() < parsed_ + kHeadBytes + size) break;
      TakeFrame(head[3], head[4], Number(head.substr(5)),
                absl::string_view(received_).substr(parsed_ + kHeadBytes, size));
      parsed_ += kHeadBytes + size;
    }
    return true;
  }

  void TakeFrame(char type, char flags, uint32_t stream, absl::string_view payload) {
    if (type == 8) (stream == 0 ? window_ : WindowOf(stream)) += Number(payload);
    if (type == 3 || (type == 1 && (flags & 1) != 0)) ended_.insert(stream);
    if (type != 4 || (flags & 1) != 0) return;
    for (; payload.size() >= 6; payload.remove_prefix(6)) {
      if (Number(payload.substr(0, 2)) != 4) continue;
      const int64_t change = Number(payload.substr(2, 4)) - initial_window_;
      initial_window_ += change;
      for (auto& [number, window] : stream_windows_) window += change;
    }
    if (begun_) Send(Frame(4, 1, 0, ""));
  }

  static uint32_t Number(absl::string_view bytes) {
    uint32_t number = 0;
    for (const char byte : bytes) number = number << 8 | static_cast<unsigned char>(byte);
    return number;
  }

  static std::string Frame(char type, char flags, uint32_t stream, absl::string_view payload) {
    const auto size = static_cast<uint32_t>(payload.size());
    const std::string head = {static_cast<char>(size >> 16),
                              static_cast<char>(size >> 8),
                              static_cast<char>(size),
                              type,
                              flags,
                              static_cast<char>(stream >> 24),
                              static_cast<char>(stream >> 16),
                              static_cast<char>(stream >> 8),
                              static_cast<char>(stream)};
    return absl::StrCat(head, payload);
  }

  // A length of HPACK's, with a prefix of 7 bits.
  static std::string Length(size_t length) {
    if (length < 127) return std::string(1, static_cast<char>(length));
    std::string text(1, 127);
    for (length -= 127; length >= 128; length /= 128) text += static_cast<char>(length % 128 + 128);
    return text + static_cast<char>(length);
  }

  // A literal header field that no table keeps.
  static std::string Field(absl::string_view name, absl::string_view value) {
    return absl::StrCat(absl::string_view("\0", 1), Length(name.size()), name, Length(value.size()), value);
  }

  const int fd_;
  bool begun_ = false;
  bool closed_ = false;  // By the server.
  std::string received_;
  size_t parsed_ = 0;
  int64_t window_ = 65'535;
  int64_t initial_window_ = 65'535;
  std::map<uint32_t, int64_t> stream_windows_;
  std::set<uint32_t> ended_;
};

// Kilobytes of memory that this process holds.
inline int64_t ResidentKib() {
  int64_t pages = 0;
  int64_t total = 0;
  if (FILE* file = fopen("/proc/self/statm", "re"); file != nullptr) {
    if (fscanf(file, "%ld %ld", &total, &pages) != 2) pages = 0;
    fclose(file);
  }
  return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

}  // namespace countersign::rpc

#endif  // COUNTERSIGN_COMMON_RPC_RAW_HTTP2_FOR_TEST_H_
