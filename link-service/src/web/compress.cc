#include "link-service/src/web/compress.h"

#include <zlib.h>

#include <cstdlib>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"

namespace countersign::link::web {
namespace {

constexpr int kGzipWindow = 15 + 16;  // zlib's largest window, and gzip's header instead of its own.
constexpr int kMemoryLevel = 8;
constexpr int kLevel = 6;

}  // namespace

std::string Gzip(absl::string_view text) {
  z_stream stream = {};
  if (deflateInit2(&stream, kLevel, Z_DEFLATED, kGzipWindow, kMemoryLevel, Z_DEFAULT_STRATEGY) != Z_OK) std::abort();
  std::string compressed(deflateBound(&stream, text.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(compressed.data());
  stream.avail_out = static_cast<uInt>(compressed.size());
  // With a buffer of that bound, only a lack of memory can make it fail.
  if (deflate(&stream, Z_FINISH) != Z_STREAM_END) std::abort();
  compressed.resize(stream.total_out);
  deflateEnd(&stream);
  return compressed;
}

bool AcceptsGzip(absl::string_view accept_encoding) {
  for (const absl::string_view coding : absl::StrSplit(accept_encoding, ',')) {
    const std::string plain = absl::AsciiStrToLower(absl::StrReplaceAll(coding, {{" ", ""}, {"\t", ""}}));
    const std::pair<absl::string_view, absl::string_view> parts = absl::StrSplit(plain, absl::MaxSplits(';', 1));
    if (parts.first != "gzip") continue;
    return !(absl::StartsWith(parts.second, "q=0") &&
             parts.second.find_first_of("123456789") == absl::string_view::npos);
  }
  return false;
}

}  // namespace countersign::link::web
