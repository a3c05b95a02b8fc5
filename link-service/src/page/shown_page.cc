#include "link-service/src/page/shown_page.h"

#include <zlib.h>

#include <array>
#include <cstdlib>
#include <optional>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "common/base/crypto.h"
#include "common/rpc/call.h"
#include "link-service/src/domain/disclosure.h"
#include "link-service/src/page/page_sentences.h"
#include "link-service/src/web/agreements.h"

namespace countersign::link {
namespace {

const Bytef* ToZlib(absl::string_view bytes) { return reinterpret_cast<const Bytef*>(bytes.data()); }

std::string Compressed(absl::string_view bytes) {
  uLongf size = compressBound(bytes.size());
  std::string compressed(size, '\0');
  // With a buffer of that bound, only a lack of memory can make it fail.
  if (compress2(reinterpret_cast<Bytef*>(compressed.data()), &size, ToZlib(bytes), bytes.size(), Z_BEST_SPEED) !=
      Z_OK) {
    std::abort();
  }
  compressed.resize(size);
  return compressed;
}

}  // namespace

absl::StatusOr<ShownPage> ShownPageOf(const Link& link, const Vendor& vendor, const web::Language& language) {
  ShownPage page{.content = {}, .language = &language, .bytes = {}, .sha256 = {}};
  v1::PageContent& content = page.content;
  if (!content.mutable_review()->ParseFromString(link.review)) {
    return absl::DataLossError(absl::StrCat("The review of link ", link.link_id.ToString(), " does not parse."));
  }
  const std::optional<absl::string_view> agreement = vendor.agreements.Find(content.review().agreement_version());
  if (!agreement.has_value()) {
    return absl::DataLossError(
        absl::StrCat("There is no text of agreement ", content.review().agreement_version(), "."));
  }
  content.set_revision(link.revision);
  content.set_vendor_name(vendor.name);
  content.set_vendor_legal_entity(vendor.seller());
  for (const Disclosure& disclosure : kDisclosures) content.add_partner_learns(language.Text(disclosure.message));
  for (const absl::string_view message : kNeverDisclosed) content.add_partner_never_learns(language.Text(message));
  content.set_agreement_text(std::string(*agreement));
  content.set_locale(language.code());
  if (!AddSentences(language, AgreementOf(*agreement).title, content).ok()) {
    return absl::DataLossError(absl::StrCat("The amounts of link ", link.link_id.ToString(), " are invalid."));
  }
  page.bytes = rpc::DeterministicBytes(content);
  page.sha256 = Sha256(page.bytes);
  return page;
}

ShownContent ToBeKept(const ShownPage& page) {
  return {.sha256 = page.sha256,
          .content = Compressed(page.bytes),
          .locale = page.content.locale(),
          .template_version = TemplateVersion(),
          .agreement_version = page.content.review().agreement_version()};
}

absl::StatusOr<std::string> Uncompressed(absl::string_view content) {
  z_stream stream = {};
  stream.next_in = const_cast<Bytef*>(ToZlib(content));
  stream.avail_in = static_cast<uInt>(content.size());
  if (inflateInit(&stream) != Z_OK) return absl::DataLossError("zlib does not start.");
  std::string bytes;
  std::array<char, 16 * 1024> part;
  int result = Z_OK;
  while (result == Z_OK) {
    stream.next_out = reinterpret_cast<Bytef*>(part.data());
    stream.avail_out = part.size();
    result = inflate(&stream, Z_NO_FLUSH);
    bytes.append(part.data(), part.size() - stream.avail_out);
  }
  inflateEnd(&stream);
  if (result != Z_STREAM_END) return absl::DataLossError("The kept page is damaged.");
  return bytes;
}

}  // namespace countersign::link
