// Mail, archives and reports of strangers: whatever comes is read within the limits, or refused with a reason.
#include "store/tlsrpt/mime.hpp"
#include "store/tlsrpt/reader.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace danewatch;

FUZZ(input) {
  const std::string_view text = fuzz::as_text(input);
  const tlsrpt::Mail mail = tlsrpt::parse_mail(text);
  fuzz::require(mail.parts.size() <= tlsrpt::most_parts, "parts are bounded");
  std::size_t octets = 0;
  for (const auto& part : mail.parts) octets += part.octets.size();
  // Quoted-printable and base64 only shrink; a forwarded mail is decoded once more.
  fuzz::require(octets <= text.size(), "parts hold no more than the mail");
  const Reading reading = read_sender_reports(text, "a!example.org!1!2.json", "mx.example.org");
  for (const auto& rejected : reading.rejected) {
    fuzz::require(!rejected.why.empty(), "whoever is refused is told why");
    for (const char c : rejected.why) fuzz::require(c >= 0x20 && c != 0x7f, "a reason is safe to print");
  }
  for (const auto& report : reading.reports) {
    fuzz::require(report.begin <= report.end, "a report ends after it begins");
    fuzz::require(report.key.size() == 32, "every report has a key");
  }
}
