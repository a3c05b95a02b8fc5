// The connector's headers and driver, whichever version is installed: <cppconn/…> is MySQL Connector/C++ 1.1,
// <mysql/jdbc.h> its successor 8/9. For this folder, and for the benchmarks' bare session.
#ifndef COUNTERSIGN_COMMON_MYSQL_CONNECTOR_H_
#define COUNTERSIGN_COMMON_MYSQL_CONNECTOR_H_

#if __has_include(<mysql/jdbc.h>)
#include <mysql/jdbc.h>
#else
#include <cppconn/connection.h>
#include <cppconn/driver.h>
#include <cppconn/exception.h>
#include <cppconn/prepared_statement.h>
#include <cppconn/resultset.h>
#include <cppconn/resultset_metadata.h>
#include <cppconn/statement.h>
#endif

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/strings/string_view.h"
#include "common/mysql/connection.h"

namespace countersign::mysql {

// The one driver of the process: getting it is not thread-safe, so it is got once.
inline sql::Driver& Driver() {
  static sql::Driver* const driver = get_driver_instance();
  return *driver;
}

// Gives the calling thread the client library's per-thread state, until the thread ends.
inline void InitThread() {
  struct ThreadState {
    ThreadState() { Driver().threadInit(); }
    ~ThreadState() { Driver().threadEnd(); }
  };
  thread_local const ThreadState state;
}

// Throws sql::SQLException.
inline void Bind(sql::PreparedStatement& statement, const std::vector<Parameter>& parameters) {
  unsigned int index = 0;
  for (const Parameter& parameter : parameters) {
    ++index;
    if (const int64_t* number = parameter.number()) {
      statement.setInt64(index, *number);
    } else if (const std::optional<absl::string_view> bytes = parameter.bytes()) {
      // BINARY too: sent as it is, compared bytewise with BINARY columns.
      statement.setString(index, sql::SQLString(bytes->data(), bytes->size()));
    } else {
      statement.setNull(index, 0);
    }
  }
}

}  // namespace countersign::mysql

#endif  // COUNTERSIGN_COMMON_MYSQL_CONNECTOR_H_
