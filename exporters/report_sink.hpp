// Whoever wants to hear of every finished report (interface).
//
// A sink shows or stores a report; it never changes it, never decides anything and never throws. Thread rule:
// called from the thread of the executor that ran the probe, one report at a time; it must not block.
#pragma once

#include "probe/report.hpp"

namespace danewatch {

class ReportSink {
 public:
  ReportSink() = default;
  ReportSink(const ReportSink&) = delete;
  ReportSink& operator=(const ReportSink&) = delete;
  virtual ~ReportSink() = default;

  virtual void publish(const Report& report) = 0;
};

}  // namespace danewatch
