#include "tests/support/fake_servers.hpp"

#include <algorithm>
#include <sstream>

#include "tests/support/dns_message.hpp"

namespace danewatch::test {
namespace {

struct Line {
  std::string owner, type, covered;
};

Line read(const std::string& line) {
  std::istringstream words(line);
  Line result;
  std::string ttl, in;
  words >> result.owner >> ttl >> in >> result.type >> result.covered;
  result.owner.pop_back();
  return result;
}

Question question_in(const std::vector<std::uint8_t>& octets) {
  Question question;
  std::size_t at = 12;
  for (; octets.at(at) != 0; at += 1U + octets[at]) {
    if (!question.name.empty()) question.name += '.';
    question.name.append(octets.begin() + static_cast<std::ptrdiff_t>(at) + 1,
                         octets.begin() + static_cast<std::ptrdiff_t>(at) + 1 + octets[at]);
  }
  if (question.name.empty()) question.name = ".";
  question.type = static_cast<RrType>(octets.at(at + 1) << 8 | octets.at(at + 2));
  return question;
}

bool is_of(const Line& line, const std::string& type) {
  return line.type == type || (line.type == "RRSIG" && line.covered == type);
}

ReplySpec answer_from(const std::vector<std::string>& lines, const Question& question) {
  ReplySpec spec;
  for (const std::string& line : lines) {
    const Line read_line = read(line);
    if (read_line.owner == question.name && is_of(read_line, to_string(question.type))) spec.answer.push_back(line);
    if (is_of(read_line, "SOA") && question.type != RrType::soa) spec.authority.push_back(line);
  }
  if (!spec.answer.empty()) spec.authority.clear();
  return spec;
}

ReplySpec referral_from(const std::vector<std::string>& lines, const Question& question) {
  ReplySpec spec;
  spec.authoritative = false;
  for (const std::string& line : lines) {
    const Line read_line = read(line);
    if (read_line.type == "NS" && read_line.owner == question.name) spec.authority.push_back(line);
    if (read_line.type == "A" || read_line.type == "AAAA") spec.additional.push_back(line);
  }
  return spec;
}

Address address_of(const std::string& text) {
  return parse_address(text).value();
}

}  // namespace

FakeServers& FakeServers::serve(const std::string& address, std::vector<std::string> lines) {
  servers_[address_of(address)].lines = std::move(lines);
  return *this;
}

FakeServers& FakeServers::refer(const std::string& address, std::vector<std::string> lines) {
  servers_[address_of(address)] = {std::move(lines), true, {}};
  return *this;
}

FakeServers& FakeServers::faulty(const std::string& address, Rule rule) {
  servers_[address_of(address)].rule = std::move(rule);
  return *this;
}

boost::asio::awaitable<Carried> FakeServers::carry(ServerPlace place, std::vector<std::uint8_t> octets, Deadline) {
  const Question question = question_in(octets);
  asked_.push_back(to_string(place.address) + " " + std::string(to_string(place.transport)) + " " + question.name +
                   " " + to_string(question.type));
  Carried carried;
  const auto found = servers_.find(place.address);
  if (found == servers_.end()) co_return carried;
  const Server& server = found->second;
  const Fault fault = server.rule ? server.rule(question, place.transport) : Fault();
  carried.contact = fault.contact;
  if (fault.contact != Contact::answered) co_return carried;
  ReplySpec spec = server.refers ? referral_from(server.lines, question) : answer_from(server.lines, question);
  if (fault.rcode != 0) spec = {};
  spec.rcode = fault.rcode;
  spec.authoritative = spec.authoritative && fault.authoritative;
  spec.truncated = fault.truncated;
  carried.reply = reply_to(octets, spec);
  co_return carried;
}

std::size_t FakeServers::asked_at(const std::string& address) const {
  return static_cast<std::size_t>(
      std::ranges::count_if(asked_, [&](const std::string& line) { return line.starts_with(address + " "); }));
}

}  // namespace danewatch::test
