#include "exporters/survey/notice.hpp"

#include <fmt/format.h>

#include "exporters/words/words.hpp"
#include "resolver/dns/time.hpp"

namespace danewatch {
namespace {

constexpr std::size_t columns = 76;

// Lines that fit a mail; a word that is longer stands alone.
std::string wrapped(const std::string& text, std::string_view indent) {
  std::string out(indent);
  std::size_t used = indent.size();
  bool first = true;
  for (std::size_t begin = 0; begin <= text.size();) {
    const auto end = std::min(text.find_first_of(" \n", begin), text.size());
    const std::size_t size = end - begin;
    if (!first && used + 1 + size > columns) {
      out.append("\n").append(indent);
      used = indent.size();
    } else if (!first) {
      out += ' ';
      ++used;
    }
    out.append(text, begin, size);
    used += size;
    first = false;
    begin = end + 1;
  }
  return out + "\n";
}

std::string ascii(const std::string& text) {
  std::string out;
  for (const char c : words::one_line(text)) {
    const auto octet = static_cast<unsigned char>(c);
    out += octet >= 0x20 && octet < 0x7f ? std::string(1, c) : fmt::format("\\x{:02x}", octet);
  }
  return out;
}

std::string told(const Complaint& complaint) {
  std::string out = fmt::format("{} ({}, {})\n", ascii(complaint.where), to_string(complaint.severity), complaint.code);
  out += wrapped(ascii(complaint.text), "  ");
  out += wrapped("What to do: " + ascii(complaint.fix), "  ");
  std::string domains =
      complaint.examples.size() == 1 && complaint.examples.front() == complaint.where
          ? ""
          : fmt::format("Concerns {} mail {}:", complaint.domains, complaint.domains == 1 ? "domain" : "domains");
  if (!domains.empty()) {
    for (const std::string& each : complaint.examples) domains += " " + ascii(each);
    if (complaint.domains > complaint.examples.size()) domains += " ...";
    out += wrapped(domains, "  ");
  }
  return out + fmt::format("  Seen {}.\n\n", moment_of(complaint.at));
}

}  // namespace

std::string to_mail(const Notice& notice) {
  std::string out =
      fmt::format("To: postmaster@{0}\nSubject: DANE of {0}: what a survey saw\n\n", ascii(notice.operator_domain));
  out += wrapped(
      "A survey of mail domains with DANE (RFC 7672) saw something at your names that mail servers may stumble over. "
      "It "
      "is what was seen from one place at the time below; it may have been mended since.",
      "");
  out += "\n";
  for (const Complaint& each : notice.complaints) out += told(each);
  out +=
      wrapped(fmt::format("To look again: danewatch check {}", ascii(notice.complaints.front().examples.front())), "");
  return out;
}

}  // namespace danewatch
