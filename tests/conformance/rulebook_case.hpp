// One case of the rule book, ready to be asked: chain, records, names, trust store, time.
//
// Thread rule: one thread; a Case owns what its questions refer to.
#pragma once

#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <memory>

#include "probe/openssl/matcher.hpp"
#include "tests/conformance/rulebook_record.hpp"

namespace danewatch::rulebook {

// A matcher that trusts these certificates and no others.
inline std::unique_ptr<OpensslMatcher> matcher_trusting(World& world, const std::vector<std::string>& names) {
  const std::string path = "/tmp/danewatch-rulebook-" + std::to_string(::getpid()) + ".pem";
  std::ofstream file(path);
  for (const auto& name : names) file << pki::certificate_pem(world.certificate(name).der);
  file.close();
  auto matcher = std::make_unique<OpensslMatcher>(MatcherOptions{path, false});
  std::remove(path.c_str());
  return matcher;
}

class Case {
 public:
  explicit Case(const Json& row) : world_(row.value("certificates", Json::object())) {
    for (const auto& name : row.value("chain", std::vector<std::string>{"leaf", "middle", "root"})) {
      chain.push_back(parse_certificate(world_.certificate(name).der));
    }
    matcher = matcher_trusting(world_, row.value("store", std::vector<std::string>{"stranger"}));
    names = row.value("names", std::vector<std::string>{"mx.example.org"});
    service = find_service(row.value("service", "smtp"));
    at = parse_date(row.value("at", "2026-01-01"));
  }

  std::vector<TlsaRecord> records(const std::vector<std::string>& texts) {
    std::vector<TlsaRecord> all;
    for (const auto& text : texts) {
      for (auto& record : RecordReader(world_, text).read()) all.push_back(std::move(record));
    }
    return all;
  }

  MatchResult ask(const std::vector<TlsaRecord>& asked) const {
    MatchQuestion question;
    question.chain = chain;
    question.records = asked;
    question.names = names;
    question.service = service;
    question.at = at;
    return matcher->match(question);
  }

  std::vector<Certificate> chain;
  std::unique_ptr<OpensslMatcher> matcher;
  std::vector<std::string> names;
  const Service* service = nullptr;
  SysTime at{};

 private:
  World world_;
};

inline std::string text_of(const Conclusion& conclusion) {
  std::string text(to_string(conclusion.verdict));
  if (conclusion.reason != Reason::none) text += "/" + std::string(to_string(conclusion.reason));
  return text;
}

}  // namespace danewatch::rulebook
