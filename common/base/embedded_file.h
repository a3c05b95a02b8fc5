#ifndef COUNTERSIGN_COMMON_BASE_EMBEDDED_FILE_H_
#define COUNTERSIGN_COMMON_BASE_EMBEDDED_FILE_H_

#include <string_view>

namespace countersign {

// A file that was compiled into the program (see countersign_embed in cmake/Countersign.cmake): migrations, templates.
struct EmbeddedFile {
  std::string_view name;      // relative to the embedded folder, with '/' between parts
  std::string_view contents;  // every byte of it; lives as long as the program
};

}  // namespace countersign

#endif  // COUNTERSIGN_COMMON_BASE_EMBEDDED_FILE_H_
