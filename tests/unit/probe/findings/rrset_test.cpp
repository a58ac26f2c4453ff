// Keys declared ahead of their use.
#include <gtest/gtest.h>

#include <algorithm>

#include "probe/report/report.hpp"
#include "tests/support/report_builder.hpp"

namespace danewatch {
namespace {

using test::digest;
using test::HostBuilder;
using test::record;
using test::ReportBuilder;
using test::shows;

NextKey key_of_a_file() {
  return {"new.pem",
          {record("3 1 1 " + digest('e')), record("3 1 2 " + digest('e') + digest('e')), record("3 0 1 " + digest('f')),
           record("2 1 1 " + digest('d'))}};
}

Report judged(const std::vector<std::string>& records) {
  ReportBuilder builder("example.org");
  builder.report.policy.next = {key_of_a_file()};
  HostBuilder host("mx1.example.org");
  std::vector<Cell> cells;
  for (const auto& text : records) {
    host.tlsa(text);
    cells.push_back(cells.empty() ? Cell::match : Cell::no_match);
  }
  return builder.add(host.add(shows("11.0.0.1", cells))).judged();
}

// A file has a dozen possible records; one of them is to be published, whichever it is.
TEST(NextKey, AFileIsOneNoteWithTheOneRecordToPublish) {
  const Report report = judged({"3 1 1 " + digest('a')});
  ASSERT_EQ(std::ranges::count(report.findings, "tlsa-next", &Finding::code), 1);
  const Finding note = test::finding(report, "tlsa-next");
  EXPECT_EQ(note.text, "new.pem is declared as next, and no record of it is in the DNS.");
  ASSERT_TRUE(note.remedies.front().steps.front().record.has_value());
  EXPECT_EQ(to_zone_line(*note.remedies.front().steps.front().record),
            "_25._tcp.mx1.example.org. IN TLSA 3 1 1 " + digest('e'));
}

TEST(NextKey, AnyOfItsRecordsDeclaresIt) {
  const Report report = judged({"3 1 1 " + digest('a'), "3 0 1 " + digest('f')});
  EXPECT_EQ(report.hosts.front().records[1].state, RecordState::next);
  ASSERT_EQ(std::ranges::count(report.findings, "tlsa-next", &Finding::code), 1);
  EXPECT_NE(test::finding(report, "tlsa-next").text.find("not in use yet"), std::string::npos);
}

}  // namespace
}  // namespace danewatch
