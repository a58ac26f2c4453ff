#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>

#include "exporters/page/sections.hpp"
#include "exporters/page/words.hpp"
#include "exporters/words/memory_words.hpp"
#include "probe/life/name_servers.hpp"
#include "probe/life/record_life.hpp"

namespace danewatch::page {
namespace {

constexpr std::size_t most_lanes = 40, most_bars = 200, most_events = 100;
constexpr long long width = 1000, height = 12;

// How a bar looks, told apart by height and filling as well as by colour.
struct Look {
  std::string_view tone;
  int high = height;
  bool is_hollow = false;
};

struct Bar {
  SysTime from{}, to{};
  Look look;
};

struct Lane {
  std::string label;
  std::vector<Bar> bars;  // oldest first; later ones are drawn over earlier ones
};

Look look_of_verdict(std::string_view name) {
  const Severity severity = verdict_seen(name).value_or(SeenVerdict()).severity;
  const int high = severity == Severity::critical ? height : is_good(severity) ? 4 : 8;
  return {tone(severity), high};
}

Look look_of_dnssec(std::string_view status) {
  if (status == "bogus") return {"bad"};
  if (status == "secure") return {"good", 4};
  return {"warn", 8};
}

// From the life of one target to lanes; every time is one that was seen.
class Lanes {
 public:
  explicit Lanes(const Life& life) : life_(life) {}

  std::vector<Lane> all() && {
    states(Kind::verdict, look_of_verdict, [](const Interval& each) { return "Verdict: " + each.thing.name; });
    records();
    keys();
    states(Kind::dnssec, look_of_dnssec, [](const Interval& each) {
      return fmt::format("DNSSEC of {}: {}", each.thing.place.name, each.thing.name);
    });
    name_servers();
    return std::move(lanes_);
  }

 private:
  // All of a kind, by place, oldest first.
  std::map<std::string, std::vector<const Interval*>> by_place(Kind kind) const {
    std::map<std::string, std::vector<const Interval*>> places;
    for (const auto* intervals : {&life_.past, &life_.open}) {
      for (const Interval& each : *intervals) {
        if (each.thing.place.kind == kind) places[each.thing.place.name].push_back(&each);
      }
    }
    return places;
  }

  Bar bar(const Interval& each, Look look) const { return {each.first_seen, last_seen(life_, each), look}; }

  void states(Kind kind, const auto& look, const auto& label) {
    for (const auto& [place, intervals] : by_place(kind)) {
      Lane lane{label(*intervals.back()), {}};
      for (const Interval* each : intervals) lane.bars.push_back(bar(*each, look(each->thing.name)));
      lanes_.push_back(std::move(lane));
    }
  }

  // Published: hollow; matched: filled.
  void records() {
    const auto matches = by_place(Kind::match);
    for (const RecordLife& record : record_lives(life_)) {
      Lane lane{words::record_and_life(record), {}};
      lane.bars.push_back({record.first_seen, record.last_seen, {"info", height, true}});
      const auto own = matches.find(record.server + " " + record.record);
      if (own != matches.end()) {
        for (const Interval* each : own->second) {
          if (each->first_seen <= record.last_seen) lane.bars.push_back(bar(*each, {"good"}));
        }
      }
      lanes_.push_back(std::move(lane));
    }
  }

  // One key after another: filled and hollow in turns.
  void keys() {
    for (const auto& [place, intervals] : by_place(Kind::key)) {
      Lane lane{fmt::format("Key of {}: {}", place, words::short_digest(intervals.back()->thing.name)), {}};
      if (intervals.size() > 1) lane.label += fmt::format(", {} before it", intervals.size() - 1);
      bool is_hollow = false;
      for (const Interval* each : intervals) {
        lane.bars.push_back(bar(*each, {"info", height, is_hollow}));
        is_hollow = !is_hollow;
      }
      lanes_.push_back(std::move(lane));
    }
  }

  // Whether it gives what the others give: low where it does.
  void name_servers() {
    const auto known = name_server_lives(life_);
    const auto places = by_place(Kind::agreement);
    for (const NameServerLife& each : known) {
      const std::string_view word = each.agrees ? agrees_word : differs_word;
      Lane lane{fmt::format("{} ({}) {} for {}: {}", each.name_server, each.address, word, each.server,
                            words::name_server(each)),
                {}};
      for (const Interval* interval : places.at(each.server + " " + each.address)) {
        const bool agrees = interval->thing.name == agrees_word;
        lane.bars.push_back(bar(*interval, {agrees ? "good" : "warn", agrees ? 4 : 8}));
      }
      lanes_.push_back(std::move(lane));
    }
  }

  const Life& life_;
  std::vector<Lane> lanes_;
};

// Moments to places on the line.
struct Scale {
  SysTime from{}, to{};

  long long at(SysTime time) const {
    const SysTime inside = std::clamp(time, from, to);
    return (inside - from).count() * width / std::max<long long>(1, (to - from).count());
  }
};

void draw(Html& html, const Bar& bar, const Scale& scale) {
  constexpr long long thinnest = 3;
  const long long x = std::min(scale.at(bar.from), width - thinnest);
  const long long wide = std::max(thinnest, scale.at(bar.to) - x);
  const long long inset = bar.look.is_hollow ? 1 : 0;
  html.empty("rect", {{"class", fmt::format("{}{}", bar.look.tone, bar.look.is_hollow ? " hollow" : "")},
                      {"x", std::to_string(x)},
                      {"y", std::to_string(height - bar.look.high + inset)},
                      {"width", std::to_string(wide)},
                      {"height", std::to_string(bar.look.high - 2 * inset)}});
}

void draw(Html& html, const Lane& lane, const Scale& scale) {
  const Element item(html, "li");
  html.line("span", lane.label);
  const std::string box = fmt::format("0 0 {} {}", width, height);
  const Element svg(html, "svg",
                    {{"class", "lane"},
                     {"role", "img"},
                     {"viewBox", box},
                     {"preserveAspectRatio", "none"},
                     {"aria-label", lane.label}});
  const std::size_t first = lane.bars.size() > most_bars ? lane.bars.size() - most_bars : 0;
  for (std::size_t i = first; i < lane.bars.size(); ++i) draw(html, lane.bars[i], scale);
}

void lanes(Html& html, const Life& life, SysTime now) {
  const Scale scale{life.head.first_looked, std::max(now, life.head.last_looked)};
  html.line(
      "p",
      fmt::format(
          "From {} at the left to {} at the right. Of a verdict, of DNSSEC and of name servers: the higher, the worse. "
          "Of a record: hollow while it was published, filled while it matched. Of keys: filled and "
          "hollow in turns.",
          moment(scale.from), moment(scale.to)),
      {{"class", "faint"}});
  if (life.head.blind_since) {
    html.line("p", fmt::format("Since {} danewatch could not look.", moment(*life.head.blind_since)));
  }
  std::vector<Lane> all = Lanes(life).all();
  const std::size_t shown = std::min(all.size(), most_lanes);
  const Element list(html, "ul", {{"class", "lanes"}});
  for (std::size_t i = 0; i < shown; ++i) draw(html, all[i], scale);
  if (shown < all.size()) html.line("li", fmt::format("{} more: danewatch history shows them.", all.size() - shown));
}

}  // namespace

void time_line(Html& html, std::string_view name, const Remembered& remembered, SysTime now) {
  const Element section(html, "section");
  html.line("h2", "Time line");
  lanes(html, remembered.life, now);
  if (remembered.events.empty()) return;
  html.line("h3", "What happened");
  std::vector<Changed> newest_first;
  std::vector<KeptEvent> own = remembered.events;  // whose they are says the page
  for (auto each = own.rbegin(); each != own.rend() && newest_first.size() < most_events; ++each) {
    each->target.clear();
    newest_first.push_back({"", &*each});
  }
  event_list(html, newest_first, now, [&](SysTime at) {
    const bool kept = std::ranges::find(remembered.evidence, at) != remembered.evidence.end();
    return kept ? evidence_path(name, at) : std::string();
  });
}

}  // namespace danewatch::page
