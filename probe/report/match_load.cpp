#include "probe/report/match_load.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <numeric>

#include "probe/report/chain_paths.hpp"
#include "probe/report/match.hpp"

namespace danewatch {
namespace {

using Nanoseconds = std::chrono::duration<double, std::nano>;

// Measured with OpenSSL 3.0 on one core, rounded up.
constexpr double per_product = 0.00035;  // of two numbers of one bit: a product of n bits takes n² of it
constexpr double per_check = 50'000;     // of a signature, whatever the key
constexpr double per_curve = 300'000;    // with 256 bits and without code written for that curve
constexpr double per_evaluation = 30'000;
constexpr double per_octet = 5;           // digests of a certificate for one evaluation
constexpr double per_octet_told = 60;     // of a certificate, in every form that a wrong record may have
constexpr double per_comparison = 1'000;  // of a record with all forms of one certificate
constexpr double per_parse = 150'000;
constexpr double per_pair = 20;  // a name against a constraint
constexpr double per_issuer_test = 500;
constexpr int level_1_bits = 1024;

// What one evaluation with these certificates above the leaf costs, at most.
struct Part {
  double keys = 0;
  std::size_t signatures = 0, octets = 0, names = 0, constraints = 0;

  void add(const Certificate& certificate, bool leaf) {
    octets += certificate.der.size();
    names += certificate.load.names;
    constraints += certificate.load.constraints;
    if (leaf || certificate.load.key == CheckLoad::Key::unknown) return;
    keys += static_cast<double>(signature_time(certificate.load).count());
    ++signatures;
  }

  double time() const {
    const double pairs = static_cast<double>(names) * static_cast<double>(constraints);
    return keys + per_evaluation + per_octet * static_cast<double>(octets) + per_pair * pairs;
  }
};

Part whole(std::span<const Certificate> chain) {
  Part part;
  for (std::size_t i = 0; i < chain.size(); ++i) part.add(chain[i], i == 0);
  return part;
}

// RFC 7671 5.2.3: a record that holds a key is tried at the topmost certificate. How its octets are shared between
// modulus and exponent only its owner knows: the dearest split counts.
bool is_bare_key(const TlsaRecord& record) {
  return record.usage == 2 && record.selector == 1 && record.matching_type == 0;
}

double bare_key_time(const TlsaRecord& record) {
  constexpr int most_bits = 16384, small_bits = 3072, most_exponent = 64;  // OpenSSL's own limits
  const int bits = static_cast<int>(std::min<std::size_t>(record.data.size() * 8, most_bits));
  const int even = std::min(bits / 2, small_bits);
  const CheckLoad large{CheckLoad::Key::rsa, bits, most_exponent, 0, 0};
  const CheckLoad split{CheckLoad::Key::rsa, even, even, 0, 0};
  return static_cast<double>(std::max(signature_time(large), signature_time(split)).count());
}

bool is_weak(const CheckLoad& leaf) {
  return leaf.key != CheckLoad::Key::curve && leaf.bits < level_1_bits;
}

// How often OpenSSL is asked, at most.
struct Questions {
  double alone = 0;     // one record against the whole chain
  double at_leaf = 0;   // one record against the leaf, without a signature to check
  double together = 0;  // several
  double on_each_path = 0;
  double bare_keys = 0;  // time of one try of each
};

// A record is put right, to see whether it would hold, where its data equal one of the chain's own values: at most so
// many different ones, each as often as it stands there.
double most_put_right(const MatchQuestion& question) {
  constexpr std::size_t values = 6;  // certificate and key, each whole and as two digests
  std::map<std::vector<std::uint8_t>, std::size_t> times;
  for (const TlsaRecord& record : question.records) ++times[record.data];
  std::vector<std::size_t> counts;
  for (const auto& [data, count] : times) counts.push_back(count);
  std::ranges::sort(counts, std::greater());
  counts.resize(std::min(counts.size(), values * question.chain.size()));
  return static_cast<double>(std::accumulate(counts.begin(), counts.end(), std::size_t{0}));
}

Questions questions_about(const MatchQuestion& question) {
  Questions asked;
  for (const TlsaRecord& record : question.records) {
    if (unusable_reason(record)) continue;
    ++(record.usage != 3 ? asked.alone : asked.at_leaf);
    if (record.usage == 0 || record.usage == 2) ++asked.on_each_path;
    if (is_bare_key(record)) asked.bare_keys += bare_key_time(record);
  }
  // Both groups of usages at two levels, each (usage, selector) for its digests, once for the words of a failure.
  asked.together = asked.alone > 0 ? 9 : 0;
  asked.alone += most_put_right(question) + 1;  // and public PKIX
  return asked;
}

}  // namespace

std::chrono::nanoseconds signature_time(const CheckLoad& load) {
  const double bits = load.bits;
  double time = 0;
  switch (load.key) {
    case CheckLoad::Key::unknown:
      return {};
    case CheckLoad::Key::rsa:
      time = per_product * bits * bits * 1.5 * load.exponent_bits;
      break;
    case CheckLoad::Key::dsa:
      time = per_product * bits * bits * 3 * load.exponent_bits;
      break;
    case CheckLoad::Key::curve:
      time = per_curve * bits * bits / (256.0 * 256.0);
      break;
  }
  return std::chrono::nanoseconds(static_cast<std::int64_t>(per_check + time));
}

MatchLoad load_of(const MatchQuestion& question) {
  MatchLoad load;
  const std::span<const Certificate> chain = question.chain;
  load.certificates = chain.size();
  load.records = question.records.size();
  if (chain.empty()) return load;
  const Part all = whole(chain);
  const Questions asked = questions_about(question);
  const double twice = is_weak(chain.front().load) ? 2 : 1;  // OpenSSL stops before it looks at records
  const auto size = static_cast<double>(chain.size());
  double time = twice * ((asked.alone + asked.together) * all.time() + (1 + asked.together) * asked.bare_keys);
  time += twice * asked.at_leaf * (per_evaluation + per_octet * static_cast<double>(chain.front().der.size()));
  double signatures = twice * (asked.alone + asked.together) * static_cast<double>(all.signatures);

  const std::vector<ChainPath> paths = paths_of(chain);
  load.paths = paths.size();
  for (const ChainPath& path : paths) {
    if (paths.size() < 2 || asked.on_each_path == 0) break;
    Part part;
    for (const std::size_t i : path) part.add(chain[i], i == 0);
    time += per_parse * static_cast<double>(path.size()) + twice * (asked.on_each_path * part.time() + asked.bare_keys);
    signatures += twice * asked.on_each_path * static_cast<double>(part.signatures);
  }
  time += size * per_parse + size * std::min(size, 100.0) * per_issuer_test;
  time += per_octet_told * static_cast<double>(all.octets);
  time += per_comparison * static_cast<double>(load.records) * size;

  const auto dearest = std::ranges::max_element(
      chain, {}, [](const Certificate& certificate) { return signature_time(certificate.load); });
  load.key_bits = dearest->load.bits;
  load.exponent_bits = dearest->load.exponent_bits;
  load.signatures = static_cast<std::size_t>(signatures);
  load.time = std::chrono::duration_cast<std::chrono::microseconds>(Nanoseconds(time));
  return load;
}

}  // namespace danewatch
