#include "tests/second_opinion/comparison.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
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

// "second-two-roots-of-one-name-mail"
std::string file_name(const Listed& row) {
  std::string name = "second-" + row.trait + (row.program == "posttls-finger" ? "-mail" : "-web");
  std::ranges::replace(name, ' ', '-');
  return name;
}

// The anchor's file by its digest, as evidence names it.
void keep_anchor(const lab::Lab& lab, const std::filesystem::path& folder, const std::filesystem::path& file) {
  const auto digest =
      nlohmann::json::parse(content_of(file)).at("made").at("trust_anchor_sha256").get<std::string>() + ".key";
  std::filesystem::create_directories(folder / "anchors");
  std::filesystem::copy_file(lab.dir() / "root.key", folder / "anchors" / digest,
                             std::filesystem::copy_options::overwrite_existing);
}

// Of each difference that is listed the first host, as evidence (tests/evidence); it names no path of this machine.
void keep_evidence(const lab::Lab& lab, const std::string& program, const std::vector<Listed>& rows,
                   const std::filesystem::path& folder) {
  std::filesystem::current_path(lab.dir());
  for (const Listed& row : rows) {
    if (row.first_host.empty()) continue;
    const std::string target =
        row.program == "posttls-finger" ? "d" + row.first_host.substr(1) : "https://" + row.first_host;
    const auto file = folder / (file_name(row) + ".json");
    const auto output =
        lab::run_batch({{program, "check", "--trust-anchor", "root.key", "--save", file.string(), target}}, 1,
                       lab.dir())
            .front();
    fmt::print("{}: {} {}{}", file.string(), target, output.status, output.errors.empty() ? "\n" : output.errors);
    keep_anchor(lab, folder, file);
  }
}

}  // namespace

bool compare(const std::filesystem::path& danewatch, const std::filesystem::path& list, const Wanted& wanted) {
  const unsigned seed = wanted.seed;
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
  if (!wanted.evidence.empty()) keep_evidence(lab, program.string(), rows, wanted.evidence);
  fmt::print("{} problems\n", wrong.size());
  return wrong.empty();
}

}  // namespace danewatch::second_opinion
