#include <fmt/format.h>

#include <algorithm>

#include "cli/commands/commands.hpp"
#include "cli/system/errors.hpp"
#include "cli/system/files.hpp"
#include "cli/system/output.hpp"
#include "exporters/json/json.hpp"
#include "exporters/words/escape.hpp"
#include "probe/openssl/certificate_file.hpp"

namespace danewatch {
namespace {

constexpr std::uint16_t smtp_port = 25;

template <class T>
T need_pem(const char* option, const std::string& path, Parsed<T> parsed) {
  if (parsed) return std::move(*parsed);
  throw UsageError(fmt::format("{} {}: {}", option, escape_for_terminal(path), parsed.error().message));
}

void say_remark(const char* option, const std::string& path, const std::string& remark) {
  if (!remark.empty()) write_error(fmt::format("{} {}: {}", option, path, remark));
}

std::vector<std::uint8_t> key_of(const char* option, const std::string& path, const std::string& content) {
  KeyFile file = need_pem(option, path, read_key(content));
  say_remark(option, path, file.remark);
  return std::move(file.spki);
}

bool needs_key_alone(const TlsaOptions& options) {
  return options.selector == 1 && options.usage % 2 == 1;
}

// The certificate the record is to name: of a CA the first as it stands, else the server's own.
Certificate certificate_of(const TlsaOptions& options, const std::string& path, const std::string& content) {
  if (options.usage % 2 == 0) {
    const auto all = read_certificates(content);
    if (all && is_ca(all->front())) return all->front();
  }
  ChainFile file = need_pem("--cert", path, read_chain(content));
  if (options.usage % 2 == 0) {
    throw UsageError(
        fmt::format("--cert {}: its first certificate is not a CA, and usage {} names the CA that issued the "
                    "server's certificate: give the CA's own file, or use 3 1 1",
                    escape_for_terminal(path), options.usage));
  }
  say_remark("--cert", path, file.remark);
  return std::move(file.chain.front());
}

// What the selector selects: the certificate, or its SubjectPublicKeyInfo (RFC 6698 2.1.2).
std::vector<std::uint8_t> selected(const TlsaOptions& options) {
  if (options.key_file) return key_of("--key", *options.key_file, read_file("--key", *options.key_file));
  const std::string path = options.certificate_file.value_or("");
  const std::string content = read_file("--cert", path);
  // A request, or a key alone: the certificate is not there yet, its record can be.
  if (needs_key_alone(options) && !read_chain(content) && read_key(content)) return key_of("--cert", path, content);
  const Certificate certificate = certificate_of(options, path, content);
  if (options.selector == 0) return certificate.der;
  return need_pem("--cert", path, spki_from_certificate(certificate));
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
