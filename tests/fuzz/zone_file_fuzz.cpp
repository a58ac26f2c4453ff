// Zone-file text: trust anchors and root hints.
#include "resolver/wire/records.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace danewatch;

FUZZ(input) {
  const auto records = wire::read_zone(fuzz::as_text(input), ".");
  if (!records) return fuzz::require(!records.error().message.empty(), "an error says something");
  for (const wire::Record& record : *records) {
    fuzz::require(!record.owner.empty() && wire::to_line(record).find('\n') == std::string::npos,
                  "a record is one line");
  }
}
