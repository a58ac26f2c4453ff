#include "tests/second_opinion/tools.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <stdexcept>

#include "tests/lab/name_space.hpp"
#include "tests/lab/unbound.hpp"

namespace danewatch::second_opinion {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

constexpr std::size_t side_by_side = 4;

void write(const fs::path& path, const std::string& text) {
  std::ofstream stream(path);
  stream << text;
  stream.flush();
  if (!stream) throw std::runtime_error("cannot write " + path.string());
}

fs::path directory(const lab::Lab& lab, const char* name) {
  const auto path = lab.dir() / name;
  fs::create_directory(path);
  return path;
}

std::string line_with(const std::string& text, std::string_view part) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.find(part) != std::string::npos) return line;
  }
  return "";
}

Opinion opinion_of(const Json& report) {
  const auto reason = report.at("reason").is_null() ? "" : "/" + report.at("reason").get<std::string>();
  const auto verdict = report.at("verdict").get<std::string>();
  return {verdict, verdict + reason};
}

// Without usable records posttls-finger looks for public PKIX instead: that outcome does not count.
Opinion read_posttls_finger(const std::string& text) {
  const auto outcome = line_with(text, "TLS connection established");
  const auto complaint = line_with(text, "verification failed");
  auto unusable = line_with(text, "no usable TLSA records found");                // by their usage
  if (unusable.empty()) unusable = line_with(text, "all TLSA records unusable");  // by what OpenSSL says
  const auto words = complaint.empty() ? outcome : complaint;
  if (!unusable.empty()) return {"unusable", unusable};
  if (outcome.find("Verified TLS") != std::string::npos) return {"authenticated", words};
  if (outcome.find("Untrusted TLS") != std::string::npos) return {"mismatch", words};
  if (const auto refused = line_with(text, "EHLO rejected"); !refused.empty()) return {"tempfail", refused};
  return {"no verdict", text};
}

Opinion read_s_client(const lab::Output& output) {
  const auto text = output.text + output.errors;
  const auto failure = line_with(text, "Verification error");
  if (text.find("Failed to import any TLSA records") != std::string::npos)
    return {"unusable", "no TLSA record imported"};
  if (!failure.empty()) return {"mismatch", failure};
  if (text.find("Verification: OK") != std::string::npos) return {"authenticated", line_with(text, "DANE TLSA")};
  return {"no verdict", text};
}

}  // namespace

void start_resolver(const lab::Lab& lab, lab::Children& children) {
  for (const auto* program : {"posttls-finger", "openssl"}) lab::need(program);
  lab::start_unbound(lab, children);
}

void set_ca_store(const lab::Lab& lab, const std::vector<Case>& cases) {
  std::string store;
  for (const auto& subject : cases) store += subject.trusted ? subject.root_pem : "";
  const auto path = lab.dir() / "store.pem";
  write(path, store);
  setenv("SSL_CERT_FILE", path.c_str(), 1);
  setenv("SSL_CERT_DIR", directory(lab, "no-more-authorities").c_str(), 1);
}

DanewatchOpinions ask_danewatch(const lab::Lab& lab, const std::vector<Case>& cases, const std::string& program) {
  const std::vector<std::string> command{program,
                                         "check",
                                         "--json",
                                         "--views",
                                         "default",
                                         "--timeout",
                                         "60s",
                                         "--jobs",
                                         "16",
                                         "--file",
                                         (lab.dir() / "targets").string()};
  const auto output = lab::run_batch({command}, 1, directory(lab, "danewatch")).front();
  std::map<std::string, Opinion> by_target;
  std::istringstream lines(output.text);
  for (std::string line; std::getline(lines, line);) {
    const auto report = Json::parse(line);
    by_target[report.at("target").get<std::string>()] = opinion_of(report);
  }
  DanewatchOpinions opinions;
  for (const auto& subject : cases) {
    opinions.mail.push_back(by_target[subject.domain]);
    opinions.web.push_back(by_target["https://" + subject.host]);
    if (opinions.web.back().verdict.empty()) throw std::runtime_error("danewatch says nothing: " + output.errors);
  }
  return opinions;
}

Opinions ask_posttls_finger(const lab::Lab& lab, const std::vector<Case>& cases) {
  const auto dir = directory(lab, "posttls-finger");
  write(dir / "main.cf", "compatibility_level = 3.6\n");
  setenv("MAIL_CONFIG", dir.c_str(), 1);
  std::vector<std::vector<std::string>> commands;
  for (const auto& subject : cases)
    commands.push_back({"posttls-finger", "-c", "-v", "-t", "20", "-T", "20", subject.domain});
  Opinions opinions;
  for (const auto& output : lab::run_batch(commands, side_by_side, dir)) {
    opinions.push_back(read_posttls_finger(output.text + output.errors));
  }
  return opinions;
}

Opinions ask_s_client(const lab::Lab& lab, const std::vector<Case>& cases) {
  std::vector<std::vector<std::string>> commands;
  for (std::size_t i = 0; i < cases.size(); ++i) {
    const auto& subject = cases[i];
    const auto address = lab.world().endpoints[2 * i].address.value();
    commands.push_back({"openssl", "s_client", "-brief", "-connect", to_string(address) + ":443", "-dane_tlsa_domain",
                        subject.host, "-dane_ee_no_namechecks", "-cipher", "ALL:!aNULL:!eNULL"});
    for (const auto& [record, about] : subject.published) {
      commands.back().emplace_back("-dane_tlsa_rrdata");
      commands.back().push_back(to_text(record));
    }
  }
  Opinions opinions;
  for (const auto& output : lab::run_batch(commands, side_by_side, directory(lab, "s_client"))) {
    opinions.push_back(read_s_client(output));
  }
  return opinions;
}

}  // namespace danewatch::second_opinion
