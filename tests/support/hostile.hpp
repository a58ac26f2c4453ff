// A report in which everything that comes from the network is what an attacker would send: for the property tests of
// whoever shows reports.
//
// The same seed makes the same report. Thread rule: a Junk has one owner; values otherwise.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "probe/predict/verify.hpp"
#include "probe/report/report.hpp"

namespace danewatch::test {

class Junk {
 public:
  explicit Junk(unsigned seed) : random_(seed) {}

  std::string text();  // octets of all kinds, with what an attacker would try among them
  std::vector<std::uint8_t> octets();
  unsigned number(unsigned below) { return static_cast<unsigned>(random_() % below); }

 private:
  std::mt19937 random_;
};

// Banners, certificates, names, aliases, records, errors and reasons are junk; judged by the real judge.
Report hostile_report(Junk& junk);
VerifyReport hostile_verify(Junk& junk);

// No control character but the line end, C1 included, and nothing that turns the writing direction or breaks a line.
void expect_printable(const std::string& text);

}  // namespace danewatch::test
