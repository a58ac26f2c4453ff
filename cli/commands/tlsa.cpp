#include <fmt/format.h>

#include <algorithm>

#include "cli/commands/commands.hpp"
#include "cli/system/errors.hpp"
#include "cli/system/files.hpp"
#include "cli/system/output.hpp"
#include "exporters/json/json.hpp"
#include "exporters/words/escape.hpp"
#include "probe/openssl/certificate.hpp"

namespace danewatch {
namespace {

constexpr std::uint16_t smtp_port = 25;

template <class T>
T need_pem(const char* option, const std::string& path, Parsed<T> parsed) {
  if (parsed) return std::move(*parsed);
  throw UsageError(fmt::format("{} {}: {}", option, escape_for_terminal(path), parsed.error().message));
}

// What the selector selects: the certificate, or its SubjectPublicKeyInfo (RFC 6698 2.1.2).
std::vector<std::uint8_t> selected(const TlsaOptions& options) {
  if (options.key_file)
    return need_pem("--key", *options.key_file, spki_from_pem(read_file("--key", *options.key_file)));
  const std::string path = options.certificate_file.value_or("");
  const auto chain = need_pem("--cert", path, parse_pem_chain(read_file("--cert", path)));
  const Certificate& first = chain.front();
  if (options.usage % 2 == 0 && !is_ca(first)) {
    throw UsageError(
        fmt::format("--cert {}: its first certificate is no CA, and usage {} names the CA that issued the "
                    "server's certificate: give the CA's own file, or use 3 1 1",
                    escape_for_terminal(path), options.usage));
  }
  if (options.selector == 0) return first.der;
  return need_pem("--cert", path, spki_from_certificate(first));
}

std::string render(const TlsaOptions& options, const std::vector<TlsaRecord>& records) {
  if (options.format == TlsaFormat::json) return to_json(records) + "\n";
  std::string text;
  for (const auto& record : records) {
    text += options.format == TlsaFormat::zone
                ? to_zone_line(record) + "\n"
                : fmt::format("update add {}. {} IN TLSA {}\n", record.owner, options.ttl, to_text(record));
  }
  return options.format == TlsaFormat::nsupdate ? text + "send\n" : text;
}

}  // namespace

int run_tlsa(const TlsaOptions& options) {
  TlsaRecord record;
  record.usage = static_cast<std::uint8_t>(options.usage);
  record.selector = static_cast<std::uint8_t>(options.selector);
  record.matching_type = static_cast<std::uint8_t>(options.matching_type);
  record.data = association_data(options.matching_type, selected(options));
  std::vector<TlsaRecord> records;
  for (const auto port : options.ports) {
    record.owner = fmt::format("_{}._tcp.{}", port, options.name);
    records.push_back(record);
  }
  if (options.usage <= 1 && std::ranges::count(options.ports, smtp_port) > 0) {
    write_error("mail servers ignore usages 0 and 1 at port 25 (RFC 7672 section 3.1.3): use 3 1 1");
  }
  write_output(render(options, records));
  return 0;
}

}  // namespace danewatch
