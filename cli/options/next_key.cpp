// What a record or a file declares; reads nothing.

#include <fmt/format.h>

#include <algorithm>

#include "cli/options/next.hpp"
#include "probe/openssl/certificate_file.hpp"
#include "resolver/dns/tlsa_line.hpp"

namespace danewatch {
namespace {

using Bytes = std::vector<std::uint8_t>;

void add(int usage, int selector, const Bytes& bytes, std::vector<TlsaRecord>& records) {
  for (const int matching_type : {1, 2, 0}) {
    TlsaRecord record;
    record.usage = static_cast<std::uint8_t>(usage);
    record.selector = static_cast<std::uint8_t>(selector);
    record.matching_type = static_cast<std::uint8_t>(matching_type);
    record.data = association_data(matching_type, bytes);
    records.push_back(std::move(record));
  }
}

// Selector 1 first, which survives a renewal that keeps the key.
void add_certificate(const Certificate& certificate, const std::vector<int>& usages, std::vector<TlsaRecord>& records) {
  const auto key = spki_from_certificate(certificate);
  for (const int usage : usages) {
    if (key) add(usage, 1, *key, records);
    add(usage, 0, certificate.der, records);
  }
}

// The server's own certificate can be declared with usages 3 and 1, a CA's with 2 and 0 (RFC 6698 2.1.1). A
// certificate that is its own CA may be either, and is the server's where it stands alone.
std::vector<TlsaRecord> records_of(const std::vector<Certificate>& chain) {
  const Certificate& first = chain.front();
  const bool alone = chain.size() == 1 && first.subject == first.issuer;
  std::vector<TlsaRecord> records;
  add_certificate(first,
                  !is_ca(first) ? std::vector{3, 1}
                  : alone       ? std::vector{3, 1, 2, 0}
                                : std::vector{2, 0, 3, 1},
                  records);
  for (std::size_t depth = 1; depth < chain.size(); ++depth) add_certificate(chain[depth], {2, 0}, records);
  return records;
}

}  // namespace

Parsed<NextKey> next_from_record(std::string_view text) {
  auto record = parse_tlsa_line(text);
  if (!record) return tl::unexpected(record.error());
  if (const auto why = unusable_reason(*record)) {
    return tl::unexpected(ParseError{fmt::format("no client can use such a record: {}", *why), 0});
  }
  return NextKey{"", {std::move(*record)}};
}

Parsed<DeclaredNext> next_from_file(const std::string& path, std::string_view content) {
  // CAs alone are declared as such, in whatever order: no server's certificate is among them.
  const auto all = read_certificates(content);
  if (all && std::ranges::all_of(*all, is_ca)) return DeclaredNext{{path, records_of(*all)}, ""};
  const auto file = read_chain(content);
  if (file) return DeclaredNext{{path, records_of(file->chain)}, file->remark};
  if (all) return tl::unexpected(file.error());
  const auto key = read_key(content);  // a key made ahead of its certificate is enough for selector 1
  if (!key) return tl::unexpected(key.error());
  DeclaredNext next{{path, {}}, key->remark};
  for (const int usage : {3, 1}) add(usage, 1, key->spki, next.key.records);
  return next;
}

}  // namespace danewatch
