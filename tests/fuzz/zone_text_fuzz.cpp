// Zone files of predictions, and what would be answered from them.
#include "resolver/zone/zone_text.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace danewatch;

FUZZ(input) {
  const IncludeReader read = [](const std::string&) -> Parsed<std::string> { return std::string("a A 192.0.2.1\n"); };
  const auto zone = read_zone_text(fuzz::as_text(input), "example.org", read);
  if (!zone) return fuzz::require(!zone.error().message.empty(), "an error says something");
  for (const char* name : {"example.org", "mx.example.org", "_25._tcp.mx.example.org", "a.b.example.org"}) {
    for (const RrType type : {RrType::a, RrType::mx, RrType::tlsa, RrType::ds, RrType::cname}) {
      const Zone::Found found = zone->find(name, type);
      fuzz::require(found.kind != Zone::Found::Kind::data || !found.records.empty(), "data is not empty");
    }
  }
}
