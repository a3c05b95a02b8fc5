# How things are built here: four functions that the CMakeLists.txt below use.
#
#   countersign_library(NAME order_domain SOURCES order.cc … DEPS countersign_base … [PCH grpc|none] [APART …] [UNOPTIMIZED])
#   countersign_executable(NAME order-service SOURCES main.cc … DEPS order_api … [PCH grpc|none] [UNOPTIMIZED])
#   countersign_test(NAME order_domain_test SOURCES order_test.cc … DEPS order_domain … [PCH grpc|none]
#                    [DATABASE] [LABELS …] [TIMEOUT seconds] [COST seconds] [WAITS] [SHARDS n] [APART …])
#   countersign_embed(TARGET order_store DIRECTORY migrations NAMESPACE countersign::order NAME kMigrations
#                     HEADER order-service/migrations.h)
#
# PCH: the default precompiled header holds the standard library, Abseil and of common/base what nearly every file
# includes; `grpc` adds gRPC, protobuf and what every handler uses (take it wherever a generated header is included); tests
# get GoogleTest on top. Files must still include what they use.
#
# SHARDS: ctest runs the program's tests in so many parts, each a test of its own, so that they take all cores.
#
# UNOPTIMIZED: what is compiled far longer than it runs, as every test is. But for the debug build it has no line numbers
# either, which take a fifth of that time: a failed expectation names its line itself.

# ccache, where there is one. Precompiled headers need both sloppinesses, and the depend mode leaves out the preprocessor,
# which takes longer than what it saves: the environment does not have to know.
find_program(CCACHE ccache)
if(CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros CCACHE_DEPEND=1
                                  ${CCACHE})
endif()

# Several files of a target in one translation unit: what the files share is parsed, and its templates instantiated, once,
# and a build from scratch takes half the time. Turn it off to compile one file again and again. Two files of such a target
# must not define the same name in their anonymous namespaces; list a file that has to after APART instead of SOURCES.
option(COUNTERSIGN_UNITY "Compile several files of a target together" ON)

# mold, where it is installed, links in a fifth of the time of ld.
find_program(MOLD mold)
if(MOLD AND (CMAKE_CXX_COMPILER_ID STREQUAL "Clang" OR CMAKE_CXX_COMPILER_VERSION VERSION_GREATER_EQUAL 12.1))
  add_link_options(-fuse-ld=mold)
endif()

# What every target of ours is compiled with. The spdlog definitions are here, and not only where spdlog is used,
# because one precompiled header serves all targets only if all agree on every definition.
add_library(countersign_options INTERFACE)
target_include_directories(countersign_options INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_options(countersign_options INTERFACE -Wall -Wextra -Werror)
target_link_libraries(countersign_options INTERFACE spdlog::spdlog Threads::Threads)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # The first lets ccache see through the precompiled header; a dependency that brings a definition of its own makes
  # the header useless for that target, which is slow but not wrong.
  target_compile_options(countersign_options INTERFACE -fpch-preprocess -Wno-error=invalid-pch)
  # The optimizer's own guesses about inlined libstdc++ code are wrong often enough (GCC bugs 105329, 105651, 107852)
  # to be no ground for -Werror; clang-tidy and ASan look for the real thing.
  target_compile_options(countersign_options INTERFACE -Wno-restrict -Wno-stringop-overflow -Wno-stringop-overread
                         -Wno-array-bounds -Wno-maybe-uninitialized)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  # So that ccache finds what was compiled with a precompiled header that was built again from the same headers.
  add_compile_options("SHELL:-Xclang -fno-pch-timestamp")
  # What is inlined is compiled again in each place. The objects get smaller too.
  add_compile_options("$<$<CONFIG:Release>:SHELL:-mllvm -inline-threshold=100>")
  # Debian's libraries are compiled with GCC, and since version 18 clang names constrained templates otherwise than GCC.
  if(CMAKE_CXX_COMPILER_VERSION VERSION_GREATER_EQUAL 18)
    add_compile_options(-fclang-abi-compat=17)
  endif()
  # Annotations say which mutex guards what (absl/base/thread_annotations.h). ThreadSanitizer is of no use here: Debian's
  # Abseil is built without it, so it does not see that an absl::Mutex is held, and reports thousands of races.
  target_compile_options(countersign_options INTERFACE -Wthread-safety)
  # What a designated initializer leaves out is empty or 0, as is meant; since version 19 clang asks whether it is. And it
  # reports what GCC 12's std::stable_sort uses of its own library's deprecated functions.
  if(CMAKE_CXX_COMPILER_VERSION VERSION_GREATER_EQUAL 19)
    target_compile_options(countersign_options INTERFACE -Wno-missing-designated-field-initializers
                           -Wno-deprecated-declarations)
  endif()
endif()
if(COUNTERSIGN_SANITIZE)
  # For the generated code too: ASan's container annotations must be on in every object or in none. Checking every
  # pointer for null, alignment and type doubles the time of compiling. ASan reports a null pointer where it is used;
  # misalignment and wrong downcasts are not looked for.
  add_compile_options(-fsanitize=${COUNTERSIGN_SANITIZE} -fno-sanitize=null,alignment,vptr
                      -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${COUNTERSIGN_SANITIZE})
endif()

set(countersign_unoptimized -O0)
if(NOT CMAKE_BUILD_TYPE STREQUAL "Debug")
  list(APPEND countersign_unoptimized -g0)
endif()

# One carrier target per precompiled header; everything else reuses what it built. It holds what nearly every file of its
# kind includes, our own headers too: a change of one of those compiles all of its kind again, as it would without.
set(countersign_base_headers
  <algorithm> <array> <atomic> <chrono> <condition_variable> <cstdint> <cstring> <functional> <map> <memory> <mutex>
  <optional> <set> <span> <string> <string_view> <thread> <tuple> <unordered_map> <utility> <variant> <vector>
  <absl/container/flat_hash_map.h> <absl/functional/function_ref.h> <absl/status/status.h> <absl/status/statusor.h>
  <absl/strings/str_cat.h> <absl/strings/str_format.h> <absl/strings/str_join.h> <absl/strings/string_view.h>
  <absl/time/time.h> <absl/types/span.h>)
set(countersign_own_headers
  <common/base/date.h> <common/base/error.h> <common/base/money.h> <common/base/named.h> <common/base/status_macros.h>
  <common/base/uuid.h>)
# From arenastring.h on: what only generated code includes.
set(countersign_generated_headers
  <grpcpp/grpcpp.h> <google/protobuf/message.h> <google/protobuf/repeated_field.h> <google/protobuf/timestamp.pb.h>
  <google/protobuf/field_mask.pb.h>
  <google/protobuf/arenastring.h> <google/protobuf/extension_set.h> <google/protobuf/generated_enum_reflection.h>
  <google/protobuf/generated_message_reflection.h> <google/protobuf/generated_message_util.h>
  <google/protobuf/io/coded_stream.h> <google/protobuf/map_entry.h> <google/protobuf/map_field_inl.h>
  <google/protobuf/reflection_ops.h> <google/protobuf/unknown_field_set.h> <google/protobuf/wire_format.h>
  <grpcpp/generic/async_generic_service.h> <grpcpp/impl/codegen/method_handler.h>
  <grpcpp/impl/codegen/server_callback_handlers.h> <grpcpp/impl/codegen/sync_stream.h>)
set(countersign_grpc_headers ${countersign_generated_headers}
  <common/events/committer.h> <common/rpc/call.h> <common/rpc/endpoint.h>)
set(countersign_gtest_headers <gmock/gmock.h> <gtest/gtest.h> <common/testing/status_matchers.h>)

# The list is written to a file of ours. The one that CMake writes keeps its time when a listed header changes.
function(countersign_precompiled kind)
  set(includes ${ARGN})
  list(TRANSFORM includes PREPEND "#include ")
  list(JOIN includes "\n" includes)
  file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/pch/${kind}.h CONTENT "${includes}\n")
  file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/pch/${kind}.cc CONTENT "// Carries the precompiled header `${kind}`.\n")
  add_library(countersign_precompiled_${kind} OBJECT ${CMAKE_BINARY_DIR}/pch/${kind}.cc)
  target_link_libraries(countersign_precompiled_${kind} PRIVATE countersign_options)
  if(kind MATCHES "test$")
    target_compile_options(countersign_precompiled_${kind} PRIVATE ${countersign_unoptimized})
    target_link_libraries(countersign_precompiled_${kind} PRIVATE GTest::gmock GTest::gtest)  # for its definition
  endif()
  target_precompile_headers(countersign_precompiled_${kind} PRIVATE ${CMAKE_BINARY_DIR}/pch/${kind}.h)
endfunction()
countersign_precompiled(base ${countersign_base_headers} ${countersign_own_headers})
countersign_precompiled(grpc ${countersign_base_headers} ${countersign_own_headers} ${countersign_grpc_headers})
countersign_precompiled(generated ${countersign_base_headers} ${countersign_generated_headers})
if(BUILD_TESTING)
  countersign_precompiled(test ${countersign_base_headers} ${countersign_own_headers} ${countersign_gtest_headers})
  countersign_precompiled(grpc_test ${countersign_base_headers} ${countersign_own_headers} ${countersign_grpc_headers}
                          ${countersign_gtest_headers})
endif()

function(countersign_use_pch target kind)
  if(NOT kind STREQUAL "none")
    target_precompile_headers(${target} REUSE_FROM countersign_precompiled_${kind})
  endif()
  set(batch 12)
  if(kind MATCHES "test$")
    set(batch 20)
  endif()
  set_target_properties(${target} PROPERTIES UNITY_BUILD ${COUNTERSIGN_UNITY} UNITY_BUILD_BATCH_SIZE ${batch})
endfunction()

# With the precompiled header that `kind` names: base where it is empty; the tests' where the target is not optimized.
function(countersign_compile_as target unoptimized kind)
  if(unoptimized)
    target_compile_options(${target} PRIVATE ${countersign_unoptimized})
    target_link_libraries(${target} PRIVATE GTest::gmock GTest::gtest)  # for the precompiled header's definition
  endif()
  if(unoptimized AND NOT kind)
    set(kind test)
  elseif(unoptimized AND NOT kind STREQUAL "none")
    string(APPEND kind _test)
  elseif(NOT kind)
    set(kind base)
  endif()
  countersign_use_pch(${target} ${kind})
endfunction()

function(countersign_library)
  cmake_parse_arguments(ARG "UNOPTIMIZED" "NAME;PCH" "SOURCES;APART;DEPS" ${ARGN})
  if(ARG_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "countersign_library(${ARG_NAME}): unknown ${ARG_UNPARSED_ARGUMENTS}")
  endif()
  if(NOT ARG_SOURCES)
    add_library(${ARG_NAME} INTERFACE)
    target_link_libraries(${ARG_NAME} INTERFACE countersign_options ${ARG_DEPS})
    return()
  endif()
  add_library(${ARG_NAME} STATIC ${ARG_SOURCES} ${ARG_APART})
  set_source_files_properties(${ARG_APART} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
  target_link_libraries(${ARG_NAME} PUBLIC countersign_options ${ARG_DEPS})
  countersign_compile_as(${ARG_NAME} ${ARG_UNOPTIMIZED} "${ARG_PCH}")
endfunction()

function(countersign_executable)
  cmake_parse_arguments(ARG "UNOPTIMIZED" "NAME;PCH" "SOURCES;APART;DEPS" ${ARGN})
  if(ARG_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "countersign_executable(${ARG_NAME}): unknown ${ARG_UNPARSED_ARGUMENTS}")
  endif()
  add_executable(${ARG_NAME} ${ARG_SOURCES})
  target_link_libraries(${ARG_NAME} PRIVATE countersign_options ${ARG_DEPS})
  # All binaries in one folder: scripts and integration tests start them from there.
  set_target_properties(${ARG_NAME} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
  countersign_compile_as(${ARG_NAME} ${ARG_UNOPTIMIZED} "${ARG_PCH}")
endfunction()

function(countersign_test)
  cmake_parse_arguments(ARG "DATABASE;WAITS" "NAME;PCH;TIMEOUT;COST;SHARDS" "SOURCES;APART;DEPS;LABELS" ${ARGN})
  if(ARG_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "countersign_test(${ARG_NAME}): unknown ${ARG_UNPARSED_ARGUMENTS}")
  endif()
  if(NOT BUILD_TESTING)
    return()
  endif()
  add_executable(${ARG_NAME} ${ARG_SOURCES} ${ARG_APART})
  set_source_files_properties(${ARG_APART} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
  target_link_libraries(${ARG_NAME} PRIVATE countersign_options ${ARG_DEPS} GTest::gtest_main)
  countersign_compile_as(${ARG_NAME} TRUE "${ARG_PCH}")
  set(options)
  foreach(option IN ITEMS DATABASE WAITS)
    if(ARG_${option})
      list(APPEND options ${option})
    endif()
  endforeach()
  list(APPEND options TIMEOUT ${ARG_TIMEOUT} COST ${ARG_COST} LABELS ${ARG_LABELS})
  if(NOT ARG_SHARDS)
    add_test(NAME ${ARG_NAME} COMMAND ${ARG_NAME})
    countersign_describe_test(${ARG_NAME} ${options})
    return()
  endif()
  foreach(shard RANGE 1 ${ARG_SHARDS})
    math(EXPR index "${shard} - 1")
    add_test(NAME ${ARG_NAME}_${shard} COMMAND ${ARG_NAME})
    countersign_describe_test(${ARG_NAME}_${shard} ${options})
    set_property(TEST ${ARG_NAME}_${shard} APPEND PROPERTY
                 ENVIRONMENT GTEST_TOTAL_SHARDS=${ARG_SHARDS} GTEST_SHARD_INDEX=${index})
  endforeach()
endfunction()

# What ctest has to know of a test that add_test made:
#
#   countersign_describe_test(NAME [DATABASE] [TIMEOUT seconds] [COST seconds] [WAITS] [LABELS …])
#
# COST: about how long it takes under sanitizers, where that is long. ctest starts the longest first, so that no core is
# left over at the end.
#
# scripts/ctest has two places for each core. A test takes two of them; one that mostly waits (WAITS: for a time-out, for
# a service to start, for the next look) takes one, so that another computes meanwhile.
function(countersign_describe_test name)
  cmake_parse_arguments(ARG "DATABASE;WAITS" "TIMEOUT;COST" "LABELS" ${ARGN})
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 300)
  endif()
  if(NOT ARG_COST)
    set(ARG_COST 1)
  endif()
  set(places 2)
  if(ARG_WAITS)
    set(places 1)
  endif()
  # The folder it is in, so that `ctest -L order-service` runs one service's tests.
  cmake_path(RELATIVE_PATH CMAKE_CURRENT_SOURCE_DIR BASE_DIRECTORY ${PROJECT_SOURCE_DIR} OUTPUT_VARIABLE folder)
  string(REGEX MATCH "^[^/]+" folder ${folder})
  set(labels ${ARG_LABELS} ${folder})
  if(ARG_DATABASE)
    list(APPEND labels database)
  endif()
  # Exit code 77 = nothing could be tested here; the program says why.
  set_tests_properties(${name} PROPERTIES TIMEOUT ${ARG_TIMEOUT} COST ${ARG_COST} PROCESSORS ${places}
                       SKIP_RETURN_CODE 77 LABELS "${labels}")
  # Sanitizers look at the code that runs, however often it runs. So what chance and order decide is tried a fifth as often:
  # by repetitions of our own (common/testing/repetitions.h), and of 100 cases of each rapidcheck property.
  if(COUNTERSIGN_SANITIZE)
    set_tests_properties(${name} PROPERTIES ENVIRONMENT
      "COUNTERSIGN_REPETITIONS_DIVISOR=5;RC_PARAMS=max_success=20;ASAN_OPTIONS=detect_stack_use_after_return=1:strict_string_checks=1;UBSAN_OPTIONS=print_stacktrace=1;LSAN_OPTIONS=suppressions=${PROJECT_SOURCE_DIR}/cmake/lsan.supp:print_suppressions=0")
  endif()
endfunction()

# Compiles the files of DIRECTORY (with what is below it) into TARGET. HEADER then declares, in NAMESPACE,
#   extern const std::array<countersign::EmbeddedFile, n> NAME;   // {name relative to DIRECTORY, contents}, by name
function(countersign_embed)
  cmake_parse_arguments(ARG "" "TARGET;DIRECTORY;NAMESPACE;NAME;HEADER" "" ${ARGN})
  file(GLOB_RECURSE files CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${ARG_DIRECTORY}/*)
  list(SORT files)
  set(header ${CMAKE_BINARY_DIR}/embedded/${ARG_HEADER})
  string(REGEX REPLACE "\\.h$" ".cc" source ${header})
  add_custom_command(
    OUTPUT ${header} ${source}
    COMMAND ${CMAKE_COMMAND} "-DFILES=${files}" -DDIRECTORY=${CMAKE_CURRENT_SOURCE_DIR}/${ARG_DIRECTORY}
            -DNAMESPACE=${ARG_NAMESPACE} -DNAME=${ARG_NAME} -DINCLUDE=${ARG_HEADER} -DHEADER=${header}
            -DSOURCE=${source} -P ${PROJECT_SOURCE_DIR}/cmake/Embed.cmake
    DEPENDS ${files} ${PROJECT_SOURCE_DIR}/cmake/Embed.cmake
    COMMENT "Embedding ${ARG_HEADER}" VERBATIM)
  # A library of its own, without dependencies: as a source of TARGET it would be generated only after every library that
  # TARGET uses has been compiled, and `scripts/lint`, which needs nothing but what is generated, would compile them all.
  string(MAKE_C_IDENTIFIER embedded_${ARG_HEADER} embedded)
  add_library(${embedded} STATIC ${header} ${source})
  target_include_directories(${embedded} PUBLIC ${CMAKE_BINARY_DIR}/embedded)
  target_link_libraries(${embedded} PUBLIC countersign_options)
  target_link_libraries(${ARG_TARGET} PUBLIC ${embedded})
endfunction()
