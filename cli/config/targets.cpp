// Targets and their defaults: what is looked at.

#include <fmt/format.h>

#include <array>
#include <set>

#include "cli/config/reader.hpp"
#include "cli/options/next.hpp"
#include "exporters/words/escape.hpp"

namespace danewatch {
namespace {

using namespace std::chrono_literals;

constexpr auto default_keys = std::to_array<std::string_view>({"module", "interval", "detail", "labels"});
constexpr auto target_keys =
    std::to_array<std::string_view>({"target", "name", "module", "interval", "detail", "labels", "next"});
constexpr auto detail_words = std::to_array<std::string_view>({"summary", "full"});

// Labels that the series have already, or that Prometheus gives.
constexpr auto taken_labels = std::to_array<std::string_view>(
    {"target",   "verdict",     "reason", "severity", "impact",    "lookup",   "status", "host",
     "port",     "address",     "view",   "state",    "usage",     "selector", "data",   "matching_type",
     "position", "subject_cn",  "serial", "key",      "issuer_cn", "version",  "cipher", "fingerprint_sha256",
     "group",    "spki_sha256", "code",   "phase",    "job",       "instance", "le",     "quantile"});

bool is_label_name(const std::string& name) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  if (name.empty() || name.starts_with("__") || !letter(name.front())) return false;
  return std::ranges::all_of(name, [&](char c) { return letter(c) || (c >= '0' && c <= '9'); });
}

void set_label(Labels& labels, const std::string& name, const std::string& value) {
  const auto old = std::ranges::find(labels, name, &Label::name);
  if (old != labels.end()) {
    old->value = label_value(value);
  } else {
    labels.push_back({name, label_value(value)});
  }
}

void read_labels(ConfigReader& reader, const Place& place, Labels& labels) {
  reader.any_map(place, [&](const std::string& name, const Place& value) {
    if (!is_label_name(name)) {
      reader.fail(value, "is not a label name: letters, digits and _, not beginning with __");
    } else if (std::ranges::count(taken_labels, name) != 0) {
      reader.fail(value, "is a label that danewatch or Prometheus sets itself");
    } else if (const auto text = reader.text(value)) {
      set_label(labels, name, *text);
    }
  });
}

// A record is several words; a path of several words begins as paths do.
bool is_path(std::string_view text) {
  const bool begins = text.starts_with('/') || text.starts_with("./") || text.starts_with("../");
  return begins || text.find_first_of(" \t\n") == std::string_view::npos;
}

Parsed<NextKey> next_of(const std::string& text, const ReadNext& read) {
  if (!is_path(text)) return next_from_record(text);
  return read ? read(text) : Parsed<NextKey>(NextKey{text, {}});
}

class TargetReader {
 public:
  TargetReader(ConfigReader& reader, const ReadNext& read, Config& config)
      : reader_(reader), read_next_(read), config_(config) {}

  void read_defaults(const Place& place) {
    defaults_.module = "default";
    if (!place.node.IsDefined()) return;
    reader_.map(place, default_keys,
                [&](const std::string& key, const Place& value) { read_common(key, value, defaults_); });
  }

  void read(const Place& place) {
    TargetConfig target = defaults_;
    std::optional<Place> text;
    if (place.node.IsScalar()) {
      text = place;
    } else {
      reader_.map(place, target_keys, [&](const std::string& key, const Place& value) {
        if (key == "target") {
          text = value;
        } else if (key == "name") {
          read_name(value, target);
        } else if (key == "next") {
          read_next(value, target.next);
        } else {
          read_common(key, value, target);
        }
      });
      if (!text && place.node.IsMap()) reader_.fail(place, "has no target");
    }
    if (text) add(*text, std::move(target));
  }

 private:
  void read_common(const std::string& key, const Place& place, TargetConfig& target) {
    if (key == "interval") {
      reader_.into(target.interval, reader_.duration(place, 1s, 24h));
    } else if (key == "labels") {
      read_labels(reader_, place, target.labels);
    } else if (key == "detail") {
      if (const auto word = reader_.word(place, detail_words)) {
        target.detail = *word == "full" ? Detail::full : Detail::summary;
      }
    } else if (key == "module") {
      std::vector<std::string_view> names;
      for (const auto& [name, module] : config_.modules) names.push_back(name);
      const auto name = reader_.text(place);
      if (name && config_.modules.contains(*name)) {
        target.module = *name;
      } else if (name) {
        reader_.fail_word(place, "unknown module", names);
      }
    }
  }

  void read_next(const Place& place, std::vector<NextKey>& next) {
    reader_.list(place, [&](const Place& entry) {
      const auto text = reader_.text(entry);
      if (!text) return;
      auto key = next_of(*text, read_next_);
      if (key) {
        next.push_back(std::move(*key));
      } else {
        reader_.fail(entry, key.error().message);
      }
    });
  }

  void read_name(const Place& place, TargetConfig& target) {
    constexpr std::size_t longest = 128;
    const auto name = reader_.text(place);
    if (!name) return;
    if (name->size() > longest || escape_for_terminal(*name) != *name || name->find('/') != std::string::npos) {
      reader_.fail(place, "must be at most 128 printable characters without /");
    } else if (*name == "." || *name == "..") {
      reader_.fail(place, "means a directory in addresses: its page could not be asked for");
    } else {
      target.name = *name;
    }
  }

  void add(const Place& place, TargetConfig target) {
    const auto text = reader_.text(place);
    if (!text) return;
    const auto parsed = module_targets(config_.modules.at(target.module), *text);
    if (!parsed) {
      reader_.fail(place, parsed.error().message);
      return;
    }
    if (parsed->size() > 1 && !target.name.empty()) {
      reader_.fail(place, "is several targets, which cannot share one name");
      return;
    }
    for (const Target& one : *parsed) {
      TargetConfig entry = target;
      entry.target = one;
      if (entry.name.empty()) entry.name = parsed->size() == 1 ? *text : one.text;
      if (names_.insert(entry.name).second) {
        config_.targets.push_back(std::move(entry));
      } else {
        reader_.fail(place,
                     fmt::format("{}: is listed twice; give one of them a name", escape_for_terminal(entry.name)));
      }
    }
  }

  ConfigReader& reader_;
  const ReadNext& read_next_;
  Config& config_;
  TargetConfig defaults_;
  std::set<std::string> names_;
};

}  // namespace

void read_targets(ConfigReader& reader, const TargetPlaces& places, Config& config) {
  TargetReader targets_reader(reader, places.read_next, config);
  targets_reader.read_defaults(places.defaults);
  if (!places.targets.node.IsDefined()) return;
  reader.list(places.targets, [&](const Place& place) { targets_reader.read(place); });
}

}  // namespace danewatch
