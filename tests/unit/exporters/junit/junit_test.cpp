#include "exporters/junit/junit.hpp"

#include <gmock/gmock.h>

#include "tests/support/sample_reports.hpp"

namespace danewatch {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(Junit, CountsWhatFailsAndWhatCouldNotBeLookedAt) {
  const std::vector<Report> reports{samples::all_good(), samples::stale_duplicate(), samples::bogus(),
                                    samples::bad_target()};
  const std::string xml = to_junit(reports);
  EXPECT_THAT(xml, HasSubstr("tests=\"4\" failures=\"2\" errors=\"1\""));
  EXPECT_THAT(
      xml,
      HasSubstr("<testcase classname=\"danewatch.smtp\" name=\"good.example\" time=\"0.412\">\n      <system-out>"));
  EXPECT_THAT(xml, HasSubstr("<failure type=\"dns-bogus"));
}

TEST(Junit, SaysThatItIsAPrediction) {
  Report report = samples::bogus();
  report.run.origin = Origin::predicted;
  EXPECT_THAT(to_junit({&report, 1}), HasSubstr("message=\"predicted: "));
}

// XML 1.0 2.2: no control character but tab and line ends, in no form.
TEST(Junit, WhateverTheNetworkSaidIsXml) {
  const Report report = samples::hostile();
  const std::string xml = to_junit({&report, 1});
  for (const char c : xml) ASSERT_TRUE(c == '\n' || static_cast<unsigned char>(c) >= 0x20) << xml;
  EXPECT_THAT(xml, Not(HasSubstr("]]>")));
  EXPECT_THAT(xml, Not(HasSubstr("<script")));
}

}  // namespace
}  // namespace danewatch
