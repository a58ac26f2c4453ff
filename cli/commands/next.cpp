#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <iterator>

#include "cli/commands/commands.hpp"
#include "cli/system/errors.hpp"
#include "cli/system/files.hpp"
#include "probe/openssl/certificate.hpp"

namespace danewatch {
namespace {

void add_digests(int usage, int selector, const std::vector<std::uint8_t>& bytes, std::vector<TlsaRecord>& records) {
  for (const int matching_type : {0, 1, 2}) {
    TlsaRecord record;
    record.usage = static_cast<std::uint8_t>(usage);
    record.selector = static_cast<std::uint8_t>(selector);
    record.matching_type = static_cast<std::uint8_t>(matching_type);
    record.data = association_data(matching_type, bytes);
    records.push_back(std::move(record));
  }
}

// The leaf can be declared with usages 1 and 3, every other certificate with 0 and 2 (RFC 6698 2.1.1).
std::vector<TlsaRecord> records_of_chain(const std::vector<Certificate>& chain) {
  std::vector<TlsaRecord> records;
  for (std::size_t depth = 0; depth < chain.size(); ++depth) {
    const auto key = spki_from_certificate(chain[depth]);
    const std::array<int, 2> usages = depth == 0 ? std::array{1, 3} : std::array{0, 2};
    for (const int usage : usages) {
      add_digests(usage, 0, chain[depth].der, records);
      if (key) add_digests(usage, 1, *key, records);
    }
  }
  return records;
}

std::vector<TlsaRecord> records_of_key(const std::vector<std::uint8_t>& key) {
  std::vector<TlsaRecord> records;
  for (const int usage : {1, 3}) add_digests(usage, 1, key, records);
  return records;
}

std::vector<TlsaRecord> records_of(const std::string& word) {
  // A file of that name is meant; else what holds a blank is a record.
  std::error_code ignored;
  const bool is_file = std::filesystem::exists(word, ignored);
  if (!is_file && word.find_first_of(" \t") != std::string::npos) {
    auto record = parse_tlsa_line(word);
    if (!record) throw UsageError(fmt::format("--next {}: {}", word, record.error().message));
    if (const auto why = unusable_reason(*record)) {
      throw UsageError(fmt::format("--next {}: no client can use such a record: {}", word, *why));
    }
    return {std::move(*record)};
  }
  const std::string pem = read_file("--next", word);
  const auto chain = parse_pem_chain(pem);
  if (chain) return records_of_chain(*chain);
  const auto key = spki_from_pem(pem);  // a key made ahead of its certificate is enough for selector 1
  if (key) return records_of_key(*key);
  throw UsageError(fmt::format("--next {}: {}", word, chain.error().message));
}

}  // namespace

std::vector<TlsaRecord> next_records(const std::vector<std::string>& words) {
  std::vector<TlsaRecord> all;
  for (const std::string& word : words) std::ranges::move(records_of(word), std::back_inserter(all));
  return all;
}

}  // namespace danewatch
