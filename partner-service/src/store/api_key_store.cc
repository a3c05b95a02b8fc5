#include "partner-service/src/store/api_key_store.h"

#include <cstdint>
#include <utility>

#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/mysql/read.h"

namespace countersign::partner {
namespace {

constexpr mysql::Table kApiKeys = {
    .name = "api_keys",
    .key = "partner_id, api_key_id",
    .fixed = "key_id, secret_sha256, display_name, expire_time, create_time, last_use_time",
    .changing = "revoke_time, version, update_time"};

constexpr absl::string_view kCountLive =
    "SELECT COUNT(*) FROM api_keys WHERE partner_id = ? AND revoke_time IS NULL "
    "AND (expire_time IS NULL OR expire_time > ?)";

constexpr absl::string_view kLockPartner = "SELECT version FROM partners WHERE partner_id = ? FOR UPDATE";

constexpr absl::string_view kRecordUse =
    "UPDATE api_keys SET last_use_time = ? WHERE partner_id = ? AND api_key_id = ? "
    "AND (last_use_time IS NULL OR last_use_time <= ?)";

ApiKey ApiKeyOf(mysql::RowReader& row) {
  ApiKey key;
  key.partner_id = row.Id();
  key.api_key_id = row.Id();
  row.Skip();  // The key id is the beginning of api_key_id.
  key.secret_sha256 = row.Text();
  key.display_name = row.Text();
  key.expire_time = row.OptionalTime();
  key.create_time = row.Time();
  key.last_use_time = row.OptionalTime();
  key.revoke_time = row.OptionalTime();
  key.version = row.Int();
  key.update_time = row.Time();
  return key;
}

}  // namespace

std::vector<mysql::FilterField> ApiKeyFilterFields() {
  using enum mysql::FilterType;
  return {{"display_name", "display_name"},
          {"expire_time", "COALESCE(expire_time, TIMESTAMP'9999-12-31 23:59:59')", kTime},
          {"revoke_time", "COALESCE(revoke_time, TIMESTAMP'9999-12-31 23:59:59')", kTime},
          {"last_use_time", "COALESCE(last_use_time, TIMESTAMP'1000-01-01 00:00:00')", kTime},
          {"create_time", "create_time", kTime}};
}

absl::StatusOr<ApiKey> ApiKeyStore::Get(absl::Time deadline, const Uuid& partner_id, const Uuid& api_key_id) const {
  ASSIGN_OR_RETURN(std::optional<ApiKey> found,
                   mysql::FindOne<ApiKey>(database_, deadline, kApiKeys, {partner_id, api_key_id}, ApiKeyOf));
  if (found.has_value()) return *std::move(found);
  return NotFound("API_KEY_NOT_FOUND", "The partner has no such API key.", {{"apiKey", api_key_id.ToString()}});
}

absl::StatusOr<std::optional<ApiKey>> ApiKeyStore::FindByKeyId(absl::Time deadline, const Uuid& partner_id,
                                                               absl::string_view key_id) const {
  return mysql::FindBy<ApiKey>(database_, deadline, mysql::SelectFrom(kApiKeys, "WHERE partner_id = ? AND key_id = ?"),
                               {partner_id, key_id}, ApiKeyOf);
}

absl::StatusOr<mysql::Page<ApiKey>> ApiKeyStore::List(absl::Time deadline, const Uuid& partner_id,
                                                      const mysql::PageQuery& query) const {
  return mysql::ListByTime<ApiKey>(
      database_, deadline, {.table = kApiKeys, .parent = "partner_id = ?", .id = "api_key_id"}, {partner_id}, query,
      ApiKeyOf, [](const ApiKey& key) { return mysql::TimePosition{key.create_time, key.api_key_id}; });
}

absl::Status ApiKeyStore::CheckLimit(absl::Time deadline, const Uuid& partner_id, absl::Time now) const {
  ASSIGN_OR_RETURN(const std::optional<int64_t> live,
                   mysql::FindBy<int64_t>(database_, deadline, kCountLive, {partner_id, now},
                                          [](mysql::RowReader& row) { return row.Int(); }));
  return CheckApiKeyLimit(static_cast<int>(live.value_or(0)));
}

absl::Status ApiKeyStore::InsertWithinLimit(mysql::Connection& connection, const ApiKey& key) {
  RETURN_IF_ERROR(connection.QueryOne(kLockPartner, {key.partner_id}).status());
  ASSIGN_OR_RETURN(const std::optional<mysql::Row> live,
                   connection.QueryOne(kCountLive, {key.partner_id, key.create_time}));
  RETURN_IF_ERROR(CheckApiKeyLimit(live.has_value() ? static_cast<int>(live->Int(0)) : 0));
  return mysql::WriteRows(connection, {Row(key)});
}

mysql::RowWrite ApiKeyStore::Row(const ApiKey& key) {
  std::vector<mysql::Parameter> values = {key.partner_id,   key.api_key_id,  KeyIdOf(key),    key.secret_sha256,
                                          key.display_name, key.expire_time, key.create_time, key.last_use_time,
                                          key.revoke_time,  key.version,     key.update_time};
  // Never a put of a new key: it would change another key with the same key id.
  return key.version == 1 ? mysql::Insert(kApiKeys, std::move(values)) : mysql::Put(kApiKeys, std::move(values));
}

absl::Status ApiKeyStore::RecordUse(absl::Time deadline, const ApiKey& key, absl::Time now) const {
  return database_.Autocommit(deadline, [&](mysql::Connection& connection) {
    return connection.Execute(kRecordUse, {now, key.partner_id, key.api_key_id, now - kLastUseResolution}).status();
  });
}

}  // namespace countersign::partner
