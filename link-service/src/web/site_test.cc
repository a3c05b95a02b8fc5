#include "link-service/src/web/site.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "link-service/src/web/compress.h"
#include "link-service/src/web/notice_page.h"
#include "link-service/src/web/templates.h"

namespace countersign::link::web {
namespace {

using ::testing::HasSubstr;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

HttpRequest Request(HttpMethod method, const std::string& path) {
  HttpRequest request;
  request.method = method;
  request.path = path;
  request.trace_id = "0123456789abcdef0123456789abcdef";
  return request;
}

HttpResponse Answer(const HttpRequest& request) {
  return Site({.name = "Vendor"}, [](const HttpRequest&) { return HtmlResponse(200, "page"); })(request);
}

TEST(SiteTest, SendsExactlyTheSecurityHeadersOfTheDesign) {
  EXPECT_THAT(Answer(Request(HttpMethod::kGet, "/l/1")).headers.fields(),
              UnorderedElementsAre(Pair("Content-Type", "text/html; charset=utf-8"),
                                   Pair("Referrer-Policy", "no-referrer"), Pair("Cache-Control", "no-store"),
                                   Pair("X-Robots-Tag", "noindex"), Pair("X-Content-Type-Options", "nosniff"),
                                   Pair("Content-Security-Policy",
                                        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
                                        "frame-ancestors 'none'; base-uri 'none'")));
}

TEST(SiteTest, ServesTheStylesheetUnderItsHashAndLetsItBeCached) {
  const HttpResponse response = Answer(Request(HttpMethod::kGet, StylesheetPath({.name = "Vendor"})));
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.headers.Get("content-type"), "text/css; charset=utf-8");
  EXPECT_THAT(std::string(response.headers.Get("Cache-Control")), HasSubstr("immutable"));
  EXPECT_EQ(response.headers.Get("X-Content-Type-Options"), "nosniff");
  EXPECT_THAT(response.body, HasSubstr("@media print"));
  EXPECT_EQ(Answer(Request(HttpMethod::kGet, "/assets/old.css")).status, 404);
}

TEST(SiteTest, RefusesPostsThatAnotherSiteMade) {
  for (const char* site : {"cross-site", "same-site", "same-origin, cross-site", ""}) {
    HttpRequest post = Request(HttpMethod::kPost, "/l/1");
    post.headers.Add("sec-fetch-site", site);
    const HttpResponse response = Answer(post);
    EXPECT_EQ(response.status, 403) << site;
    EXPECT_EQ(response.headers.Get("Cache-Control"), "no-store");
    HttpRequest get = post;
    get.method = HttpMethod::kGet;
    EXPECT_EQ(Answer(get).status, 200) << "links from other sites must open";
  }
}

TEST(SiteTest, TakesPostsOfThePageItself) {
  HttpRequest post = Request(HttpMethod::kPost, "/l/1");
  EXPECT_EQ(Answer(post).status, 200);
  for (const char* site : {"same-origin", "none"}) {
    post.headers.Set("Sec-Fetch-Site", site);
    post.headers.Set("Origin", "null");  // What no-referrer makes browsers send.
    EXPECT_EQ(Answer(post).status, 200) << site;
  }
}

TEST(SiteTest, ErrorPagesOfTheServerAreSecuredAlike) {
  HttpServerOptions options;
  SetSiteErrorPages({.name = "Vendor"}, &options);
  const HttpResponse response = options.error_page(500, "0123abcd");
  EXPECT_EQ(response.headers.Get("Referrer-Policy"), "no-referrer");
  EXPECT_THAT(response.body, HasSubstr("0123abcd"));
}

TEST(SiteTest, RespectsThePathOfThePublicUrl) {
  const Vendor vendor = {.name = "Vendor", .public_url = "https://shop.example/orders"};
  std::string seen;
  const HttpHandler site = Site(vendor, [&](const HttpRequest& request) {
    seen = request.path;
    return SeeOther("/c/1");
  });
  for (const char* path : {"/orders/c/1", "/c/1"}) {
    EXPECT_EQ(site(Request(HttpMethod::kPost, path)).headers.Get("Location"), "/orders/c/1") << path;
    EXPECT_EQ(seen, "/c/1");
  }
  EXPECT_EQ(site(Request(HttpMethod::kGet, "/orders" + StylesheetPath(vendor))).status, 200);
  EXPECT_THAT(RenderUnknownLinkPage(vendor), HasSubstr("href=\"/orders" + StylesheetPath(vendor)));
  site(Request(HttpMethod::kGet, "/ordersx/c/1"));
  EXPECT_EQ(seen, "/ordersx/c/1");
}

TEST(SiteTest, CompressesPagesForThoseWhoAskForIt) {
  const HttpHandler site =
      Site({.name = "Vendor"}, [](const HttpRequest&) { return HtmlResponse(200, std::string(5000, 'x')); });
  HttpRequest get = Request(HttpMethod::kGet, "/c/1");
  EXPECT_EQ(site(get).body.size(), 5000U);
  get.headers.Add("Accept-Encoding", "gzip, br");
  const HttpResponse compressed = site(get);
  EXPECT_EQ(compressed.headers.Get("Content-Encoding"), "gzip");
  EXPECT_EQ(compressed.body, Gzip(std::string(5000, 'x')));
}

TEST(SiteTest, HasAnIconAndTheVendorsColours) {
  EXPECT_EQ(Answer(Request(HttpMethod::kGet, "/favicon.ico")).headers.Get("Content-Type"), "image/x-icon");
  const Vendor vendor = {.name = "Vendor", .accent = "#123456"};
  EXPECT_THAT(StylesheetOf(vendor).text, HasSubstr("--accent:#123456"));
  EXPECT_NE(StylesheetPath(vendor), StylesheetPath({.name = "Vendor"}));
}

}  // namespace
}  // namespace countersign::link::web
