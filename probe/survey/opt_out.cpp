#include "probe/survey/opt_out.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "resolver/dns/name.hpp"

namespace danewatch {
namespace {

constexpr std::string_view blanks = " \t\r\f\v";

std::string_view trimmed(std::string_view line) {
  const auto first = line.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return line.substr(first, line.find_last_not_of(blanks) - first + 1);
}

bool is_network(std::string_view text) {
  return text.find_first_of("/:") != std::string_view::npos || parse_address(text).has_value();
}

}  // namespace

bool OptOut::covers(std::string_view name) const {
  for (;;) {
    if (names_.contains(name)) return true;
    const auto dot = name.find('.');
    if (dot == std::string_view::npos) return false;
    name.remove_prefix(dot + 1);
  }
}

bool OptOut::covers(const Address& address) const {
  return std::ranges::any_of(blocks_, [&](const AddressBlock& block) { return contains(block, address); });
}

Parsed<OptOut> OptOut::parse(std::string_view content) {
  OptOut result;
  for (std::size_t number = 1; !content.empty(); ++number) {
    const auto end = std::min(content.find('\n'), content.size());
    const auto line = content.substr(0, end);
    content.remove_prefix(std::min(end + 1, content.size()));
    auto text = trimmed(line.substr(0, line.find('#')));
    if (text.empty()) continue;
    const auto wrong = [&](const ParseError& error) {
      return error_at(number, fmt::format("line {}: {}", number, error.message));
    };
    if (is_network(text)) {
      const auto block = parse_address_block(text);
      if (!block) return wrong(block.error());
      result.blocks_.push_back(*block);
      continue;
    }
    if (text.starts_with("*.")) text.remove_prefix(2);
    const auto name = to_ascii_name(text);
    if (!name) return wrong(name.error());
    result.names_.insert(*name);
  }
  return result;
}

}  // namespace danewatch
