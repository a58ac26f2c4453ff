#include "probe/judgement/checkup.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "probe/report/record_words.hpp"
#include "resolver/dns/time.hpp"

namespace danewatch {
namespace {

using Item = CheckupItem;

constexpr std::uint16_t dns_port = 53;

std::string name_of(const ServerPath& path) {
  const auto address = to_string(path.address);
  const auto port = path.port == dns_port ? "" : fmt::format("@{}", path.port);
  return fmt::format("{}{}{}", path.forwarder ? "the forwarder " : "the root server ", address, port);
}

bool answered(const Exchange& exchange) {
  return exchange.contact == Contact::answered;
}

// The first exchange of any server, UDP before TCP, of which `accept` is true.
struct Seen {
  const ServerPath* path;
  const Exchange* exchange;
};
template <class Accept>
std::optional<Seen> first(const CheckupFacts& facts, Accept accept) {
  for (const auto& path : facts.servers) {
    if (accept(path.udp)) return Seen{&path, &path.udp};
    if (accept(path.tcp)) return Seen{&path, &path.tcp};
  }
  return std::nullopt;
}

std::optional<Seen> first_signed(const CheckupFacts& facts) {
  return first(facts, [](const Exchange& exchange) { return answered(exchange) && exchange.expires; });
}

bool by_forwarder(const CheckupFacts& facts) {
  return std::ranges::any_of(facts.servers, &ServerPath::forwarder);
}

bool clock_is_wrong(const CheckupFacts& facts) {
  const auto seen = first_signed(facts);
  if (!seen) return false;
  const Exchange& keys = *seen->exchange;
  return facts.now < keys.inception.value_or(facts.now) || facts.now > keys.expires.value_or(facts.now);
}

Item no_answer(const CheckupFacts& facts) {
  Item item{"trust anchor", Severity::unknown, "No name server answers, so no domain can be checked.", ""};
  if (by_forwarder(facts)) {
    item.text =
        fmt::format("{} does not answer, so no domain can be checked.", capital(name_of(facts.servers.front())));
    item.fix = "Check its address, and that it takes questions from this machine; or leave --forwarder out.";
  } else {
    item.fix =
        "Let this machine send to port 53 everywhere, by UDP and TCP, or name a resolver that may: --forwarder ADDR.";
  }
  return item;
}

Item without_signatures(const CheckupFacts& facts, const Seen& seen) {
  const bool refuses = seen.exchange->rcode != 0;
  const auto text = refuses ? fmt::format("{} answers {}, not the keys of the root.", capital(name_of(*seen.path)),
                                          rcode_name(seen.exchange->rcode))
                            : fmt::format("{} answers without DNSSEC signatures.", capital(name_of(*seen.path)));
  const auto fix = by_forwarder(facts)
                       ? "Take another forwarder, one that hands signatures on, or none."
                       : "Something on the way strips DNSSEC: name a resolver beyond it with --forwarder ADDR.";
  return {"trust anchor", Severity::unknown, text, fix};
}

// Why the root is not proven: the nearest cause first.
Item why_not_proven(const CheckupFacts& facts) {
  const auto seen = first(facts, answered);
  if (!seen && !facts.servers.empty()) return no_answer(facts);
  if (seen && !first_signed(facts)) return without_signatures(facts, *seen);
  if (clock_is_wrong(facts)) {
    return {"trust anchor", Severity::unknown, "The DNS root is not proven, because the clock is wrong.",
            "Set the clock first."};
  }
  if (facts.root.status == Status::failed) {
    return {"trust anchor", Severity::unknown, "The keys of the DNS root do not arrive.",
            "See what DNS by UDP and by TCP say here."};
  }
  return {"trust anchor", Severity::unknown,
          fmt::format("The trust anchor {} does not prove the DNS root.", facts.trust_anchor),
          "Install the package dns-root-data, or name a file with the root's key: --trust-anchor FILE."};
}

Item trust_anchor(const CheckupFacts& facts) {
  if (facts.root.status != Status::secure) return why_not_proven(facts);
  return {"trust anchor", Severity::ok, fmt::format("{} proves the DNS root.", capital(facts.trust_anchor)), ""};
}

Item by_udp(const CheckupFacts& facts) {
  const auto good = std::ranges::find_if(facts.servers, [](const ServerPath& path) {
    return answered(path.udp) && path.udp.expires && !path.udp.truncated;
  });
  if (good != facts.servers.end()) {
    return {"DNS by UDP", Severity::ok,
            fmt::format("{} bytes with EDNS arrive from {}.", good->udp.octets, name_of(*good)), ""};
  }
  const auto cut = std::ranges::find_if(facts.servers, [](const ServerPath& path) { return path.udp.truncated; });
  if (cut != facts.servers.end()) {
    return {"DNS by UDP", Severity::warning, fmt::format("{} cuts large answers short.", capital(name_of(*cut))),
            "Let answers of 1232 bytes and EDNS through: every signed answer needs a second question by TCP."};
  }
  return {"DNS by UDP", Severity::warning, "No answer arrives by UDP.",
          "Let this machine ask port 53 by UDP, and the answers in."};
}

Item by_tcp(const CheckupFacts& facts) {
  const auto good = std::ranges::find_if(facts.servers, [](const ServerPath& path) { return answered(path.tcp); });
  if (good != facts.servers.end())
    return {"DNS by TCP", Severity::ok, fmt::format("{} answers.", capital(name_of(*good))), ""};
  const auto refused =
      std::ranges::find_if(facts.servers, [](const ServerPath& path) { return path.tcp.contact == Contact::refused; });
  const auto text = refused == facts.servers.end() ? std::string("No answer arrives by TCP.")
                                                   : fmt::format("{} refuses TCP.", capital(name_of(*refused)));
  return {"DNS by TCP", Severity::warning, text,
          "Let this machine ask port 53 by TCP: answers that are too large for UDP fail without."};
}

Item clock(const CheckupFacts& facts, const Exchange& keys) {
  const SysTime begin = keys.inception.value_or(facts.now);
  const SysTime end = keys.expires.value_or(facts.now);
  if (facts.now < begin) {
    return {"clock", Severity::unknown,
            fmt::format("It says {}, but the root's signatures begin {}.", moment_of(facts.now), moment_of(begin)),
            "Set the clock: it is behind."};
  }
  if (facts.now > end) {
    return {"clock", Severity::unknown,
            fmt::format("It says {}, but the root's signatures ended {}.", moment_of(facts.now), moment_of(end)),
            "Set the clock: it is ahead."};
  }
  return {"clock", Severity::ok, "Within the validity of the root's signatures.", ""};
}

Item ipv6(const CheckupFacts& facts) {
  bool way = facts.ipv6_route;
  const auto note = [&](const Address& address, Contact contact) {
    way |= address.v6 && contact != Contact::unreachable;
  };
  for (const auto& path : facts.servers) {
    note(path.address, path.udp.contact);
    note(path.address, path.tcp.contact);
  }
  for (const auto& host : facts.hosts) {
    for (const auto& attempt : host.tries) note(attempt.address, attempt.contact);
  }
  if (way) return {"IPv6", Severity::ok, "This machine has a way to the IPv6 Internet.", ""};
  return {"IPv6", Severity::info, "This machine has no IPv6: IPv6 addresses of hosts are not looked at.",
          "Without IPv6 here, watch such hosts from another machine too."};
}

Item port_25(const HostTry& host, bool root_is_proven) {
  const auto count = [&](Contact contact) { return std::ranges::count(host.tries, contact, &PortTry::contact); };
  const auto item = [&](Severity severity, std::string text, std::string fix) {
    return Item{"port 25", severity, std::move(text), std::move(fix)};
  };
  if (host.tries.empty()) {
    const bool known = host.status == Status::secure || host.status == Status::insecure;
    return item(Severity::unknown, fmt::format("{} {}.", host.name, known ? "has no address" : "cannot be looked up"),
                known            ? "Name a mail host, such as mx.example.org, not a mail domain."
                : root_is_proven ? fmt::format("danewatch check {}:25 says why.", host.name)
                                 : "See above.");
  }
  const auto size = std::ssize(host.tries);
  if (count(Contact::answered) > 0) {
    const auto all =
        fmt::format("{} of {} addresses of {} take connections.", count(Contact::answered), size, host.name);
    return item(Severity::ok, size == 1 ? fmt::format("{} takes connections.", host.name) : all, "");
  }
  if (count(Contact::refused) > 0)
    return item(Severity::critical, fmt::format("{} refuses connections.", host.name),
                "Its mail server does not run, or a firewall refuses: try from another network.");
  if (count(Contact::silent) > 0)
    return item(Severity::unknown, fmt::format("{} does not answer.", host.name),
                "If other mail hosts do not either, this network blocks outgoing port 25: ask its provider.");
  return item(Severity::unknown, fmt::format("This machine has no way to {}.", host.name), "Look at its routes.");
}

}  // namespace

Checkup examine(const CheckupFacts& facts) {
  Checkup checkup;
  checkup.trust_anchor = facts.trust_anchor;
  checkup.items.push_back(trust_anchor(facts));
  if (const auto seen = first_signed(facts)) {
    checkup.items.push_back(by_udp(facts));
    checkup.items.push_back(by_tcp(facts));
    checkup.items.push_back(clock(facts, *seen->exchange));
  }
  checkup.items.push_back(ipv6(facts));
  for (const auto& library : facts.libraries) {
    if (auto faults = known_faults(library))
      checkup.items.push_back({library.name, faults->severity, std::move(faults->text), std::move(faults->fix)});
  }
  for (const auto& host : facts.hosts) checkup.items.push_back(port_25(host, facts.root.status == Status::secure));
  // Where nothing is proven nothing "works, but": a warning would outrank that.
  for (auto& item : checkup.items) {
    if (facts.root.status != Status::secure && item.severity == Severity::warning) item.severity = Severity::unknown;
  }
  for (const auto& item : checkup.items) checkup.severity = worse(checkup.severity, item.severity);
  return checkup;
}

}  // namespace danewatch
