#include "benchmarks/replay.h"

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <memory>
#include <set>
#include <thread>
#include <unordered_map>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "common/base/status_macros.h"
#include "common/mysql/connector.h"
#include "common/mysql/server_url.h"

namespace countersign::benchmarks {
namespace {

using mysql::LoggedStatement;

bool IsText(absl::string_view sql) { return sql == "START TRANSACTION" || sql == "COMMIT" || sql == "ROLLBACK"; }

// A bare session: statements are prepared once, bound, executed, and their rows read.
class BareSession {
 public:
  explicit BareSession(const mysql::ServerUrl& server) {
    sql::ConnectOptionsMap options;
    options["hostName"] = sql::SQLString(absl::StrCat("tcp://", server.host, ":", server.port));
    options["userName"] = sql::SQLString(server.user);
    options["password"] = sql::SQLString(server.password);
    options["schema"] = sql::SQLString(server.schema);
    options["OPT_CHARSET_NAME"] = sql::SQLString("utf8mb4");
    options["CLIENT_FOUND_ROWS"] = true;
    if (const char* ca_file = std::getenv("COUNTERSIGN_DATABASE_CA")) {  // Encrypted as the services' sessions are.
      options["sslVerify"] = true;
      options["sslCA"] = sql::SQLString(ca_file);
    }
    options["postInit"] = sql::SQLString("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED");
    connection_.reset(mysql::Driver().connect(options));
    Text("SET SESSION time_zone = '+00:00', innodb_lock_wait_timeout = 3");
  }

  void Send(const LoggedStatement& logged) {
    if (IsText(logged.sql)) return Text(logged.sql);
    std::unique_ptr<sql::PreparedStatement>& statement = statements_[logged.sql];
    if (statement == nullptr) statement.reset(connection_->prepareStatement(logged.sql));
    mysql::Bind(*statement, logged.parameters);
    if (!statement->execute()) return;
    const std::unique_ptr<sql::ResultSet> rows(statement->getResultSet());
    const unsigned int width = rows->getMetaData()->getColumnCount();
    while (rows->next()) {
      for (unsigned int i = 1; i <= width; ++i) bytes_read_ += rows->getString(i).length();
    }
  }

 private:
  void Text(const std::string& sql) {
    const std::unique_ptr<sql::Statement> statement(connection_->createStatement());
    statement->execute(sql);
  }

  std::unique_ptr<sql::Connection> connection_;
  std::unordered_map<std::string, std::unique_ptr<sql::PreparedStatement>> statements_;
  size_t bytes_read_ = 0;
};

// Each schema's statements in an order without interleaved transactions: those of a transaction stand together, at the
// time of its end. A session with autocommit off begins a transaction with its first statement; the replay, whose
// sessions have it on, is given a statement for that.
std::vector<LoggedStatement> Untangled(const std::vector<LoggedStatement>& log) {
  std::set<int64_t> transactional;
  std::map<int64_t, std::vector<LoggedStatement>> open;
  std::vector<LoggedStatement> result;
  for (const LoggedStatement& statement : log) {
    if (absl::StartsWith(statement.sql, "SET autocommit")) {
      if (absl::EndsWith(statement.sql, "0")) {
        transactional.insert(statement.session);
      } else {
        transactional.erase(statement.session);
      }
      continue;
    }
    const auto transaction = open.find(statement.session);
    if (transaction == open.end() && transactional.contains(statement.session)) {
      open[statement.session] = {{statement.time_ns, statement.session, "START TRANSACTION", {}}, statement};
    } else if (transaction == open.end()) {
      result.push_back(statement);
    } else {
      transaction->second.push_back(statement);
      if (!IsText(statement.sql)) continue;
      for (LoggedStatement& part : transaction->second) {
        part.time_ns = statement.time_ns;
        result.push_back(std::move(part));
      }
      open.erase(transaction);
    }
  }
  return result;
}

}  // namespace

std::vector<ReplayOrder> SplitIntoOrders(const std::vector<std::vector<LoggedStatement>>& logs,
                                         const std::vector<int64_t>& starts) {
  std::vector<ReplayOrder> orders(starts.size() - 1);
  for (size_t schema = 0; schema < logs.size(); ++schema) {
    for (LoggedStatement& statement : Untangled(logs[schema])) {
      const auto next = std::upper_bound(starts.begin(), starts.end(), statement.time_ns);
      if (next == starts.begin() || next == starts.end()) continue;
      orders[next - starts.begin() - 1].push_back({static_cast<int>(schema), std::move(statement)});
    }
  }
  for (ReplayOrder& order : orders) {
    std::stable_sort(order.begin(), order.end(), [](const ReplayStatement& a, const ReplayStatement& b) {
      return a.statement.time_ns < b.statement.time_ns;
    });
  }
  return orders;
}

absl::StatusOr<ReplayResult> Replay(const std::vector<ReplayOrder>& orders, const std::vector<std::string>& urls,
                                    int workers) {
  std::vector<mysql::ServerUrl> servers;
  for (const std::string& url : urls) {
    ASSIGN_OR_RETURN(mysql::ServerUrl server, mysql::ParseServerUrl(url));
    servers.push_back(std::move(server));
  }
  mysql::Driver();
  std::vector<std::vector<std::unique_ptr<BareSession>>> sessions(workers);
  for (auto& own : sessions) {
    for (const mysql::ServerUrl& server : servers) own.push_back(std::make_unique<BareSession>(server));
  }
  std::atomic<size_t> next = 0;
  std::atomic<int64_t> failed = 0;
  const absl::Time begin = absl::Now();
  std::vector<std::thread> threads;
  for (int worker = 0; worker < workers; ++worker) {
    threads.emplace_back([&, worker] {
      mysql::InitThread();
      for (size_t i = next++; i < orders.size(); i = next++) {
        for (const ReplayStatement& item : orders[i]) {
          try {
            sessions[worker][item.schema]->Send(item.statement);
          } catch (const sql::SQLException&) {
            ++failed;
          }
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  return ReplayResult{absl::Now() - begin, failed};
}

}  // namespace countersign::benchmarks
