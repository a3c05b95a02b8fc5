// Writes every state of the page in every language, with its stylesheet, to look at it in a browser:
// DIRECTORY/<language>/<state>.html.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "link-service/src/web/language.h"
#include "link-service/src/web/sample_pages.h"
#include "link-service/src/web/templates.h"

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: render-pages DIRECTORY\n";
    return EXIT_FAILURE;
  }
  namespace web = countersign::link::web;
  const std::filesystem::path directory(argv[1]);
  std::filesystem::create_directories(directory / "assets");
  const std::string& stylesheet_path = web::StylesheetPath(web::SampleVendor());
  std::ofstream(directory / stylesheet_path.substr(1)) << web::StylesheetOf(web::SampleVendor()).text;
  for (const web::Language* language : web::Languages()) {
    std::filesystem::create_directories(directory / language->code());
    for (const web::SamplePage& page : web::SamplePages(*language)) {
      // Files have no server root, so the stylesheet's path is made relative.
      std::ofstream file(directory / language->code() / absl::StrCat(page.name, ".html"));
      file << absl::StrReplaceAll(page.html, {{stylesheet_path, absl::StrCat("..", stylesheet_path)}});
      if (!file.flush()) {
        std::cerr << "cannot write " << language->code() << "/" << page.name << ".html\n";
        return EXIT_FAILURE;
      }
    }
  }
  return EXIT_SUCCESS;
}
