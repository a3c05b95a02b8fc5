#include "link-service/src/web/logo.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <utility>

#include "link-service/src/web/find_page.h"
#include "link-service/src/web/notice_page.h"
#include "link-service/src/web/site.h"

namespace countersign::link::web {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kSvg[] =
    "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 90 30\"><style>path{fill:#123}</style>"
    "<path d=\"M0 0h90v30z\"/></svg>";

HttpResponse AnswerOf(const Vendor& vendor, const std::string& path, HttpMethod method = HttpMethod::kGet) {
  HttpRequest request;
  request.method = method;
  request.path = path;
  return Site(vendor, [](const HttpRequest&) { return HtmlResponse(404, "none"); })(request);
}

TEST(LogoTest, IsShownByTheNameOfTheVendorAndServedByUs) {
  Vendor vendor = {.name = "Vendor \"A\"", .public_url = "https://shop.example/orders"};
  EXPECT_THAT(RenderUnknownLinkPage(vendor), Not(HasSubstr("<img")));
  vendor.logo = LogoOf(kSvg).value();
  EXPECT_THAT(RenderUnknownLinkPage(vendor),
              HasSubstr("<img src=\"/orders" + vendor.logo->path + "\" alt=\"Vendor &quot;A&quot;\""));
  const HttpResponse served = AnswerOf(vendor, "/orders" + vendor.logo->path);
  EXPECT_EQ(served.status, 200);
  EXPECT_EQ(served.body, kSvg);
  EXPECT_EQ(served.headers.Get("Content-Type"), "image/svg+xml");
  EXPECT_EQ(served.headers.Get("X-Content-Type-Options"), "nosniff");
  EXPECT_THAT(std::string(served.headers.Get("Cache-Control")), HasSubstr("immutable"));
  EXPECT_THAT(std::string(served.headers.Get("Content-Security-Policy")), HasSubstr("default-src 'none'"));
  EXPECT_THAT(std::string(served.headers.Get("Content-Security-Policy")), HasSubstr("sandbox"));
  EXPECT_EQ(AnswerOf(vendor, vendor.logo->path, HttpMethod::kPost).status, 404);
  EXPECT_EQ(AnswerOf(vendor, "/assets/logo-0.svg").status, 404);
}

TEST(LogoTest, TakesPicturesAlone) {
  EXPECT_EQ(LogoOf("\x89PNG\r\n\x1a\nrest").value()->content_type, "image/png");
  const std::string svg = kSvg;
  EXPECT_NE(LogoOf(kSvg).value()->path, LogoOf(svg + "\n").value()->path);
  EXPECT_TRUE(LogoOf(svg + std::string(kMaxLogoBytes - svg.size(), ' ')).ok());
  EXPECT_FALSE(LogoOf(svg + std::string(kMaxLogoBytes - svg.size() + 1, ' ')).ok());
  for (const char* bad :
       {"", "GIF89a", "<html></html>", "<svg><script>1</script></svg>", "<svg><SCRIPT/></svg>", "<svg onload=\"x()\"/>",
        "<svg\nonload='x()'/>", "<!DOCTYPE svg><svg/>", "<svg><image href=\"https://x.example/a.png\"/></svg>",
        "<svg><style>@import 'x'</style></svg>", "<svg><a href=\"javascript:x\"/></svg>"}) {
    EXPECT_FALSE(LogoOf(bad).ok()) << bad;
  }
}

TEST(LogoTest, IsReadFromAFile) {
  const std::string file = (std::filesystem::path(::testing::TempDir()) / "countersign_logo_test.svg").string();
  std::ofstream(file) << kSvg;
  EXPECT_EQ(LoadLogo(file).value()->bytes, kSvg);
  std::filesystem::remove(file);
  EXPECT_FALSE(LoadLogo(file).ok());
}

}  // namespace
}  // namespace countersign::link::web
