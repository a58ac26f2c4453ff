// A plugin's line about what was not seen just now.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "exporters/nagios/nagios.hpp"
#include "tests/support/sample_reports.hpp"

namespace danewatch::nagios {
namespace {

using testing::StartsWith;

TEST(NagiosOrigin, WhatWasNotSeenSaysSoFirst) {
  Report report = samples::stale_duplicate();
  EXPECT_THAT(to_nagios(report, {}).text, StartsWith("DANE WARNING - TLSA 3 1 1"));
  report.run.origin = Origin::replayed;
  EXPECT_THAT(to_nagios(report, {}).text, StartsWith("DANE WARNING - replayed: TLSA 3 1 1"));
}

}  // namespace
}  // namespace danewatch::nagios
