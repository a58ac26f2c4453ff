// What a label may hold.

#include "exporters/metrics/metric_family.hpp"
#include "exporters/words/escape.hpp"

namespace danewatch {

std::string label_value(std::string_view text) {
  constexpr std::size_t longest = 128;
  std::string value = escape_for_terminal(text);
  if (value.size() <= longest) return value;
  std::size_t end = longest;
  while (end > 0 && (static_cast<unsigned char>(value[end]) & 0xC0U) == 0x80U) --end;  // not within a character
  value.resize(end);
  return value;
}

}  // namespace danewatch
