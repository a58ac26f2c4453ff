// What other mail servers reported, day by day: their word, as it was counted.

#include <algorithm>
#include <limits>

#include "store/bundle/parts.hpp"

namespace danewatch::bundle {

namespace {

constexpr std::size_t most_days = 1024;

// Numbers of a bundle have 63 bits: more sessions than that nobody has.
Json count_json(std::uint64_t count) {
  constexpr std::uint64_t most = std::numeric_limits<std::int64_t>::max();
  return std::min(count, most);
}

std::uint64_t read_count(const Node& node) {
  return node.number<std::uint64_t>();
}

Json share_json(const SenderShare& share) {
  return {{"name", text_json(share.name)},
          {"successful", count_json(share.sessions.successful)},
          {"failed", count_json(share.sessions.failed)}};
}

SenderShare read_share(const Node& node) {
  return {node.at("name").text(), {read_count(node.at("successful")), read_count(node.at("failed"))}};
}

Json trouble_json(const ToldTrouble& told) {
  Json out{{"result_type", text_json(told.trouble.result_type)}};
  put_text(out, "mx_host", told.trouble.mx_host);
  out["policy"] = word_of(told.trouble.policy);
  out["strings"] = list_json(told.trouble.strings, text_json);
  out["sessions"] = count_json(told.sessions);
  out["senders"] = list_json(told.senders, text_json);
  return out;
}

ToldTrouble read_trouble(const Node& node) {
  ToldTrouble told;
  told.trouble.result_type = node.at("result_type").text();
  told.trouble.mx_host = node.find("mx_host").text();
  told.trouble.policy = node.at("policy").word<SenderPolicyType>();
  told.trouble.strings = node.at("strings").list(most_words, &Node::text);
  told.sessions = read_count(node.at("sessions"));
  told.senders = node.at("senders").list(most_words, &Node::text);
  return told;
}

Json day_json(const SendersDay& day) {
  return {{"day", day.day.time_since_epoch().count()},
          {"believed", day.believed},
          {"reports", day.reports},
          {"successful", count_json(day.sessions.successful)},
          {"failed", count_json(day.sessions.failed)},
          {"senders", list_json(day.senders, share_json)},
          {"troubles", list_json(day.troubles, trouble_json)}};
}

// Days of the years that times may have.
std::chrono::sys_days read_day(const Node& node) {
  constexpr int least = -719528, most = 2932896;
  const auto day = node.number<int>();
  if (day < least || day > most) node.fail("is not a day of the years 0 to 9999");
  return std::chrono::sys_days(std::chrono::days(std::clamp(day, least, most)));
}

SendersDay read_senders_day(const Node& node) {
  SendersDay day;
  day.day = read_day(node.at("day"));
  day.believed = node.at("believed").flag();
  day.reports = node.at("reports").number<std::uint32_t>();
  day.sessions = {read_count(node.at("successful")), read_count(node.at("failed"))};
  day.senders = node.at("senders").list(most_words, read_share);
  day.troubles = node.at("troubles").list(most_words, read_trouble);
  return day;
}

}  // namespace

Json senders_json(const SendersSaw& senders) {
  return {{"vouched", senders.vouched}, {"days", list_json(senders.days, day_json)}};
}

SendersSaw read_senders(const Node& node) {
  return {node.at("vouched").flag(), node.at("days").list(most_days, read_senders_day)};
}

}  // namespace danewatch::bundle
