#include "exporters/metrics/prometheus_text.hpp"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

namespace danewatch {
namespace {

void add_labels(const Labels& labels, prometheus::ClientMetric& metric) {
  for (const Label& label : labels) metric.label.push_back({label.name, label.value});
}

prometheus::MetricFamily converted(const Family& family, const Labels& further) {
  prometheus::MetricFamily result;
  result.name = family.row.name;
  result.help = family.row.help;
  const bool counter = family.row.type == MetricType::counter;
  result.type = counter ? prometheus::MetricType::Counter : prometheus::MetricType::Gauge;
  for (const Sample& sample : family.samples) {
    prometheus::ClientMetric& metric = result.metric.emplace_back();
    add_labels(further, metric);
    add_labels(sample.labels, metric);
    (counter ? metric.counter.value : metric.gauge.value) = sample.value;
  }
  return result;
}

std::string serialized(const std::vector<prometheus::MetricFamily>& families) {
  return prometheus::TextSerializer{}.prometheus::Serializer::Serialize(families);
}

}  // namespace

std::string to_prometheus(std::span<const Family> families) {
  std::vector<prometheus::MetricFamily> all;
  for (const Family& family : families) all.push_back(converted(family, {}));
  return serialized(all);
}

std::string prometheus_header(const MetricRow& row) {
  return serialized({converted({row, {}}, {})});
}

std::string prometheus_samples(const Family& family, const Labels& further) {
  const std::string text = serialized({converted(family, further)});
  return text.substr(prometheus_header(family.row).size());
}

}  // namespace danewatch
