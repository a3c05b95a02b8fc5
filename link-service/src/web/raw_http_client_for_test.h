// For tests of the HTTP server.
#ifndef COUNTERSIGN_LINK_SERVICE_SRC_WEB_RAW_HTTP_CLIENT_FOR_TEST_H_
#define COUNTERSIGN_LINK_SERVICE_SRC_WEB_RAW_HTTP_CLIENT_FOR_TEST_H_

#include <poll.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <cstdint>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace countersign::link::web {

// A client that sends exactly the bytes it is told to.
class RawClient {
 public:
  explicit RawClient(uint16_t port, const char* from = "127.0.0.1")
      : socket_(io_, {boost::asio::ip::make_address(from), 0}) {
    socket_.connect({boost::asio::ip::make_address("127.0.0.1"), port});
  }

  // False once the server has closed.
  bool Send(absl::string_view bytes) {
    boost::system::error_code error;
    boost::asio::write(socket_, boost::asio::buffer(bytes.data(), bytes.size()), error);
    return !error;
  }

  // Waits that long for the server to close (or to send something) and tells whether it did.
  bool ClosedWithin(absl::Duration patience) {
    pollfd wanted = {socket_.native_handle(), POLLIN, 0};
    return poll(&wanted, 1, static_cast<int>(absl::ToInt64Milliseconds(patience))) > 0;
  }

  // Everything until the server closes.
  std::string ReadAll() {
    boost::system::error_code error;
    std::string all;
    char chunk[4096];
    while (!error) {
      const std::size_t bytes = socket_.read_some(boost::asio::buffer(chunk), error);
      all.append(chunk, bytes);
    }
    return all;
  }

  // Until `end` has come, which may be in the middle of a connection.
  std::string ReadUntil(absl::string_view end) {
    boost::system::error_code error;
    std::string all;
    char byte;
    while (!absl::EndsWith(all, end) && socket_.read_some(boost::asio::buffer(&byte, 1), error) == 1) all += byte;
    return all;
  }

 private:
  boost::asio::io_context io_;
  boost::asio::ip::tcp::socket socket_;
};

}  // namespace countersign::link::web

#endif  // COUNTERSIGN_LINK_SERVICE_SRC_WEB_RAW_HTTP_CLIENT_FOR_TEST_H_
