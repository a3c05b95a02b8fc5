# Every library from outside, as Debian 12 and 13 package it. One imported target per library; where Debian's own
# CMake package is complete it is used as it is (absl::…, spdlog::spdlog, GTest::…, OpenSSL::…, nlohmann_json::…,
# rapidcheck), and the rest is found here under Countersign::….

set(THREADS_PREFER_PTHREAD_FLAG ON)
find_package(Threads REQUIRED)
find_package(absl CONFIG REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(Protobuf REQUIRED)
find_package(spdlog CONFIG REQUIRED)
find_package(nlohmann_json CONFIG REQUIRED)
find_package(ZLIB REQUIRED)
find_package(CURL REQUIRED)
if(BUILD_TESTING)
  find_package(GTest CONFIG REQUIRED)
  find_package(rapidcheck CONFIG REQUIRED)
endif()

# countersign_import(name LIBRARIES a b HEADER path): an imported target Countersign::name of libraries and a header.
function(countersign_import name)
  cmake_parse_arguments(ARG "" "HEADER" "LIBRARIES" ${ARGN})
  add_library(Countersign::${name} INTERFACE IMPORTED GLOBAL)
  if(ARG_HEADER)
    find_path(${name}_INCLUDE_DIR ${ARG_HEADER} REQUIRED)
    mark_as_advanced(${name}_INCLUDE_DIR)
    target_include_directories(Countersign::${name} SYSTEM INTERFACE ${${name}_INCLUDE_DIR})
  endif()
  foreach(library IN LISTS ARG_LIBRARIES)
    find_library(${library}_LIBRARY ${library} REQUIRED)
    mark_as_advanced(${library}_LIBRARY)
    target_link_libraries(Countersign::${name} INTERFACE ${${library}_LIBRARY})
  endforeach()
endfunction()

countersign_import(grpc HEADER grpcpp/grpcpp.h LIBRARIES grpc++ grpc gpr)
target_link_libraries(Countersign::grpc INTERFACE
  protobuf::libprotobuf absl::base absl::status absl::statusor absl::strings absl::synchronization absl::time
  Threads::Threads)
countersign_import(grpc_reflection HEADER grpcpp/ext/proto_server_reflection_plugin.h LIBRARIES grpc++_reflection)
target_link_libraries(Countersign::grpc_reflection INTERFACE Countersign::grpc)
countersign_import(mysqlcppconn HEADER cppconn/driver.h LIBRARIES mysqlcppconn)  # the 1.1 API
countersign_import(boost HEADER boost/beast.hpp)                                  # Beast and Asio: headers only
target_link_libraries(Countersign::boost INTERFACE Threads::Threads)
countersign_import(icu HEADER unicode/idna.h LIBRARIES icui18n icuuc icudata)
countersign_import(mustache HEADER kainjow/mustache.hpp)
# Its CMake package wants the libraries of its HTTP server, which is not used.
countersign_import(prometheus HEADER prometheus/registry.h LIBRARIES prometheus-cpp-core)

find_program(PROTOC protoc REQUIRED)
find_program(GRPC_CPP_PLUGIN grpc_cpp_plugin REQUIRED)
# google/type and google/rpc come from a Go package's sources: the only Debian package that ships them as .proto.
find_path(GOOGLE_PROTOS google/type/money.proto
          PATHS /usr/share/gocode/src/github.com/gogo/googleapis REQUIRED)

# For --otlp_endpoint: in Debian 13, and for Debian 12 in its backports. Without it services are built without that.
find_package(opentelemetry-cpp CONFIG QUIET)
if(TARGET opentelemetry-cpp::otlp_http_exporter)
  set(COUNTERSIGN_OPENTELEMETRY ON)
else()
  set(COUNTERSIGN_OPENTELEMETRY OFF)
endif()
