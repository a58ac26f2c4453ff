#include "probe/openssl/dialer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/system/system_error.hpp>

#include "probe/openssl/dialer_name.hpp"
#include "tests/unit/probe/openssl/dialer_run.hpp"

namespace danewatch {
namespace {
namespace asio = boost::asio;

using testing::AnyOf;
using testing::ElementsAre;
using testing::StartsWith;

const Outcome seen_one{Stage::done, Fault::none, "", 1};

TEST(Dialer, SmtpShowsChainParametersAndTimings) {
  pki::CertificateSpec root_spec;
  root_spec.common_name = "Example Root";
  root_spec.ca = true;
  const pki::Identity root = pki::issue(root_spec);
  pki::CertificateSpec spec;
  spec.common_name = "mx.example.org";
  const pki::Identity leaf = pki::issue(spec, &root);
  TlsServer server(smtp_server(ServerTls(setup_with({leaf, {root.der}}))));
  const TlsEvidence seen = DialerRun{}.at(server);
  EXPECT_EQ(outcome_of(seen), (Outcome{Stage::done, Fault::none, "", 2}));
  EXPECT_EQ(seen.chain.at(0).der, leaf.der);
  EXPECT_EQ(seen.chain.at(1).der, root.der);
  EXPECT_EQ(seen.chain.at(0).issuer, "CN=Example Root");
  ASSERT_TRUE(seen.tls.has_value());
  EXPECT_EQ(seen.tls->version, "TLSv1.3");
  EXPECT_THAT(seen.tls->cipher, StartsWith("TLS_"));
  EXPECT_EQ(seen.tls->group, "x25519");
  EXPECT_EQ(seen.tls->key, "ecdsa-p256");
  EXPECT_TRUE(seen.timings.connect && seen.timings.starttls && seen.timings.handshake);
  EXPECT_EQ(seen.address, server.address());
  EXPECT_EQ(seen.port, server.port());
  EXPECT_EQ(seen.attempts, 1);
  EXPECT_FALSE(seen.client_certificate_requested);
  EXPECT_THAT(server.finish(), ElementsAre("EHLO probe.example.net", "STARTTLS", "sni mx.example.org", "QUIT"));
}

TEST(Dialer, ImplicitTlsHasNoDialogue) {
  TlsServer server(implicit_server(ServerTls(plain_setup())));
  DialerRun run;
  run.service = "submissions";
  const TlsEvidence seen = run.at(server);
  EXPECT_EQ(outcome_of(seen), seen_one);
  EXPECT_FALSE(seen.timings.starttls.has_value());
  EXPECT_THAT(server.finish(), ElementsAre("sni mx.example.org", "QUIT"));
}

TEST(Dialer, Tls12TellsItsGroupToo) {
  TlsSetup setup = plain_setup();
  setup.highest = TlsVersion::tls1_2;
  TlsServer server(smtp_server(ServerTls(setup)));
  const TlsEvidence seen = DialerRun{}.at(server);
  EXPECT_EQ(outcome_of(seen), seen_one);
  ASSERT_TRUE(seen.tls.has_value());
  EXPECT_EQ(seen.tls->version, "TLSv1.2");
  EXPECT_THAT(seen.tls->cipher, StartsWith("ECDHE-ECDSA-"));
  EXPECT_EQ(seen.tls->group, "x25519");
}

TEST(Dialer, AnEmptyNameSendsNone) {
  const ServerTls tls(plain_setup());
  DialerRun nameless;
  nameless.sni = "";
  nameless.service = "https";
  TlsServer server(implicit_server(tls));
  EXPECT_EQ(outcome_of(nameless.at(server)), seen_one);
  EXPECT_THAT(server.finish(), ElementsAre("sni "));
}

std::string leaf_key(const TlsSetup& setup, const Families& offer) {
  TlsServer server(smtp_server(ServerTls(setup)));
  DialerRun run;
  run.offer = offer;
  const TlsEvidence seen = run.at(server);
  return seen.chain.empty() ? "" : seen.chain.front().key;
}

TEST(Dialer, E05OffersChooseTheCertificateInTls12And13) {
  TlsSetup setup;
  setup.chains = {chain_named("mx.example.org", pki::KeyType::rsa_2048),
                  chain_named("mx.example.org", pki::KeyType::ecdsa_p256),
                  chain_named("mx.example.org", pki::KeyType::ed25519)};
  for (const TlsVersion version : {TlsVersion::tls1_2, TlsVersion::tls1_3}) {
    setup.highest = version;
    EXPECT_EQ(leaf_key(setup, {View::rsa}), "rsa-2048");
    EXPECT_EQ(leaf_key(setup, {View::ecdsa}), "ecdsa-p256");
    EXPECT_EQ(leaf_key(setup, {View::ed25519}), "ed25519");
    EXPECT_THAT(leaf_key(setup, {View::rsa, View::ed25519}), AnyOf("rsa-2048", "ed25519"));
  }
}

TEST(Dialer, E05AnOfferTheServerHasNoCertificateForEndsWithAnAlert) {
  TlsServer server(smtp_server(ServerTls(setup_with(chain_named("mx", pki::KeyType::rsa_2048)))));
  DialerRun run;
  run.offer = {View::ecdsa, View::ed25519};
  EXPECT_EQ(outcome_of(run.at(server)), (Outcome{Stage::handshake, Fault::alert, "TLS alert: handshake failure", 0}));
}

TEST(Dialer, E01OldAndWeakServersAreLookedAtAllTheSame) {
  TlsSetup old = plain_setup();
  old.highest = TlsVersion::tls1_0;
  TlsServer tls1_0(smtp_server(ServerTls(old)));
  const TlsEvidence seen = DialerRun{}.at(tls1_0);
  EXPECT_EQ(outcome_of(seen), seen_one);
  EXPECT_EQ(seen.tls->version, "TLSv1");
  TlsServer rsa_1024(smtp_server(ServerTls(setup_with(chain_named("mx", pki::KeyType::rsa_1024)))));
  EXPECT_EQ(DialerRun{}.at(rsa_1024).chain.at(0).key, "rsa-1024");
  pki::CertificateSpec sha1;
  sha1.common_name = "mx";
  sha1.sha1 = true;
  TlsServer weak(smtp_server(ServerTls(setup_with({pki::issue(sha1), {}}))));
  EXPECT_EQ(outcome_of(DialerRun{}.at(weak)), seen_one);
}

TEST(Dialer, NeverAgreesOnASuiteWithoutCertificate) {
  TlsSetup setup;
  setup.highest = TlsVersion::tls1_2;
  setup.cipher_list = "aNULL:@SECLEVEL=0";
  TlsServer server(smtp_server(ServerTls(setup)));
  EXPECT_EQ(outcome_of(DialerRun{}.at(server)),
            (Outcome{Stage::handshake, Fault::alert, "TLS alert: handshake failure", 0}));
}

// A server may take its time before it greets; who has a minute does not give up after ten seconds.
TEST(Dialer, TheLimitsGrowWithTheTimeOfTheRun) {
  using namespace std::chrono_literals;
  const DialerOptions options;
  EXPECT_EQ(limits_of(options, 1s), (TimeLimits{5s, 10s, 5s}));
  EXPECT_EQ(limits_of(options, 30s), (TimeLimits{5s, 24s, 5s}));
  EXPECT_EQ(limits_of(options, 60s), (TimeLimits{10s, 48s, 10s}));
  EXPECT_EQ(limits_of(options, 1h), (TimeLimits{50s, 240s, 50s}));
  DialerOptions fixed;
  fixed.patient = false;
  EXPECT_EQ(limits_of(fixed, 60s), (TimeLimits{5s, 10s, 5s}));
}

TEST(Dialer, TheNameGivenInEhloIsKept) {
  TlsServer server([](ServerSide& side) {
    side.send("220 mx\r\n");
    side.read_line();
    side.send("550 5.7.1 not you\r\n");
    side.read_line();
  });
  const TlsEvidence seen = DialerRun{}.at(server);
  EXPECT_EQ(seen.fault, Fault::reply);
  EXPECT_EQ(seen.refusal, Refusal::us);
  EXPECT_EQ(seen.helo, "probe.example.net");
}

TEST(Dialer, ACamelliaServerIsLookedAt) {
  TlsSetup setup = setup_with(chain_named("mx.example.org", pki::KeyType::rsa_2048));
  setup.highest = TlsVersion::tls1_2;
  setup.cipher_list = "CAMELLIA256-SHA:@SECLEVEL=0";
  TlsServer server(smtp_server(ServerTls(setup)));
  const TlsEvidence seen = DialerRun{}.at(server);
  EXPECT_EQ(outcome_of(seen), seen_one);
  EXPECT_EQ(seen.tls->cipher, "CAMELLIA256-SHA");
}

TEST(Dialer, E02ACertificateMessageAboveOpensslsOwnLimit) {
  pki::CertificateSpec large;
  large.common_name = "mx.example.org";
  for (int i = 0; i < 6000; ++i) large.dns_names.push_back("host" + std::to_string(i) + ".mail.example.org");
  const ShownChain chain{pki::issue(large), {}};
  ASSERT_GT(chain.leaf.der.size(), 102400U);
  TlsServer server(smtp_server(ServerTls(setup_with(chain))));
  const TlsEvidence seen = DialerRun{}.at(server);
  EXPECT_EQ(outcome_of(seen), seen_one);
  EXPECT_EQ(seen.chain.at(0).der, chain.leaf.der);
  EXPECT_EQ(seen.chain.at(0).names.size(), 100U);
}

TEST(Dialer, TwentyCertificatesAreKeptAndFortyAreCut) {
  const pki::Identity other = chain_named("other").leaf;
  ShownChain chain = chain_named("mx");
  chain.rest.assign(19, other.der);
  TlsServer twenty(smtp_server(ServerTls(setup_with(chain))));
  EXPECT_EQ(DialerRun{}.at(twenty).chain.size(), 20U);
  chain.rest.assign(39, other.der);
  TlsServer forty(smtp_server(ServerTls(setup_with(chain))));
  EXPECT_EQ(DialerRun{}.at(forty).chain.size(), 30U);
}

Outcome with_client_certificate(ClientCertificate wish, TlsVersion version, bool tickets = true) {
  TlsSetup setup = plain_setup();
  setup.client_certificate = wish;
  setup.highest = version;
  setup.tickets = tickets;
  TlsServer server(smtp_server(ServerTls(setup)));
  const TlsEvidence seen = DialerRun{}.at(server);
  EXPECT_TRUE(seen.client_certificate_requested);
  EXPECT_TRUE(seen.tls.has_value());
  return outcome_of(seen);
}

TEST(Dialer, E03OptionalClientCertificate) {
  EXPECT_EQ(with_client_certificate(ClientCertificate::optional, TlsVersion::tls1_2), seen_one);
  EXPECT_EQ(with_client_certificate(ClientCertificate::optional, TlsVersion::tls1_3), seen_one);
  EXPECT_EQ(with_client_certificate(ClientCertificate::optional, TlsVersion::tls1_3, false), seen_one);
}

TEST(Dialer, E03RequiredClientCertificateStillShowsTheChain) {
  EXPECT_EQ(with_client_certificate(ClientCertificate::required, TlsVersion::tls1_2),
            (Outcome{Stage::handshake, Fault::alert, "TLS alert: handshake failure", 1}));
  EXPECT_EQ(with_client_certificate(ClientCertificate::required, TlsVersion::tls1_3),
            (Outcome{Stage::handshake, Fault::alert, "TLS alert: certificate required", 1}));
}

TEST(Dialer, UnrecognizedNameAsWarningIsNoFault) {
  TlsSetup setup = plain_setup();
  setup.name_answer = NameAnswer::warning;
  setup.highest = TlsVersion::tls1_2;
  TlsServer server(smtp_server(ServerTls(setup)));
  EXPECT_EQ(outcome_of(DialerRun{}.at(server)), seen_one);
}

TEST(Dialer, E12AServerThatClosesRightAfterTheHandshakeWasSeen) {
  const ServerTls tls(plain_setup());
  TlsServer closing([tls](ServerSide& side) {
    play_smtp_until_go_ahead(side);
    side.start_tls(tls);
  });
  const TlsEvidence closed = DialerRun{}.at(closing);
  EXPECT_EQ(outcome_of(closed), seen_one);
  EXPECT_TRUE(closed.closed_uncleanly);
  TlsServer resetting([tls](ServerSide& side) {
    play_smtp_until_go_ahead(side);
    side.start_tls(tls);
    side.reset();
  });
  const TlsEvidence reset = DialerRun{}.at(resetting);
  EXPECT_EQ(outcome_of(reset), seen_one);
  EXPECT_TRUE(reset.closed_uncleanly);
}

TEST(Dialer, E12ASessionThatIsClosedIsNoFault) {
  TlsServer polite(smtp_server(ServerTls(plain_setup())));
  EXPECT_FALSE(DialerRun{}.at(polite).closed_uncleanly);
  // Nor is one that the limit of the farewell ended: nothing is known of it.
  const ServerTls tls(plain_setup());
  TlsServer holding([tls](ServerSide& side) {
    play_smtp_until_go_ahead(side);
    side.start_tls(tls);
    side.hold();
  });
  DialerRun run;
  run.options.farewell_timeout = std::chrono::milliseconds(1);
  EXPECT_FALSE(run.at(holding).closed_uncleanly);
}

struct Again {
  const char* service;
  const char* before;  // the server's words up to the go-ahead, a line of the client's after each but the last
  const char* go_ahead;
  const char* inside;
};

TlsEvidence said_inside(const Again& again) {
  const ServerTls tls(plain_setup());
  TlsServer server([&, tls](ServerSide& side) {
    side.send(again.before);
    side.read_line();
    side.send(again.go_ahead);
    side.start_tls(tls);
    side.send(again.inside);
    side.note(side.read_line());
  });
  DialerRun run;
  run.service = again.service;
  return run.at(server);
}

TEST(Dialer, E16StarttlsOfferedAgainInsideTls) {
  const char* sieve = "\"STARTTLS\"\r\nOK\r\n";
  const Again offering{"sieve", sieve, "OK\r\n", sieve};
  EXPECT_TRUE(said_inside(offering).starttls_offered_again);
  const Again silent{"sieve", sieve, "OK\r\n", "\"SASL\" \"PLAIN\"\r\nOK\r\n"};
  EXPECT_FALSE(said_inside(silent).starttls_offered_again);
  const Again imap{"imap", "* OK\r\n", "a OK\r\n", "* CAPABILITY IMAP4rev1 STARTTLS\r\nb OK\r\n"};
  EXPECT_TRUE(said_inside(imap).starttls_offered_again);
  EXPECT_EQ(outcome_of(said_inside(imap)), seen_one);
}

TEST(Dialer, AServerThatIgnoresTheGoodbyeCostsTheFarewellLimitOnly) {
  const ServerTls tls(plain_setup());
  TlsServer server([tls](ServerSide& side) {
    play_smtp_until_go_ahead(side);
    side.start_tls(tls);
    side.hold();
  });
  DialerRun run;
  run.options.farewell_timeout = std::chrono::milliseconds(1);
  EXPECT_EQ(outcome_of(run.at(server)), seen_one);
}

TEST(Dialer, WithoutAPublicHostNameItIntroducesItselfByAddress) {
  EXPECT_EQ(address_literal(asio::ip::make_address("192.0.2.1")), "[192.0.2.1]");
  EXPECT_EQ(address_literal(asio::ip::make_address("2001:db8::1")), "[IPv6:2001:db8::1]");
  EXPECT_TRUE(is_public_name("probe.example.net"));
  for (const char* name : {"", "probe", "localhost", "localhost.localdomain", ".x", "x.", "a.b c", "a.(none)"}) {
    EXPECT_FALSE(is_public_name(name)) << name;
  }
  TlsServer server(smtp_server(ServerTls(plain_setup())));
  DialerRun run;
  run.options.helo = "";
  run.at(server);
  const std::string own = public_host_name();
  EXPECT_EQ(server.finish().at(0), "EHLO " + (own.empty() ? "[127.0.0.1]" : own));
}

TEST(Dialer, CancellationClosesTheConnection) {
  asio::cancellation_signal stop;
  asio::io_context io;
  // A connection that hears nothing would otherwise last for a minute.
  TlsServer server([&](ServerSide& side) {
    asio::post(io, [&] { stop.emit(asio::cancellation_type::terminal); });
    side.hold();
    side.note("closed");
  });
  const DialerRun run;
  OpensslDialer dialer(io.get_executor(), run.options);
  const auto until = std::chrono::steady_clock::now() + run.deadline;
  auto observation = dialer.observe(run.endpoint(server.address(), server.port()), {}, until);
  std::exception_ptr error;
  auto done = [&](std::exception_ptr e, const TlsEvidence&) { error = e; };
  asio::co_spawn(io, std::move(observation), asio::bind_cancellation_slot(stop.slot(), done));
  io.run();
  EXPECT_THROW(std::rethrow_exception(error), boost::system::system_error);
  EXPECT_THAT(server.finish(), ElementsAre("closed"));
}

// How many of so many at the same time end as expected.
int in_flight(int count, const TlsSetup& setup, const DialerRun& run, const Outcome& expected) {
  TlsServer server(smtp_server(ServerTls(setup)));
  asio::io_context io;
  OpensslDialer dialer(io.get_executor(), run.options);
  int good = 0;
  for (int i = 0; i < count; ++i) {
    const auto until = std::chrono::steady_clock::now() + run.deadline;
    auto observation = dialer.observe(run.endpoint(server.address(), server.port()), {}, until);
    asio::co_spawn(io, std::move(observation), [&](std::exception_ptr error, const TlsEvidence& seen) {
      good += error == nullptr && outcome_of(seen) == expected ? 1 : 0;
    });
  }
  io.run();
  return good;
}

TEST(Dialer, TwoHundredInFlight) {
  EXPECT_EQ(in_flight(200, plain_setup(), {}, seen_one), 200);
}

// A TLS 1.3 server demands it after the handshake, and a busy one later than the limit of the farewell.
TEST(Dialer, E03TheDemandForACertificateIsWaitedFor) {
  TlsSetup setup = plain_setup();
  setup.client_certificate = ClientCertificate::required;
  DialerRun run;
  run.options.farewell_timeout = std::chrono::milliseconds(0);
  EXPECT_EQ(in_flight(100, setup, run, {Stage::handshake, Fault::alert, "TLS alert: certificate required", 1}), 100);
}

}  // namespace
}  // namespace danewatch
