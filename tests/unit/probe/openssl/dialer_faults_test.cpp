#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/steady_timer.hpp>
#include <random>

#include "probe/openssl/dialer_bio.hpp"
#include "probe/openssl/dialer_faults.hpp"
#include "tests/unit/probe/openssl/dialer_run.hpp"

namespace danewatch {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds tiny{200};  // the limit under test ends it; the servers hold

Outcome nothing_shown(Stage stage, Fault fault, std::string error) {
  return {stage, fault, std::move(error), 0};
}

Outcome met(Script script, DialerRun run = {}) {
  TlsServer server(std::move(script));
  return outcome_of(run.at(server));
}

DialerRun short_dialogue() {
  DialerRun run;
  run.options.dialogue_timeout = tiny;
  return run;
}

DialerRun short_handshake() {
  DialerRun run;
  run.options.handshake_timeout = tiny;
  return run;
}

DialerRun implicit() {
  DialerRun run;
  run.service = "https";
  return run;
}

void play_until_starttls(ServerSide& side) {
  side.send("220 mx.example.org ESMTP\r\n");
  side.read_line();
  side.send("250-mx.example.org\r\n250 STARTTLS\r\n");
  side.read_line();
}

// --- greeting

TEST(DialerFaults, E09SilentServer) {
  EXPECT_EQ(met([](ServerSide& side) { side.hold(); }, short_dialogue()),
            nothing_shown(Stage::greeting, Fault::timeout, "not finished within 200 ms"));
}

TEST(DialerFaults, E25AnOctetAtATimeIsEndedByTheLimitNotByTheOctets) {
  const auto tarpit = [](ServerSide& side) {
    side.send("2");
    side.send("2");
    side.send("0");
    side.hold();
  };
  EXPECT_EQ(met(tarpit, short_dialogue()),
            nothing_shown(Stage::greeting, Fault::timeout, "not finished within 200 ms"));
}

TEST(DialerFaults, TheDeadlineOfTheRunEndsItToo) {
  DialerRun run;
  run.deadline = tiny;
  EXPECT_EQ(met([](ServerSide& side) { side.hold(); }, run),
            nothing_shown(Stage::greeting, Fault::timeout, "not finished when the time of the run was up"));
}

TEST(DialerFaults, AfterTheDeadlineNothingIsTried) {
  DialerRun run;
  run.deadline = milliseconds(-1);
  TlsServer server([](ServerSide& side) { side.note("connected"); });
  EXPECT_EQ(outcome_of(run.at(server)),
            nothing_shown(Stage::not_started, Fault::not_run, "the time of the run was up"));
  EXPECT_TRUE(server.finish().empty());
}

TEST(DialerFaults, E25EndlessMultiLineGreeting) {
  EXPECT_EQ(met([](ServerSide& side) { side.send_forever("220-and another line\r\n"); }),
            nothing_shown(Stage::greeting, Fault::too_long, "more than 200 lines"));
}

TEST(DialerFaults, E24AFiveMegabyteLine) {
  EXPECT_EQ(met([](ServerSide& side) { side.send("220 " + std::string(5 << 20, 'x') + "\r\n"); }),
            nothing_shown(Stage::greeting, Fault::too_long, "a line of more than 2048 bytes"));
}

TEST(DialerFaults, RandomOctetsInsteadOfAGreeting) {
  std::minstd_rand random(7);
  std::string noise;
  for (int i = 0; i < 4000; ++i) noise += static_cast<char>(random());
  const Outcome outcome = met([noise](ServerSide& side) { side.send("\x01\x02" + noise + "\n"); });
  EXPECT_EQ(outcome.stage, Stage::greeting);
  EXPECT_EQ(outcome.fault, Fault::malformed);
}

TEST(DialerFaults, E21NegativeGreetingIsAnsweredWithQuit) {
  for (const std::string reply : {"421 come back later", "554 no SMTP service here"}) {
    TlsServer server([reply](ServerSide& side) {
      side.send(reply + "\r\n");
      side.note(side.read_line());
    });
    EXPECT_EQ(outcome_of(DialerRun{}.at(server)), nothing_shown(Stage::greeting, Fault::reply, reply));
    EXPECT_THAT(server.finish(), testing::ElementsAre("QUIT"));
  }
}

// --- connection ends

TEST(DialerFaults, E09ClosedOrResetInEachPhase) {
  const Outcome closed_greeting = nothing_shown(Stage::greeting, Fault::eof, "the peer closed the connection");
  const Outcome closed_starttls = nothing_shown(Stage::starttls, Fault::eof, "the peer closed the connection");
  EXPECT_EQ(met([](ServerSide&) {}), closed_greeting);
  EXPECT_EQ(met([](ServerSide& side) { side.half_close(), side.hold(); }), closed_greeting);
  EXPECT_EQ(met([](ServerSide& side) { side.send("220-mx\r\n"), side.half_close(), side.hold(); }), closed_greeting);
  EXPECT_EQ(met([](ServerSide& side) { side.send("220 mx\r\n"), side.read_line(); }), closed_starttls);
  EXPECT_EQ(met([](ServerSide& side) { play_until_starttls(side), side.half_close(), side.hold(); }), closed_starttls);
  // So early that the connection may not even look established.
  EXPECT_EQ(met([](ServerSide& side) { side.reset(); }).fault, Fault::reset);
  const Outcome reset_starttls = nothing_shown(Stage::starttls, Fault::reset, "Connection reset by peer");
  EXPECT_EQ(met([](ServerSide& side) { side.send("220 mx\r\n"), side.read_line(), side.reset(); }), reset_starttls);
  EXPECT_EQ(met([](ServerSide& side) { play_until_starttls(side), side.reset(); }), reset_starttls);
}

TEST(DialerFaults, E09ClosedOrResetInTheHandshake) {
  const auto read_hello = [](ServerSide& side) {
    play_smtp_until_go_ahead(side);
    side.read_octets(100);
  };
  EXPECT_EQ(met([=](ServerSide& side) { read_hello(side); }),
            nothing_shown(Stage::handshake, Fault::eof, "the peer closed the connection"));
  EXPECT_EQ(met([=](ServerSide& side) { read_hello(side), side.half_close(), side.hold(); }),
            nothing_shown(Stage::handshake, Fault::eof, "the peer closed the connection"));
  EXPECT_EQ(met([=](ServerSide& side) { read_hello(side), side.reset(); }),
            nothing_shown(Stage::handshake, Fault::reset, "Connection reset by peer"));
}

// --- EHLO and STARTTLS

TEST(DialerFaults, E17NotOfferedAndE20EhloRefused) {
  EXPECT_EQ(met([](ServerSide& side) { side.send("220 mx\r\n"), side.read_line(), side.send("250 mx\r\n"); }),
            nothing_shown(Stage::starttls, Fault::not_offered, "STARTTLS is not among the capabilities"));
  EXPECT_EQ(met([](ServerSide& side) { side.send("220 mx\r\n"), side.read_line(), side.send("502 what?\r\n"); }),
            nothing_shown(Stage::starttls, Fault::not_offered, "502 what?"));
}

TEST(DialerFaults, E18E19StarttlsRefused) {
  for (const std::string reply : {"454 TLS not available", "501 no", "hm?"}) {
    EXPECT_EQ(
        met([reply](ServerSide& side) { play_until_starttls(side), side.send(reply + "\r\n"), side.read_line(); }),
        nothing_shown(Stage::starttls, Fault::starttls_refused, reply));
  }
}

TEST(DialerFaults, E13PlainTextTogetherWithTheGoAhead) {
  EXPECT_EQ(met([](ServerSide& side) { play_until_starttls(side), side.send("220 go\r\n250 SIZE\r\n"), side.hold(); }),
            nothing_shown(Stage::starttls, Fault::injected, "250 SIZE\r\n"));
}

TEST(DialerFaults, E13PlainTextWaitingBehindTheGoAhead) {
  // The go-ahead fills the dialer's read buffer to its last octet, so that what follows stays in the socket.
  std::string reply;
  while (reply.size() < 4000) reply += "220-" + std::string(94, 'x') + "\r\n";
  reply += "220-" + std::string(4096 - reply.size() - 14, 'x') + "\r\n220 go\r\n";
  ASSERT_EQ(reply.size(), 4096U);
  EXPECT_EQ(
      met([reply](ServerSide& side) { play_until_starttls(side), side.send(reply + "250 late\r\n"), side.hold(); }),
      nothing_shown(Stage::starttls, Fault::injected, "250 late\r\n"));
}

// --- handshake

TEST(DialerFaults, E25SilentInTheHandshake) {
  const auto silent = [](ServerSide& side) { play_smtp_until_go_ahead(side), side.hold(); };
  EXPECT_EQ(met(silent, short_handshake()),
            nothing_shown(Stage::handshake, Fault::timeout, "not finished within 200 ms"));
}

TEST(DialerFaults, PlainTextInsteadOfAServerHello) {
  const auto late = [](ServerSide& side) {
    play_smtp_until_go_ahead(side);
    side.read_octets(100);
    side.send("454 4.7.0 TLS library problem\r\n");
    side.hold();
  };
  EXPECT_EQ(met(late), nothing_shown(Stage::handshake, Fault::plaintext, "454 4.7.0 TLS library problem"));
}

TEST(DialerFaults, E40PlainTextOnAPortForTls) {
  EXPECT_EQ(met([](ServerSide& side) { side.send("220 mx ESMTP\r\n"), side.hold(); }, implicit()),
            nothing_shown(Stage::handshake, Fault::plaintext, "220 mx ESMTP"));
  const auto http = [](ServerSide& side) {
    side.read_octets(100);
    side.send("HTTP/1.1 400 Bad Request\r\n\r\n");
    side.hold();
  };
  EXPECT_EQ(met(http, implicit()), nothing_shown(Stage::handshake, Fault::plaintext, "HTTP/1.1 400 Bad Request"));
}

TEST(DialerFaults, RandomOctetsInsteadOfAServerHello) {
  std::minstd_rand random(7);
  std::string noise = "\x16";
  for (int i = 0; i < 4000; ++i) noise += static_cast<char>(random());
  const Outcome outcome = met([noise](ServerSide& side) { side.send(noise), side.hold(); }, implicit());
  EXPECT_EQ(outcome.stage, Stage::handshake);
  EXPECT_TRUE(outcome.fault == Fault::plaintext || outcome.fault == Fault::tls_error) << outcome.error;
}

TEST(DialerFaults, TlsAlerts) {
  const auto alert = [](char description) {
    return [description](ServerSide& side) {
      side.read_octets(100);
      side.send(std::string("\x15\x03\x03\x00\x02\x02", 6) + description);
      side.hold();
    };
  };
  EXPECT_EQ(met(alert(40), implicit()), nothing_shown(Stage::handshake, Fault::alert, "TLS alert: handshake failure"));
  EXPECT_EQ(met(alert(70), implicit()),
            nothing_shown(Stage::handshake, Fault::no_common_version, "TLS alert: protocol version"));
}

TEST(DialerFaults, UnrecognizedNameAsFatalAlert) {
  TlsSetup setup = plain_setup();
  setup.name_answer = NameAnswer::fatal;
  EXPECT_EQ(met(smtp_server(ServerTls(setup))),
            nothing_shown(Stage::handshake, Fault::unrecognized_name, "TLS alert: unrecognized name"));
}

TEST(DialerFaults, AServerOfSsl3OnlyHasNoVersionInCommon) {
  // ServerHello of SSL 3.0: version, random, no session id, RC4-SHA, no compression.
  const std::string hello = std::string("\x16\x03\x00\x00\x2a\x02\x00\x00\x26\x03\x00", 11) + std::string(32, 'r') +
                            std::string("\x00\x00\x05\x00", 4);
  const Outcome outcome = met([hello](ServerSide& side) { side.send(hello), side.hold(); }, implicit());
  EXPECT_EQ(outcome, nothing_shown(Stage::handshake, Fault::no_common_version, "unsupported protocol"));
}

TEST(DialerFaults, AFloodOfHelloRequestsIsCounted) {
  std::string flood;
  for (int record = 0; record < 4; ++record) {
    flood += std::string("\x16\x03\x03\x40\x00", 5) + std::string(0x4000, '\0');
  }
  EXPECT_EQ(met([flood](ServerSide& side) { side.send_forever(flood); }, implicit()),
            nothing_shown(Stage::handshake, Fault::malformed, "HelloRequest after HelloRequest"));
}

TEST(DialerFaults, MoreCertificatesThanWeTakeAreALimitOfOurs) {
  pki::CertificateSpec large;
  large.common_name = "mx.example.org";
  for (int i = 0; i < 6000; ++i) large.dns_names.push_back("host" + std::to_string(i) + ".mail.example.org");
  ShownChain chain{pki::issue(large), {}};
  chain.rest.assign(8, chain.leaf.der);
  TlsServer server(smtp_server(ServerTls(setup_with(chain))));
  EXPECT_EQ(outcome_of(DialerRun{}.at(server)),
            nothing_shown(Stage::handshake, Fault::too_large, "a certificate message of more than 1 MB"));
}

TEST(DialerFaults, TheTransportYieldsWhenItsTurnIsOver) {
  int ends[2];
  ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends), 0);
  const std::string records(1000, '\x16');
  ASSERT_EQ(write(ends[1], records.data(), records.size()), 1000);
  SocketTransport transport;
  transport.descriptor = ends[0];
  transport.budget = 300;
  const BioPtr bio = make_socket_bio(transport);
  char buffer[1000];
  EXPECT_EQ(BIO_read(bio.get(), buffer, sizeof buffer), 300);
  EXPECT_EQ(BIO_read(bio.get(), buffer, sizeof buffer), -1);
  EXPECT_TRUE(BIO_should_retry(bio.get()));
  transport.budget = 1000;
  EXPECT_EQ(BIO_read(bio.get(), buffer, sizeof buffer), 700);
  close(ends[0]);
  close(ends[1]);
}

TEST(DialerFaults, AChainShownBeforeTheServerFellSilentIsKept) {
  // A real server's whole first flight of TLS 1.2, and then nothing.
  TlsSetup setup = plain_setup();
  setup.highest = TlsVersion::tls1_2;
  const ServerTls tls(setup);
  TlsServer real(implicit_server(tls));
  TlsServer middle([&](ServerSide& side) { side.forward_first_flight(real.address(), real.port()), side.hold(); });
  DialerRun run = short_handshake();
  run.service = "https";
  run.options.handshake_timeout = std::chrono::seconds(1);
  const TlsEvidence seen = run.at(middle);
  EXPECT_EQ(outcome_of(seen), (Outcome{Stage::handshake, Fault::timeout, "not finished within 1000 ms", 1}));
  EXPECT_EQ(seen.tls->version, "TLSv1.2");
}

// --- connect

TEST(DialerFaults, E09Refused) {
  std::uint16_t port = 0;
  Address address;
  {
    const TlsServer gone([](ServerSide&) {});
    port = gone.port();
    address = gone.address();
  }
  EXPECT_EQ(outcome_of(DialerRun{}.at(address, port)),
            nothing_shown(Stage::connect, Fault::refused, "Connection refused"));
}

TEST(DialerFaults, NoDescriptorLeftIsALimitOfOurs) {
  TlsServer server([](ServerSide& side) { side.hold(); });
  boost::asio::io_context io;
  const boost::asio::steady_timer reactor(io);  // Asio opens its own descriptors with the first timer or socket
  OpensslDialer dialer(io.get_executor(), DialerRun::generous());
  rlimit before{};
  getrlimit(RLIMIT_NOFILE, &before);
  rlimit none = before;
  none.rlim_cur = 3;
  setrlimit(RLIMIT_NOFILE, &none);
  const DialerRun run;
  TlsEvidence seen;
  const auto until = std::chrono::steady_clock::now() + run.deadline;
  auto observation = dialer.observe(run.endpoint(server.address(), server.port()), {}, until);
  std::exception_ptr error;
  boost::asio::co_spawn(io, std::move(observation), [&](std::exception_ptr e, TlsEvidence s) {
    error = e;
    seen = std::move(s);
  });
  io.run();
  setrlimit(RLIMIT_NOFILE, &before);
  EXPECT_EQ(error, nullptr);
  EXPECT_EQ(outcome_of(seen), nothing_shown(Stage::connect, Fault::no_descriptor, "Too many open files"));
}

TEST(DialerFaults, ConnectErrorsTellTheWorldFromOurselves) {
  EXPECT_EQ(connect_fault(EHOSTUNREACH, false, true).fault, Fault::unreachable);
  EXPECT_EQ(connect_fault(ENETUNREACH, false, true).fault, Fault::unreachable);
  EXPECT_EQ(connect_fault(ENETUNREACH, false, false).fault, Fault::local);
  EXPECT_EQ(connect_fault(ENETUNREACH, true, true).fault, Fault::unreachable);
  EXPECT_EQ(connect_fault(ENETUNREACH, true, false).fault, Fault::no_ipv6);
  EXPECT_EQ(connect_fault(EADDRNOTAVAIL, true, false).fault, Fault::no_ipv6);
  EXPECT_EQ(connect_fault(EADDRNOTAVAIL, false, true).fault, Fault::local);
  EXPECT_EQ(connect_fault(EAFNOSUPPORT, true, false).fault, Fault::no_ipv6);
  EXPECT_EQ(connect_fault(ETIMEDOUT, false, true).fault, Fault::timeout);
  EXPECT_EQ(connect_fault(EMFILE, false, true).fault, Fault::no_descriptor);
  EXPECT_EQ(connect_fault(EPERM, false, true).fault, Fault::local);
  EXPECT_EQ(connect_fault(ECONNREFUSED, true, true), (TransportFault{Fault::refused, "Connection refused"}));
}

}  // namespace
}  // namespace danewatch
