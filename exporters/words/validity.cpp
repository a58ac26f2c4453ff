#include "exporters/words/validity.hpp"

#include "exporters/words/words.hpp"
#include "probe/report/expiry.hpp"
#include "resolver/dns/time.hpp"

namespace danewatch::words {
namespace {

std::optional<Expiry> end_of_good(const Report& report) {
  const auto expiry = is_good(report.severity) ? next_expiry(report) : std::nullopt;
  return expiry && expiry->at > report.at ? expiry : std::nullopt;
}

}  // namespace

std::optional<Validity> validity_of(const Report& report) {
  const auto expiry = end_of_good(report);
  if (!expiry) return std::nullopt;
  return Validity{"valid until " + date(expiry->at),
                  "in " + span_of(expiry->at - report.at, {.finest = std::chrono::hours(1)}),
                  plain(to_string(*expiry))};
}

}  // namespace danewatch::words
