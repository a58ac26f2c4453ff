// Kept evidence: whatever a file holds is read within bounds, is the same when it is written again, and can be judged.
#include <nlohmann/json.hpp>

#include "exporters/json/json.hpp"
#include "probe/evidence/digest.hpp"
#include "probe/judgement/judge.hpp"
#include "probe/openssl/certificate.hpp"
#include "store/bundle/bundle.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace danewatch;

namespace {

// Says nothing of any record, of which there are as many as are asked for.
class SilentMatcher final : public Matcher {
 public:
  MatchResult match(const MatchQuestion& question) const override {
    MatchResult result;
    result.cells.assign(question.records.size(), Cell::unobserved);
    return result;
  }
  std::vector<std::optional<std::string>> unusable(std::span<const TlsaRecord> records, const Service&) const override {
    return std::vector<std::optional<std::string>>(records.size());
  }
};

// With the digest that it must have, as whoever forges evidence would give it.
std::string forged(std::string_view text) {
  constexpr int compact = -1;
  auto json = nlohmann::json::parse(text, nullptr, false);
  if (!json.is_object()) return std::string(text);
  json.erase("sha256");
  const std::string whole = json.dump(compact, ' ', true);
  json["sha256"] = sha256_hex({reinterpret_cast<const std::uint8_t*>(whole.data()), whole.size()});
  return json.dump(compact, ' ', true);
}

}  // namespace

FUZZ(input) {
  const std::string text = forged(fuzz::as_text(input));
  const auto bundle = read_bundle(text, parse_certificate);
  if (!bundle) return fuzz::require_sound(bundle.error(), text.size());
  const auto again = read_bundle(write_bundle(*bundle), parse_certificate);
  fuzz::require(again.has_value() && *again == *bundle, "what is written is what was read");
  const SilentMatcher matcher;
  fuzz::require(!to_json(judge(bundle->evidence, matcher, bundle->policy)).empty(), "evidence can be judged");
}
