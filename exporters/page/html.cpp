#include "exporters/page/html.hpp"

#include <algorithm>
#include <string_view>

#include "exporters/words/escape.hpp"

namespace danewatch::page {
namespace {

// A line end after these keeps the text readable and shows nowhere.
constexpr std::string_view blocks[] = {
    "html", "head", "body", "header", "main",    "footer",  "nav",   "section", "article", "ol",     "ul",       "li",
    "dl",   "dt",   "dd",   "div",    "table",   "tr",      "thead", "tbody",   "caption", "th",     "td",       "p",
    "h1",   "h2",   "h3",   "h4",     "details", "summary", "svg",   "title",   "style",   "script", "noscript", "pre"};

bool is_block(std::string_view element) {
  return std::ranges::find(blocks, element) != std::end(blocks);
}

bool is_link(std::string_view attribute) {
  return attribute == "href" || attribute == "action";
}

}  // namespace

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : escape_for_terminal(text)) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

void Html::start(const char* element, const char* flag, Attributes attributes) {
  out_ += '<';
  out_ += element;
  for (const auto& [name, value] : attributes) {
    if (value.empty()) continue;
    out_ += ' ';
    out_ += name;
    out_ += "=\"";
    if (value.front() == '/' && is_link(name)) out_ += escaped(root_);
    out_ += escaped(value) + '"';
  }
  if (flag != nullptr) {
    out_ += ' ';
    out_ += flag;
  }
  out_ += '>';
}

Html& Html::open(const char* element, Attributes attributes) {
  return flag(element, nullptr, attributes);
}

Html& Html::flag(const char* element, const char* attribute, Attributes attributes) {
  start(element, attribute, attributes);
  open_.push_back(element);
  return *this;
}

Html& Html::close() {
  const char* element = open_.back();
  open_.pop_back();
  out_ += "</";
  out_ += element;
  out_ += '>';
  if (is_block(element)) out_ += '\n';
  return *this;
}

Html& Html::text(std::string_view text) {
  out_ += escaped(text);
  return *this;
}

Html& Html::empty(const char* element, Attributes attributes) {
  start(element, nullptr, attributes);
  // An SVG element needs its end; an HTML element without content has none.
  if (!open_.empty() && std::string_view(open_.back()) == "svg") {
    out_ += "</";
    out_ += element;
    out_ += '>';
  }
  return *this;
}

Html& Html::line(const char* element, std::string_view text, Attributes attributes) {
  return open(element, attributes).text(text).close();
}

Html& Html::constant(const char* element, std::string_view content) {
  open(element);
  out_ += content;
  return close();
}

std::string Html::done() && {
  while (!open_.empty()) close();
  return std::move(out_);
}

}  // namespace danewatch::page
