#include "store/tlsrpt/authentication.hpp"

#include <algorithm>
#include <vector>

#include "resolver/dns/name.hpp"

namespace danewatch::tlsrpt {
namespace {

constexpr std::string_view blanks = " \t\r\n";

// Without comments (which may hold anything) and quotes; octets inside quotes that could be taken for syntax are
// dropped.
std::string plain(std::string_view text) {
  std::string result;
  std::size_t depth = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\\') {
      ++i;
    } else if (quoted || depth > 0) {
      if (quoted && c == '"') quoted = false;
      if (!quoted && c == '(') ++depth;
      if (!quoted && depth > 0 && c == ')') --depth;
      if (quoted && blanks.find(c) == std::string_view::npos && c != ';' && c != '=') result += c;
    } else if (c == '"') {
      quoted = true;
    } else if (c == '(') {
      ++depth;
      result += ' ';
    } else {
      result += c;
    }
  }
  return result;
}

std::vector<std::string_view> split(std::string_view text, std::string_view at) {
  std::vector<std::string_view> result;
  while (!text.empty()) {
    const auto begin = text.find_first_not_of(at);
    if (begin == std::string_view::npos) break;
    text.remove_prefix(begin);
    const auto end = std::min(text.find_first_of(at), text.size());
    result.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return result;
}

std::string domain_of_address(std::string_view address) {
  const auto at = address.rfind('@');
  const std::string_view domain = at == std::string_view::npos ? address : address.substr(at + 1);
  const auto name = to_ascii_name(domain.substr(0, domain.find_first_of("> \t\r\n,;")));
  if (!name) return {};
  std::string result = lower(*name);
  if (result.ends_with('.')) result.pop_back();
  return result;
}

// "Example <a@example.org>", "a@example.org"; more than one address is nobody's.
std::string domain_of_from(const Entity& mail) {
  const auto all = mail.all("From");
  if (all.size() != 1) return {};
  const std::string from = plain(all.front());
  return std::ranges::count(from, '@') == 1 ? domain_of_address(from) : std::string{};
}

bool covers(const std::string& signer, const std::string& from) {
  return signer.find('.') != std::string::npos && (from == signer || from.ends_with("." + signer));
}

// One result of the field: "dkim=pass header.d=example.org header.s=s1".
struct Result {
  bool dkim = false;
  bool pass = false;
  std::string signer;
};

Result result_of(std::string_view text) {
  Result result;
  const auto words = split(text, blanks);
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string word = lower(words[i]);
    if (i == 0) {
      result.dkim = word.starts_with("dkim=") || word.starts_with("dkim/1=");
      result.pass = result.dkim && word.ends_with("=pass");
    }
    if (word.starts_with("header.d=")) result.signer = domain_of_address(word.substr(9));
    if (word.starts_with("header.i=") && result.signer.empty()) result.signer = domain_of_address(word.substr(9));
  }
  return result;
}

}  // namespace

std::string signed_by(const Entity& mail, std::string_view authserv_id) {
  if (authserv_id.empty()) return {};
  const std::string from = domain_of_from(mail);
  for (const auto field : mail.all("Authentication-Results")) {
    const std::string text = plain(field);
    const auto parts = split(text, ";");
    const auto head = parts.empty() ? std::vector<std::string_view>{} : split(parts.front(), blanks);
    if (head.empty() || !equal_ignoring_case(head.front(), authserv_id)) continue;
    bool checked = false;
    for (std::size_t i = 1; i < parts.size(); ++i) {
      const Result result = result_of(parts[i]);
      checked = checked || result.dkim;
      if (result.pass && !from.empty() && covers(result.signer, from)) return result.signer;
    }
    if (checked) return {};
  }
  return {};
}

}  // namespace danewatch::tlsrpt
