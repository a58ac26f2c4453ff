// One run from target to report, with a fake world, fake servers and a clock that moves when told.
#pragma once

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <string>
#include <utility>
#include <vector>

#include "probe/run/probe.hpp"
#include "tests/support/fake_dialer.hpp"
#include "tests/support/fake_matcher.hpp"
#include "tests/support/fake_resolver.hpp"
#include "tests/support/manual_clock.hpp"

namespace danewatch::test {

inline Target target(std::string_view text) {
  return parse_targets(text).value().front();
}

class ProbeTest : public testing::Test {
 protected:
  ProbeTest() {
    world.secure("example.org MX", {"10 mx1.example.org"})
        .secure("mx1.example.org A", {"11.0.0.1"})
        .secure("_25._tcp.mx1.example.org TLSA", {"3 1 1 " + digest('a')})
        .nodata("_tcp.mx1.example.org A");
    options.trust_anchor = "anchor";
    clock.time = SysTime(std::chrono::seconds(1'701'000'000));  // while the signatures of the fake world hold
  }

  void serve(std::string_view address, char letter = 'a') {
    TlsEvidence evidence = shows(address, {}, letter).tls;
    evidence.absent_views.clear();
    servers.plays(std::move(evidence));
  }

  // An ECDSA leaf by default, and another one of this key type beside it.
  void serve_also(std::string_view address, View view, std::string key, char letter) {
    TlsEvidence evidence = shows(address, {}, letter).on(view).tls;
    evidence.chain.front().key = std::move(key);
    evidence.absent_views.clear();
    servers.plays(std::move(evidence));
  }

  std::vector<Report> run_all_of(const std::vector<std::string>& texts) {
    boost::asio::io_context io;
    Probe probe(world, servers, matcher, clock, options);
    std::vector<Report> reports(texts.size());
    for (std::size_t i = 0; i < texts.size(); ++i) {
      boost::asio::co_spawn(io, probe.run(target(texts[i]), deadline), [&, i](std::exception_ptr error, Report report) {
        if (error) std::rethrow_exception(error);
        reports[i] = std::move(report);
      });
    }
    io.run();
    return reports;
  }

  Report run(const std::string& text = "example.org") { return run_all_of({text}).front(); }

  std::vector<Families> offers() const {
    std::vector<Families> offers;
    for (const auto& look : servers.looks()) offers.push_back(look.offer);
    return offers;
  }

  FakeResolver world;
  FakeDialer servers;
  FakeMatcher matcher;
  ManualClock clock;
  ProbeOptions options;
  Deadline deadline = clock.steady_time + std::chrono::hours(1);
};

}  // namespace danewatch::test
