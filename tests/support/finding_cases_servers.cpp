// Name servers that were each asked by themselves: two of example.org, unless a case says otherwise.
#include "tests/support/finding_cases_servers.hpp"

#include <algorithm>

namespace danewatch::test {
namespace {

const std::string right = "3 1 1 " + digest('a');
const std::string other = "3 1 1 " + digest('b');
const std::string ns1 = "ns1.example.org (11.1.0.1)", ns2 = "ns2.example.org (11.1.0.2)";

Question soa() {
  return {"example.org", RrType::soa};
}

ServerReply answered(Question question, Transport transport) {
  ServerReply reply;
  reply.question = std::move(question);
  reply.transport = transport;
  reply.contact = Contact::answered;
  reply.authoritative = true;
  return reply;
}

HostBuilder host_with(std::vector<Cell> cells) {
  Answer tlsa = answer(owner, RrType::tlsa, Status::secure, {right});
  tlsa.data = {{record(right, owner), right, false}};
  tlsa.denial = Denial::none;
  return HostBuilder("mx1.example.org").tlsa(right).add(std::move(tlsa)).add(shows("11.0.0.1", std::move(cells)));
}

Report judged(std::vector<ServerAnswers> servers, std::vector<OtherSet> others = {},
              std::vector<Cell> cells = {Cell::match}) {
  ReportBuilder builder("example.org");
  builder.add(host_with(std::move(cells)));
  builder.report.hosts[0].other_sets = std::move(others);
  builder.report.servers = asked(std::move(servers));
  return builder.judged();
}

ServerAnswers without_tlsa(ServerAnswers server) {
  std::erase_if(server.replies, [](const ServerReply& reply) { return reply.question.type == RrType::tlsa; });
  return server;
}

ServerAnswers says_to_tlsa(ServerAnswers server, Contact contact, int rcode) {
  for (ServerReply& reply : server.replies) {
    if (reply.question.type != RrType::tlsa) continue;
    reply.contact = contact;
    reply.rcode = rcode;
    reply.data.clear();
    reply.signatures.clear();
  }
  return server;
}

// By IPv6 alone, say, from a machine without it.
ServerAnswers unasked(ServerAnswers server) {
  server.replies.clear();
  server.unasked = Unasked::no_route;
  return server;
}

ServerAnswers silent_by(ServerAnswers server, std::vector<Transport> transports) {
  for (ServerReply& reply : server.replies) {
    if (std::ranges::find(transports, reply.transport) != transports.end()) reply.contact = Contact::silent;
  }
  return server;
}

ServerAnswers refused_for_the_zone(ServerAnswers server) {
  server = without_tlsa(std::move(server));
  for (ServerReply& reply : server.replies) reply.rcode = 5;
  return server;
}

ServerAnswers expired(ServerAnswers server) {
  for (ServerReply& reply : server.replies) {
    for (SignedSet& set : reply.signatures) set.expires = noon() - std::chrono::hours(24);
  }
  return server;
}

std::vector<FindingCase> set_cases() {
  const OtherSet fails{{record(other, owner)}, {Verdict::mismatch, Reason::no_match}};
  const OtherSet passes{{record(other, owner)}, {Verdict::authenticated, Reason::none}};
  const std::string gives = " It gives TLSA 3 1 1 bbbbbbbbbbbbbbbb…";
  return {
      {"server-old-records", judged({server(1, 7, {right}), server(2, 6, {other})}, {fails}), Severity::critical, ns2,
       ns2 + " gives TLSA records that match no certificate of mx1.example.org (asked from here)." +
           " Senders whose resolver asks it defer mail." + gives + " Its serial is 6, that of ns1.example.org 7.",
       "Make it take over the zone as " + ns1 +
           " has it, and look at its log for zone transfers that are refused or "
           "fail."},
      {"server-old-records", judged({server(1, 7, {right}), server(2, 8, {other})}, {fails}), Severity::critical, ns2,
       ns2 + " gives TLSA records that match no certificate of mx1.example.org (asked from here)." +
           " Senders whose resolver asks it defer mail." + gives,
       "It has the newer version of the zone: put into that what " + ns1 +
           " still gives (TLSA 3 1 1 aaaaaaaaaaaaaaaa…), and remove it only when no server shows its certificate any "
           "more."},
      {"server-differs", judged({server(1, 7, {right}), server(2, 7, {other})}, {passes}), Severity::warning, ns2,
       ns2 + " gives other TLSA records of mx1.example.org than the others (asked from here)." + gives,
       "Compare its zone with that of " + ns1 + ", and make both serve the same one."},
      {"server-differs", judged({server(1, 7, {right}), server(2, 6, {})}), Severity::warning, ns2,
       ns2 + " gives no TLSA records of mx1.example.org, unlike the others (asked from here)." +
           " Senders whose resolver asks it deliver without DANE. Its serial is 6, that of ns1.example.org 7.",
       "Make it take over the zone as " + ns1 +
           " has it, and look at its log for zone transfers that are refused or "
           "fail."},
      {"server-bogus", judged({server(1, 7, {right}), expired(server(2, 7, {right}))}), Severity::critical, ns2,
       ns2 + " answers " + owner + " TLSA in a way that fails DNSSEC validation (asked from here)." +
           " Its signature expired on 2026-01-30 12:00 UTC.",
       "Make it take over the zone again: its copy is no longer refreshed. Where it signs the zone itself, look at its "
       "signer."},
      {"server-refuses", judged({server(1, 7, {right}), says_to_tlsa(server(2, 7, {right}), Contact::answered, 4)}),
       Severity::warning, ns2,
       ns2 + " answers NOTIMP to the question " + owner +
           " TLSA (asked from here). Others answer it, so resolvers ask once more.",
       "Make it answer questions of every type, also through firewalls and load balancers before it."},
      {"server-refuses", judged({says_to_tlsa(server(1, 7, {right}), Contact::silent, 0)}), Severity::critical, ns1,
       ns1 + " answers nothing to the question " + owner +
           " TLSA (asked from here). No other name server answers it either.",
       "Make it answer questions of every type, also through firewalls and load balancers before it."},
      {"server-refuses",
       judged({says_to_tlsa(server(1, 7, {right}), Contact::silent, 0), unasked(server(2, 7, {right}))}),
       Severity::warning, ns1,
       ns1 + " answers nothing to the question " + owner +
           " TLSA (asked from here). Not every name server could be asked.",
       "Make it answer questions of every type, also through firewalls and load balancers before it."},
  };
}

std::vector<FindingCase> zone_cases() {
  const std::string gone = "take it out of the name servers of example.org and of the zone above.";
  ReportBuilder differing("example.org");
  differing.add(host_with({Cell::match}));
  differing.report.servers = asked({server(1, 7, {right}), server(2, 7, {right})});
  differing.report.servers.zones[0].at_parent = {"ns1.example.org", "ns3.example.org"};
  ReportBuilder forwarded("example.org");
  forwarded.add(host_with({Cell::match}));
  forwarded.report.servers.asked = NameServers::Asked::forwarder;
  return {
      {"server-silent",
       judged({server(1, 7, {right}), silent_by(without_tlsa(server(2, 7, {})), {Transport::udp, Transport::tcp})}),
       Severity::warning, ns2, ns2 + " does not answer (asked from here).", "Bring it back, or " + gone},
      {"server-silent", judged({server(1, 7, {right}), silent_by(server(2, 7, {right}), {Transport::udp})}),
       Severity::warning, ns2, ns2 + " answers by TCP, but not by UDP (asked from here).",
       "Let UDP port 53 through to it."},
      {"server-no-tcp", judged({server(1, 7, {right}), silent_by(server(2, 7, {right}), {Transport::tcp})}),
       Severity::warning, ns2, ns2 + " answers by UDP, but not by TCP (asked from here).",
       "Let TCP port 53 through to it: answers that do not fit into a datagram get lost there."},
      {"server-lame", judged({server(1, 7, {right}), refused_for_the_zone(server(2, 7, {right}))}), Severity::warning,
       ns2, ns2 + " answers REFUSED when asked for the zone example.org (asked from here).",
       "Make it serve example.org, or " + gone},
      {"servers-parent-child", differing.judged(), Severity::info, "example.org",
       "The name servers of example.org are not the same above and in it: ns3.example.org only in the zone above and "
       "ns2.example.org only in the zone itself.",
       "Make the delegation and the NS and address records of example.org the same."},
      {"serial-behind", judged({server(1, 7, {right}), server(2, 6, {right})}), Severity::info, ns2,
       ns2 + " has the serial 6 of example.org, while " + ns1 + " has 7 (asked from here).",
       "Nothing, where the zone changed a moment ago. Otherwise look at the log of its zone transfers."},
      {"servers-not-asked", forwarded.judged(), Severity::info, "example.org",
       "The name servers were not compared with each other: everything is asked through a forwarder.",
       "Run danewatch where name servers can be asked directly, by UDP and TCP port 53."},
  };
}

}  // namespace

NameServers asked(std::vector<ServerAnswers> servers) {
  ZoneServers zone;
  zone.zone = "example.org";
  zone.secure = true;
  zone.servers = std::move(servers);
  for (const ServerAnswers& each : zone.servers) {
    if (zone.at_child.empty() || zone.at_child.back() != each.name) zone.at_child.push_back(each.name);
  }
  zone.at_parent = zone.at_child;
  return {NameServers::Asked::yes, noon(), {std::move(zone)}};
}

ServerAnswers server(int number, std::uint32_t serial, const std::vector<std::string>& tlsa) {
  ServerAnswers result;
  result.name = "ns" + std::to_string(number) + ".example.org";
  result.address = parse_address("11.1.0." + std::to_string(number)).value();
  result.at_parent = result.at_child = result.by_name = true;
  for (const Transport transport : {Transport::udp, Transport::tcp}) {
    ServerReply start = answered(soa(), transport);
    start.serial = serial;
    ServerReply reply = answered({owner, RrType::tlsa}, transport);
    for (const std::string& text : tlsa) reply.data.push_back({record(text, owner), text, false});
    const SignedSet set{
        owner, RrType::tlsa, SignatureCheck::right, noon() - std::chrono::hours(1), noon() + std::chrono::hours(1), 1};
    reply.signatures = {set};
    result.replies.push_back(std::move(start));
    result.replies.push_back(std::move(reply));
  }
  return result;
}

std::vector<FindingCase> name_server_cases() {
  std::vector<FindingCase> cases = set_cases();
  std::ranges::move(zone_cases(), std::back_inserter(cases));
  return cases;
}

}  // namespace danewatch::test
