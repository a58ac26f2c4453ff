// An mbox in pieces of any size gives the same mails as whole.
#include <string>

#include "store/tlsrpt/mbox.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace danewatch;

namespace {

std::vector<std::string> mails(std::string_view octets, std::size_t piece) {
  std::vector<std::string> result;
  MboxSplitter splitter([&](std::optional<std::string_view> mail) { result.emplace_back(mail.value_or("too large")); });
  for (std::size_t at = 0; at < octets.size(); at += piece) splitter.feed(octets.substr(at, piece));
  splitter.finish();
  return result;
}

}  // namespace

FUZZ(input) {
  const std::string_view text = fuzz::as_text(input);
  const auto whole = mails(text, text.size() + 1);
  fuzz::require(mails(text, 1) == whole, "octet by octet");
  fuzz::require(mails(text, 7) == whole, "in pieces of seven");
  std::size_t octets = 0;
  for (const auto& mail : whole) octets += mail.size();
  fuzz::require(octets <= text.size(), "nothing is added");
  fuzz::require(whole.empty() || looks_like_mbox(text) || text.find("\nFrom ") != std::string_view::npos,
                "a mail begins with From");
}
