// Inner: HTML text that is well formed and inert by construction.
//
// Every text and attribute value is escaped here and nowhere else; there is no way to add raw markup. Control
// characters, bidirectional overrides and invalid UTF-8 become visible escapes, as on a terminal. Names of elements and
// attributes are literals of our own. Thread rule: a value with one owner.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace danewatch::page {

// For text and for attribute values between double quotes.
std::string escaped(std::string_view text);

class Html {
 public:
  using Attribute = std::pair<const char*, std::string_view>;  // an empty value: the attribute is left out
  using Attributes = std::initializer_list<Attribute>;

  Html& open(const char* element, Attributes attributes = {});
  Html& close();
  Html& text(std::string_view text);
  Html& flag(const char* element, const char* attribute, Attributes attributes = {});  // open, with `attribute` alone
  Html& empty(const char* element, Attributes attributes = {});                        // <meta>, <path>: no content

  // open, text, close.
  Html& line(const char* element, std::string_view text, Attributes attributes = {});

  // The content of <style> and <script>: our own constants, which hold no "</".
  Html& constant(const char* element, std::string_view content);

  // Links that begin with a slash lead below this path from now on: danewatch may be reached below one.
  void under(std::string_view path) { root_ = path; }

  std::size_t size() const { return out_.size(); }
  std::string take() { return std::exchange(out_, {}); }  // what was written since the last time; goes on after it

  // Everything open is closed.
  std::string done() &&;

 private:
  void start(const char* element, const char* flag, Attributes attributes);

  std::string root_;
  std::string out_ = "<!DOCTYPE html>\n";
  std::vector<const char*> open_;
};

// Closes what it opened at the end of a block.
class Element {
 public:
  Element(Html& html, const char* name, Html::Attributes attributes = {}) : html_(html) { html.open(name, attributes); }
  Element(const Element&) = delete;
  Element& operator=(const Element&) = delete;
  ~Element() { html_.close(); }

 private:
  Html& html_;
};

}  // namespace danewatch::page
