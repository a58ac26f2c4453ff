#include "exporters/words/validity.hpp"

#include <fmt/format.h>

#include "exporters/words/words.hpp"
#include "probe/report/expiry.hpp"

namespace danewatch::words {
namespace {

std::optional<Expiry> end_of_good(const Report& report) {
  const bool good = report.severity == Severity::ok || report.severity == Severity::info;
  const auto expiry = good ? next_expiry(report) : std::nullopt;
  return expiry && expiry->at > report.at ? expiry : std::nullopt;
}

std::string length(std::chrono::seconds time) {
  const auto days = time / std::chrono::days(1);
  const auto hours = time / std::chrono::hours(1);
  return days > 1 ? fmt::format("{} days", days) : fmt::format("{} hour{}", hours, hours == 1 ? "" : "s");
}

}  // namespace

std::optional<Validity> validity_of(const Report& report) {
  const auto expiry = end_of_good(report);
  if (!expiry) return std::nullopt;
  return Validity{"valid until " + date(expiry->at), "in " + length(expiry->at - report.at), plain(to_string(*expiry))};
}

}  // namespace danewatch::words
