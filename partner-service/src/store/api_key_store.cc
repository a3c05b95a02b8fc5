#include "partner-service/src/store/api_key_store.h"

#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/mysql/errors.h"
#include "common/mysql/read.h"

namespace countersign::partner {
namespace {

constexpr absl::string_view kSelectApiKey =
    "SELECT api_key_id, secret_sha256, display_name, expire_time, revoke_time, last_use_time, version, create_time, "
    "update_time FROM api_keys WHERE partner_id = ? AND api_key_id = ?";

constexpr absl::string_view kSelectApiKeyByKeyId =
    "SELECT api_key_id, secret_sha256, display_name, expire_time, revoke_time, last_use_time, version, create_time, "
    "update_time FROM api_keys WHERE partner_id = ? AND key_id = ?";

constexpr absl::string_view kSelectPage =
    "SELECT api_key_id, secret_sha256, display_name, expire_time, revoke_time, last_use_time, version, create_time, "
    "update_time FROM api_keys WHERE partner_id = ? AND (create_time > ? OR (create_time = ? AND api_key_id > ?))";
constexpr absl::string_view kOldestFirst = " ORDER BY create_time, api_key_id LIMIT ?";

constexpr absl::string_view kCountLive =
    "SELECT COUNT(*) FROM api_keys WHERE partner_id = ? AND revoke_time IS NULL "
    "AND (expire_time IS NULL OR expire_time > ?)";

// Who makes a key holds its partner meanwhile, so that two at once are counted one after the other.
constexpr absl::string_view kLockPartner = "SELECT version FROM partners WHERE partner_id = ? FOR UPDATE";

constexpr absl::string_view kInsertApiKey =
    "INSERT INTO api_keys (partner_id, api_key_id, key_id, secret_sha256, display_name, expire_time, revoke_time, "
    "last_use_time, version, create_time, update_time) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

constexpr absl::string_view kUpdateApiKey =
    "UPDATE api_keys SET revoke_time = ?, version = ?, update_time = ? "
    "WHERE partner_id = ? AND api_key_id = ? AND version = ?";

constexpr absl::string_view kRecordUse =
    "UPDATE api_keys SET last_use_time = ? WHERE partner_id = ? AND api_key_id = ? "
    "AND (last_use_time IS NULL OR last_use_time <= ?)";

ApiKey ApiKeyOf(const Uuid& partner_id, const mysql::Row& row) {
  return {.partner_id = partner_id,
          .api_key_id = row.Id(0),
          .secret_sha256 = row.Bytes(1),
          .display_name = row.Bytes(2),
          .expire_time = row.OptionalTime(3),
          .revoke_time = row.OptionalTime(4),
          .last_use_time = row.OptionalTime(5),
          .version = row.Int(6),
          .create_time = row.Time(7),
          .update_time = row.Time(8)};
}

absl::Status CheckLimit(mysql::Connection& connection, const ApiKey& key) {
  RETURN_IF_ERROR(connection.QueryOne(kLockPartner, {key.partner_id}).status());
  ASSIGN_OR_RETURN(const std::optional<mysql::Row> row,
                   connection.QueryOne(kCountLive, {key.partner_id, key.create_time}));
  return CheckApiKeyLimit(row.has_value() ? static_cast<int>(row->Int(0)) : 0);
}

}  // namespace

absl::StatusOr<ApiKey> ApiKeyStore::Find(absl::Time deadline, const Uuid& partner_id, const Uuid& api_key_id) const {
  ASSIGN_OR_RETURN(const std::optional<mysql::Row> row,
                   mysql::ReadOne(database_, deadline, kSelectApiKey, {partner_id, api_key_id}));
  if (!row.has_value()) {
    return NotFound("API_KEY_NOT_FOUND", "The partner has no such API key.", {{"apiKey", api_key_id.ToString()}});
  }
  return ApiKeyOf(partner_id, *row);
}

absl::StatusOr<std::optional<ApiKey>> ApiKeyStore::FindByKeyId(absl::Time deadline, const Uuid& partner_id,
                                                               absl::string_view key_id) const {
  ASSIGN_OR_RETURN(const std::optional<mysql::Row> row,
                   mysql::ReadOne(database_, deadline, kSelectApiKeyByKeyId, {partner_id, key_id}));
  if (!row.has_value()) return std::nullopt;
  return ApiKeyOf(partner_id, *row);
}

absl::StatusOr<mysql::Page<ApiKey>> ApiKeyStore::List(absl::Time deadline, const Uuid& partner_id,
                                                      const mysql::PageQuery& query) const {
  const auto after = mysql::TimePosition::FromText(query.after);
  return mysql::ReadPage<ApiKey>(
      database_, deadline,
      mysql::StatementOf(kSelectPage, {partner_id, after.time, after.time, after.id}, query, kOldestFirst),
      [&](const mysql::Row& row) { return ApiKeyOf(partner_id, row); },
      [](const ApiKey& key) {
        return mysql::TimePosition{key.create_time, key.api_key_id}.ToText();
      });
}

absl::StatusOr<int> ApiKeyStore::CountLive(absl::Time deadline, const Uuid& partner_id, absl::Time now) const {
  ASSIGN_OR_RETURN(const std::optional<mysql::Row> row,
                   mysql::ReadOne(database_, deadline, kCountLive, {partner_id, now}));
  return row.has_value() ? static_cast<int>(row->Int(0)) : 0;
}

absl::Status ApiKeyStore::Insert(absl::Time deadline, const ApiKey& key, const events::Change& change) {
  return events::Commit(database_, deadline, change, [&](mysql::Connection& connection) -> absl::Status {
    RETURN_IF_ERROR(CheckLimit(connection, key));
    const absl::Status inserted =
        connection
            .Execute(kInsertApiKey, {key.partner_id, key.api_key_id, KeyIdOf(key), key.secret_sha256, key.display_name,
                                     key.expire_time, key.revoke_time, key.last_use_time, key.version, key.create_time,
                                     key.update_time})
            .status();
    return mysql::IsDuplicateKey(inserted) ? LostRace() : inserted;
  });
}

absl::Status ApiKeyStore::Update(absl::Time deadline, const ApiKey& key, const events::Change& change) {
  return events::Commit(database_, deadline, change, [&](mysql::Connection& connection) {
    return connection.ExecuteGuarded(kUpdateApiKey, {key.revoke_time, key.version, key.update_time, key.partner_id,
                                                     key.api_key_id, key.version - 1});
  });
}

absl::Status ApiKeyStore::RecordUse(absl::Time deadline, const ApiKey& key, absl::Time now) {
  return database_.Autocommit(deadline, [&](mysql::Connection& connection) {
    return connection.Execute(kRecordUse, {now, key.partner_id, key.api_key_id, now - kLastUseResolution}).status();
  });
}

}  // namespace countersign::partner
