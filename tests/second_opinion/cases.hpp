// Hosts that nobody chose: certificates, names, dates and TLSA RRsets drawn from a fixed seed, for comparison with
// other programs.
//
// The same seed gives the same hosts on every machine, but for the bits of their keys. Opens no socket and writes no
// file. Thread rule: values and pure functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "resolver/dns/tlsa.hpp"
#include "tests/lab/world.hpp"

namespace danewatch::second_opinion {

struct Published {
  TlsaRecord record;
  std::string about;  // "leaf", "middle", "root", "other", with what was done to it: "leaf, cut short"
};

struct Case {
  std::string host;    // h17.second.lab
  std::string domain;  // d17.second.lab, whose MX it is
  std::string_view plan;
  bool trusted = false;  // its root is in the CA store
  std::vector<Published> published;
  lab::CertifiedKey shown;
  lab::Manners manners{};
  bool wildcard_records = false;  // at *._tcp, for both ports
  std::string root_pem;
};

std::vector<Case> make_cases(unsigned seed);

// "h17.second.lab: leaf expired, root in the store; 3 1 1 leaf, 2 0 1 root"
std::string describe(const Case& subject);

// The RRset without duplicates, which the DNS does not have.
std::vector<std::string> rrset_of(const Case& subject);

// All of them, on port 25 (SMTP) and port 443 (TLS at once) with the same records.
lab::World world_of(const std::vector<Case>& cases);

// What can make programs differ, by the name used in the list of differences. Throws std::runtime_error for a name
// that is none.
bool has_trait(const Case& subject, std::string_view trait);

}  // namespace danewatch::second_opinion
