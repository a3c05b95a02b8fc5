#include "link-service/src/web/colour.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace countersign::link::web {
namespace {

constexpr double kLeastContrast = 4.5;

// WCAG 2.1, relative luminance.
std::optional<double> LuminanceOf(absl::string_view colour) {
  const absl::string_view digits = colour.substr(std::min<size_t>(1, colour.size()));
  const bool valid = colour.size() == 7 && colour[0] == '#' && std::all_of(digits.begin(), digits.end(), [](char c) {
                       return absl::ascii_isxdigit(static_cast<unsigned char>(c));
                     });
  if (!valid) return std::nullopt;
  constexpr double kWeights[] = {0.2126, 0.7152, 0.0722};
  double luminance = 0;
  for (int i = 0; i < 3; ++i) {
    uint32_t value = 0;
    (void)absl::SimpleHexAtoi(digits.substr(2 * i, 2), &value);
    const double part = value / 255.0;
    luminance += kWeights[i] * (part <= 0.03928 ? part / 12.92 : std::pow((part + 0.055) / 1.055, 2.4));
  }
  return luminance;
}

}  // namespace

absl::Status CheckLegible(absl::string_view colour, absl::string_view paper) {
  const std::optional<double> ink = LuminanceOf(colour), ground = LuminanceOf(paper);
  if (!ink.has_value() || !ground.has_value()) return absl::InvalidArgumentError("A colour must be #rrggbb.");
  const double contrast = (std::max(*ink, *ground) + 0.05) / (std::min(*ink, *ground) + 0.05);
  if (contrast >= kLeastContrast) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat("The colour must have a contrast of at least 4.5:1 to ", paper,
                                                 ". Choose a ", *ground > 0.5 ? "darker" : "lighter", " one."));
}

}  // namespace countersign::link::web
