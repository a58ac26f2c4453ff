// Targets as an operator, a file or an HTTP query names them.
#include "resolver/target/target.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace danewatch;

static void require_sound_name(const std::string& name) {
  fuzz::require(name.size() <= 253, "a name fits into the DNS");
  for (const char c : name) {
    fuzz::require(c > ' ' && c < 0x7f && !(c >= 'A' && c <= 'Z'), "a name is plain lower-case ASCII");
  }
  const auto again = to_ascii_name(name);
  fuzz::require(again.has_value() && *again == name, "the A-label form is its own A-label form");
}

static void require_sound_target(const Target& target) {
  fuzz::require(target.service != nullptr, "a target has a service");
  const bool port_from_srv = target.kind == TargetKind::srv || target.kind == TargetKind::srv_then_host;
  fuzz::require(target.port != 0 || port_from_srv, "the port is known, unless an SRV record will say it");
  fuzz::require((target.kind == TargetKind::address_literal) == target.name.empty(), "only an address has no name");
  if (!target.name.empty()) require_sound_name(target.name);
  const auto again = parse_targets(target.text);
  fuzz::require(again.has_value() && again->size() == 1 && again->front() == target,
                "the text of a target is that target");
}

FUZZ(input) {
  const auto targets = parse_targets(fuzz::as_text(input));
  if (!targets) return fuzz::require_sound(targets.error(), input.size());
  fuzz::require(!targets->empty(), "a text that parses is at least one target");
  for (const Target& target : *targets) require_sound_target(target);
}
