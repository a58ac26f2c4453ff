#include "tests/second_opinion/comparison.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <map>
#include <sstream>
#include <stdexcept>

#include "tests/lab/lab.hpp"
#include "tests/second_opinion/listed.hpp"

namespace danewatch::second_opinion {
namespace {

// Hosts of each verdict that certificates and records decide, or the comparison says little. Others, such as a server
// that refuses us, come of one plan each, and are as many as a plan has hosts.
constexpr std::size_t fewest = 20;
constexpr std::array decided{"authenticated", "mismatch", "unusable"};

std::string content_of(const std::filesystem::path& path) {
  std::ifstream stream(path);
  if (!stream) throw std::runtime_error("cannot read " + path.string());
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

std::vector<std::string> too_uniform(const char* what, const Opinions& opinions) {
  std::map<std::string, std::size_t> counts;
  for (const char* verdict : decided) counts[verdict] = 0;
  for (const auto& opinion : opinions) ++counts[opinion.verdict];
  std::vector<std::string> sentences;
  fmt::print("danewatch, {}:", what);
  for (const auto& [verdict, count] : counts) {
    fmt::print(" {} {}", count, verdict);
    const bool is_decided = std::ranges::find(decided, verdict) != decided.end();
    if (is_decided && count < fewest)
      sentences.push_back(fmt::format("only {} hosts are {} on {}", count, verdict, what));
  }
  fmt::print("\n");
  return sentences;
}

void append(std::vector<std::string>& all, std::vector<std::string> more) {
  std::ranges::move(more, std::back_inserter(all));
}

}  // namespace

bool compare(const std::filesystem::path& danewatch, const std::filesystem::path& list, unsigned seed) {
  auto rows = parse_list(content_of(list));
  const auto program = std::filesystem::absolute(danewatch);
  const auto cases = make_cases(seed);
  fmt::print("{} hosts, seed {}\n", cases.size(), seed);
  std::fflush(stdout);
  const lab::Lab lab(world_of(cases));
  lab::Children children;
  lab.set_environment(program.parent_path());
  start_resolver(lab, children);
  set_ca_store(lab, cases);
  const auto ours = ask_danewatch(lab, cases, program.string());
  std::vector<std::string> wrong = too_uniform("mail", ours.mail);
  append(wrong, too_uniform("web", ours.web));
  append(wrong, unlisted("posttls-finger", cases, ours.mail, ask_posttls_finger(lab, cases), rows));
  append(wrong, unlisted("openssl s_client", cases, ours.web, ask_s_client(lab, cases), rows));
  if (seed == usual_seed) append(wrong, outdated(rows));
  for (const auto& sentence : wrong) fmt::print("{}\n", sentence);
  for (const auto& row : rows) fmt::print("listed: {} of {} ({})\n", row.seen, row.trait, row.program);
  fmt::print("{} problems\n", wrong.size());
  return wrong.empty();
}

}  // namespace danewatch::second_opinion
