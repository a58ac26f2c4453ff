// Inner: the header of a mail or of a part of one (RFC 5322 2.2), and values with parameters (RFC 2045 5.1, RFC 2231).
//
// Knows no other header than it is asked for. Thread rule: values, pure functions.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace danewatch::tlsrpt {

inline constexpr std::size_t most_fields = 1000;  // of one header; those beyond are passed over

struct Field {
  std::string_view name;
  std::string value;  // unfolded, without blanks at its ends
};

struct Entity {
  std::vector<Field> fields;
  std::string_view body;  // behind the empty line; of `text`

  // All of that name, from the top.
  std::vector<std::string_view> all(std::string_view name) const;
  // The first; empty where there is none.
  std::string_view first(std::string_view name) const;
};

// Never fails: text without fields has none, and all of it is the body.
Entity parse_entity(std::string_view text);

// Does the text begin as a mail does, with a field?
bool begins_with_field(std::string_view text);

struct Parameterised {
  std::string value;                              // before the first semicolon, lower case
  std::map<std::string, std::string> parameters;  // by lower-case name; continued and percent-encoded ones put together
};

Parameterised parse_parameters(std::string_view text);

}  // namespace danewatch::tlsrpt
