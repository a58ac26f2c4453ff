// Metric families in the text format of Prometheus, written by prometheus-cpp's own serializer.
//
// Thread rule: pure functions.
#pragma once

#include <span>
#include <string>

#include "exporters/metrics/metric_family.hpp"

namespace danewatch {

inline constexpr auto prometheus_content_type = "text/plain; version=0.0.4; charset=utf-8";

// HELP and TYPE, then the samples, family after family.
std::string to_prometheus(std::span<const Family> families);

// The parts of it, because many targets share one HELP and TYPE.
std::string prometheus_header(const MetricRow& row);
std::string prometheus_samples(const Family& family, const Labels& further);  // `further` come first in each sample

}  // namespace danewatch
