# Run by countersign_embed at build time: writes HEADER and SOURCE, which hold FILES as bytes.
set(entries "")
set(count 0)
foreach(file IN LISTS FILES)
  file(RELATIVE_PATH name ${DIRECTORY} ${file})
  file(READ ${file} bytes HEX)
  string(LENGTH "${bytes}" digits)
  math(EXPR size "${digits} / 2")
  # An array and not one long literal: every byte is kept, and lines stay short.
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "\\\\x\\1" escaped "${bytes}")
  string(REGEX REPLACE "((\\\\x[0-9a-f][0-9a-f])(\\\\x[0-9a-f][0-9a-f])?(\\\\x[0-9a-f][0-9a-f])?(\\\\x[0-9a-f][0-9a-f])?(\\\\x[0-9a-f][0-9a-f])?(\\\\x[0-9a-f][0-9a-f])?(\\\\x[0-9a-f][0-9a-f])?)" "\n        \"\\1\"" lines "${escaped}")
  if(size EQUAL 0)
    set(lines "\"\"")
  endif()
  string(APPEND entries "    ::countersign::EmbeddedFile{\n        \"${name}\",\n        std::string_view(${lines}, ${size})},\n")
  math(EXPR count "${count} + 1")
endforeach()

string(REGEX REPLACE "[^A-Za-z0-9]" "_" guard "${INCLUDE}")
string(TOUPPER "COUNTERSIGN_EMBEDDED_${guard}_" guard)
file(WRITE ${HEADER} "// Generated from ${NAME}'s files.
#ifndef ${guard}
#define ${guard}

#include <array>

#include \"common/base/embedded_file.h\"

namespace ${NAMESPACE} {

extern const std::array<::countersign::EmbeddedFile, ${count}> ${NAME};

}  // namespace ${NAMESPACE}

#endif  // ${guard}
")
file(WRITE ${SOURCE} "// Generated from ${NAME}'s files.
#include \"${INCLUDE}\"

namespace ${NAMESPACE} {

// Constant-initialized, so other static objects may read it.
constinit const std::array<::countersign::EmbeddedFile, ${count}> ${NAME} = {{
${entries}}};

}  // namespace ${NAMESPACE}
")
