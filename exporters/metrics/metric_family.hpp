// Metric families as plain values, before anybody writes them down.
//
// Knows no library and no format. An unknown value is an absent sample, never 0, -1 or NaN. Thread rule: values.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace danewatch {

enum class MetricType { gauge, counter };

struct Label {
  std::string name;
  std::string value;  // valid UTF-8 without control characters

  auto operator<=>(const Label&) const = default;
};
using Labels = std::vector<Label>;

struct Sample {
  Labels labels;
  double value = 0;

  bool operator==(const Sample&) const = default;
};

struct MetricRow {
  std::string_view name;
  MetricType type = MetricType::gauge;
  std::string_view help;

  bool operator==(const MetricRow&) const = default;
};

struct Family {
  MetricRow row;
  std::vector<Sample> samples;  // no two with the same labels

  bool operator==(const Family&) const = default;
};

// A value fit for a label: escaped as for a terminal and at most 128 octets, cut between characters.
std::string label_value(std::string_view text);

}  // namespace danewatch
