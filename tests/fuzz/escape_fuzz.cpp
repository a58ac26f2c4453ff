// Text from the network on its way to a terminal and into JSON.
#include "exporters/words/escape.hpp"

#include "tests/fuzz/fuzz.hpp"

using namespace danewatch;

FUZZ(input) {
  const std::string_view text = fuzz::as_text(input);
  const std::string shown = escape_for_terminal(text);
  for (const char c : shown) {
    fuzz::require(static_cast<unsigned char>(c) >= 0x20 && c != 0x7f, "no control character reaches a terminal");
  }
  fuzz::require(escape_for_terminal(shown) == shown, "what is safe stays as it is");
  const std::string valid = to_valid_utf8(text);
  fuzz::require(to_valid_utf8(valid) == valid, "what is valid stays as it is");
  fuzz::require(to_valid_utf8(shown) == shown, "what is shown is valid UTF-8");
  fuzz::require(display_width(shown) <= 2 * shown.size(), "no character is wider than two columns");
}
