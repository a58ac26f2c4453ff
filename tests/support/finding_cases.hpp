// For every finding at least one report that has it, with its exact words.
//
// Data for tests and for whoever wants to see what danewatch says when. Thread rule: pure functions.
#pragma once

#include <string>
#include <vector>

#include "tests/support/report_builder.hpp"

namespace danewatch::test {

struct FindingCase {
  std::string code;
  Report report;
  Severity severity = Severity::info;
  std::string subject;
  std::string text;
  std::string fix;
};

std::vector<FindingCase> record_cases();
std::vector<FindingCase> reserve_cases();
std::vector<FindingCase> explanation_cases();
std::vector<FindingCase> certificate_cases();
std::vector<FindingCase> server_cases();
std::vector<FindingCase> refusal_cases();
std::vector<FindingCase> dns_cases();
std::vector<FindingCase> name_server_cases();
std::vector<FindingCase> sender_cases();

std::vector<FindingCase> all_finding_cases();
std::vector<Report> every_report();  // theirs, and the sample reports

// mx1.example.org with the record 3 1 1 aaa….
HostBuilder mx1();
std::string line(std::string_view record, std::string_view host = "mx1.example.org");  // of a zone file, port 25

}  // namespace danewatch::test
