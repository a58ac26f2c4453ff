#include "resolver/dns/dnssec_algorithm.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace danewatch {
namespace {

struct Row {
  unsigned number;
  std::string_view name;
  Validators validators;
};

using enum Validators;

// IANA's registry; those that resolvers must not use (RFC 8624 3.1) are as good as unassigned.
constexpr std::array algorithms{
    Row{1, "RSAMD5", nobody},
    Row{3, "DSA", nobody},
    Row{5, "RSASHA1", ours},
    Row{6, "DSA-NSEC3-SHA1", nobody},
    Row{7, "RSASHA1-NSEC3-SHA1", ours},
    Row{8, "RSASHA256", ours},
    Row{10, "RSASHA512", ours},
    Row{12, "ECC-GOST", others},
    Row{13, "ECDSAP256SHA256", ours},
    Row{14, "ECDSAP384SHA384", ours},
    Row{15, "ED25519", ours},
    Row{16, "ED448", others},
    Row{17, "SM2SM3", others},
    Row{23, "ECC-GOST12", others},
};

constexpr std::array digests{
    Row{1, "SHA-1", ours},
    Row{2, "SHA-256", ours},
    Row{3, "GOST R 34.11-94", others},
    Row{4, "SHA-384", ours},
    Row{5, "GOST R 34.11-2012", others},
    Row{6, "SM3", others},
};

template <std::size_t N>
const Row* row_of(const std::array<Row, N>& table, unsigned number) {
  const auto* row = std::ranges::find(table, number, &Row::number);
  return row == table.end() ? nullptr : row;
}

Validators validators_of(const Row* row) {
  return row == nullptr ? nobody : row->validators;
}

std::string name_of(const Row* row, unsigned number) {
  return row == nullptr ? fmt::format("{}", number) : fmt::format("{} ({})", row->name, number);
}

std::optional<unsigned> take_number(std::string_view& text) {
  unsigned number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end == text.data() + text.size() || *end != ' ') return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()) + 1);
  return number;
}

// The weaker of the two decides: a DS needs both.
Validators validators_of(const DsKind& kind) {
  return std::max(validators_of_algorithm(kind.algorithm), validators_of_digest(kind.digest));
}

}  // namespace

Validators validators_of_algorithm(unsigned number) {
  return validators_of(row_of(algorithms, number));
}

Validators validators_of_digest(unsigned number) {
  return validators_of(row_of(digests, number));
}

std::string algorithm_name(unsigned number) {
  return name_of(row_of(algorithms, number), number);
}

std::string digest_name(unsigned number) {
  return name_of(row_of(digests, number), number);
}

std::optional<DsKind> ds_kind(std::string_view text) {
  const auto tag = take_number(text);
  const auto algorithm = tag ? take_number(text) : std::nullopt;
  const auto digest = algorithm ? take_number(text) : std::nullopt;
  if (!digest) return std::nullopt;
  return DsKind{*algorithm, *digest};
}

std::optional<std::string> beyond_our_resolver(const Answer& ds) {
  if (ds.question.type != RrType::ds || ds.status != Status::secure) return std::nullopt;
  std::optional<std::string> beyond;
  for (const Rdata& rdata : ds.data) {
    const auto kind = ds_kind(rdata.text);
    if (!kind) continue;
    const Validators validators = validators_of(*kind);
    if (validators == ours) return std::nullopt;
    if (validators != others || beyond) continue;
    const bool by_algorithm = validators_of_algorithm(kind->algorithm) == others;
    beyond =
        by_algorithm ? "algorithm " + algorithm_name(kind->algorithm) : "DS digest type " + digest_name(kind->digest);
  }
  return beyond;
}

}  // namespace danewatch
