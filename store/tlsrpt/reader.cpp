#include "store/tlsrpt/reader.hpp"

#include <fmt/format.h>

#include <utility>

#include "resolver/dns/name.hpp"
#include "store/tlsrpt/authentication.hpp"
#include "store/tlsrpt/json_text.hpp"
#include "store/tlsrpt/mime.hpp"
#include "store/tlsrpt/report.hpp"
#include "store/tlsrpt/unpack.hpp"

namespace danewatch {
namespace {

using namespace tlsrpt;

// RFC 8460 5.1: submitter "!" policy-domain "!" begin "!" end …
std::string domain_of_file_name(std::string_view name) {
  name = name.substr(name.rfind('/') + 1);
  const auto first = name.find('!');
  const auto second = first == std::string_view::npos ? first : name.find('!', first + 1);
  return second == std::string_view::npos ? std::string{} : std::string(name.substr(first + 1, second - first - 1));
}

// Where the reports of one document come together.
class Collector {
 public:
  // One file that may be packed. `promised`: something said that it is a report, so it is a fault where it is none.
  void take(std::string_view octets, const std::string& domain, bool promised) {
    const Unpacked unpacked = unpack(octets, budget_);
    for (const auto& error : unpacked.errors) {
      if (promised || unpacked.too_large)
        reject(unpacked.too_large ? RejectReason::too_large : RejectReason::malformed, error);
    }
    for (const auto& file : unpacked.files) report(file, domain, promised, unpacked.notes);
  }

  Reading& reading() { return reading_; }

  void reject(RejectReason reason, const ParseError& error) {
    const std::string where = error.position > 0 ? fmt::format(" (octet {})", error.position) : "";
    reading_.rejected.push_back({reason, error.message + where});
  }

 private:
  void report(std::string_view text, const std::string& domain, bool promised, const std::vector<std::string>& notes) {
    if (!looks_like_json(text)) {
      if (promised) reject(RejectReason::not_a_report, {"is not a TLS report: it is not a JSON object", 0});
      return;
    }
    auto parsed = parse_report(text, domain);
    if (!parsed) {
      if (promised || has_report_words(text)) reject(RejectReason::malformed, parsed.error());
      return;
    }
    parsed->notes.insert(parsed->notes.end(), notes.begin(), notes.end());
    reading_.reports.push_back(std::move(*parsed));
  }

  // Broken JSON of an attachment that was called nothing in particular.
  static bool has_report_words(std::string_view text) {
    return text.find("\"policies\"") != std::string_view::npos && text.find("\"date-range\"") != std::string_view::npos;
  }

  Reading reading_;
  Budget budget_;
};

bool promises_report(const Entity& top) {
  const auto type = parse_parameters(top.first("Content-Type"));
  const auto about = type.parameters.find("report-type");
  return !top.first("TLS-Report-Domain").empty() ||
         (about != type.parameters.end() && equal_ignoring_case(about->second, "tlsrpt"));
}

// RFC 8460 5.3: TLS-Report-Domain; of the sender's gateway it may be gone.
std::string domain_of_mail(const Mail& mail, const Part& part) {
  const std::string_view said = mail.top.first("TLS-Report-Domain");
  return said.empty() ? domain_of_file_name(part.file_name) : std::string(said);
}

Reading read_mail(std::string_view octets, std::string_view authserv_id) {
  const Mail mail = parse_mail(octets);
  Collector collector;
  if (mail.notice) return {};
  const std::string signer = signed_by(mail.top, authserv_id);
  for (const auto& part : mail.parts) {
    collector.take(part.octets, domain_of_mail(mail, part), part.type.starts_with("application/tlsrpt"));
  }
  Reading& reading = collector.reading();
  for (auto& report : reading.reports) report.signed_by = signer;
  const bool nothing = reading.reports.empty() && reading.rejected.empty();
  if (nothing && mail.cut) {
    collector.reject(RejectReason::too_large, {"is a mail of too many parts, or of parts too deep in each other", 0});
  } else if (nothing && promises_report(mail.top)) {
    collector.reject(RejectReason::malformed, {"is the mail of a TLS report, but holds none", 0});
  }
  return std::move(reading);
}

}  // namespace

Reading read_sender_reports(std::string_view octets, std::string_view name, std::string_view authserv_id) {
  if (octets.size() > largest_document) return {{}, {{RejectReason::too_large, "is larger than 10 MiB"}}};
  if (!looks_packed(octets) && !looks_like_json(octets) && begins_with_field(octets)) {
    return read_mail(octets, authserv_id);
  }
  Collector collector;
  collector.take(octets, domain_of_file_name(name), true);
  return std::move(collector.reading());
}

}  // namespace danewatch
