"""Small trees that each rule must object to, and that it must accept."""

_FUNCTION = 'awaitable<void> f() {\n  %s\n}\n'


def _await(statement):
    return {'probe/x.cpp': _FUNCTION % statement}


BAD = {
    'layering': [
        {'probe/findings/a.cpp': '#include <probe/openssl/dialer.hpp>\n'},
        {'resolver/unbound/a.cpp': '#include "../../cli/system/output.hpp"\n'},
        {'probe/run/a.cpp': '#include "../findings/inner.hpp"\n'},
        {'probe/run/a.ipp': 'int x;\n'},
        {'resolver/dns/a.cpp': '#include "probe/run/probe.hpp"\n'},
        {'probe/run/a.hpp': '#  include "cli/options/options.hpp"\n'},
        {'cli/serve/a.cpp': '#include "tests/support/pki.hpp"\n'},
        {'resolver/odds/a.cpp': 'int x;\n'},
        {'resolver/dns/a.cpp': '#include "resolver/target/target.hpp"\n'},
        {'resolver/dns/a.cpp': '#include "resolver/resolver.hpp"\n'},
        {'probe/evidence/a.cpp': '#include "probe/report/report.hpp"\n'},
        {'probe/findings/a.cpp': '#include "probe/judgement/judge.hpp"\n'},
        {'probe/observe/a.cpp': '#include "probe/judgement/judge.hpp"\n'},
        {'exporters/words/a.cpp': '#include "exporters/text/layout.hpp"\n'},
        {'cli/system/a.cpp': '#include "cli/commands/commands.hpp"\n'},
        {'probe/observe/dialer.cpp': '#include <openssl/ssl.h>\n'},
        {'resolver/walk/locate.cpp': '#include <unbound.h>\n'},
        {'resolver/wire/wire.hpp': '#include <ldns/ldns.h>\n'},
        {'resolver/unbound/answer.cpp': '#include <ldns/ldns.h>\n'},
        {'cli/serve/serve.cpp': '#include <CLI/CLI.hpp>\n'},
        {'exporters/page/a.cpp': '#include <nlohmann/json.hpp>\n'},
        {'probe/run/a.cpp': '#include "probe/judgement/inner.hpp"\n', 'probe/judgement/inner.hpp': '// Inner: a.\n'},
        {'tests/unit/probe/run/a_test.cpp': '#include "probe/judgement/inner.hpp"\n', 'probe/judgement/inner.hpp': '// Inner: a.\n'},
        {'tests/lab/a.cpp': '#include "cli/nagios/inner.hpp"\n', 'cli/nagios/inner.hpp': '// Inner: a.\n'},
    ],
    'mirror': [
        {'tests/unit/a_test.cpp': '', 'probe/run/a.cpp': ''},
        {'tests/unit/probe/walk/a_test.cpp': '', 'probe/run/a.cpp': ''},
        {'tests/unit/probe/run/a_test.cpp': '', 'tests/cli/a_test.cpp': '#include "cli/system/a.hpp"\n', 'probe/run/a.cpp': ''},
        {'tests/unit/probe/run/a_test.cpp': '#include "probe/report/report.hpp"\n', 'probe/run/probe.cpp': ''},
        {'tests/unit/probe/run/a_test.cpp': '#include "tests/support/a.hpp"\n', 'probe/run/probe.cpp': '',
         'tests/support/a.hpp': '#include "probe/report/report.hpp"\n'},
        {'tests/cli/a_test.cpp': '#include "probe/run/probe.hpp"\n', 'cli/main.cpp': ''},
    ],
    'purity': [
        *({f'{room}/a.cpp': f'#include {header}\n'}
          for room in ('resolver/dns', 'resolver/wire', 'probe/starttls', 'probe/judgement', 'exporters/text', 'exporters/json')
          for header in ('<spdlog/spdlog.h>', '<syslog.h>', '<boost/asio/awaitable.hpp>', '<openssl/x509.h>', '<unbound.h>',
                         '<sqlite3.h>', '<libpq-fe.h>')),
        *({f'{room}/a.cpp': '#include "resolver/clock.hpp"\n', 'resolver/clock.hpp': '#include <boost/asio/awaitable.hpp>\n'}
          for room in ('resolver/target', 'probe/findings', 'probe/life', 'exporters/nagios')),
        {'probe/judgement/judge.cpp': '#include "probe/report/a.hpp"\n', 'probe/report/a.hpp': '#include "probe/run/b.hpp"\n',
         'probe/run/b.hpp': '#include <openssl/x509.h>\n'},
        {'exporters/text/host.cpp': 'auto t = std::chrono::system_clock::now();\n'},
        {'exporters/text/host.cpp': 'auto f = std::chrono::system_clock::now;\n'},
        {'exporters/text/host.cpp': 'auto t = std::chrono::steady_clock{}.now();\n'},
        {'exporters/text/host.cpp': 'auto t = std::clock();\n'},
        {'exporters/text/host.cpp': '#include <iostream>\n'},
        {'exporters/text/host.cpp': '#include <filesystem>\n'},
        {'exporters/text/host.cpp': '#include <boost/log/trivial.hpp>\n'},
        {'exporters/text/host.cpp': '#include <pqxx/pqxx>\n'},
        {'exporters/text/host.cpp': 'using C = std::chrono::system_clock;\nauto t = C::now();\n'},
        # A header may hide it in its .cpp: its place tells.
        *({f'{room}/a.cpp': f'#include "{header}"\n', header: '// Reads.\n#pragma once\n#include <string>\nstd::string read();\n'}
          for room, header in (('exporters/text', 'resolver/text_file.hpp'), ('probe/findings', 'probe/openssl/certificate_file.hpp'),
                               ('exporters/json', 'resolver/unbound/trust_anchor.hpp'), ('resolver/wire', 'resolver/workers.hpp'),
                               ('exporters/json', 'exporters/board/board.hpp'))),
        {'probe/run/schedule.hpp': '// Pure: turns.\n#include "resolver/clock.hpp"\n', 'resolver/clock.hpp': '// The time.\n'},
        {'probe/run/schedule.hpp': '// Pure: turns.\n', 'probe/run/schedule.cpp': '#include "resolver/text_file.hpp"\n',
         'resolver/text_file.hpp': '// Reads.\n'},
        {'exporters/text/a.hpp': '#include "probe/run/schedule.hpp"\n', 'probe/run/schedule.hpp': '// Pure: turns.\n#include <thread>\n'},
        {'exporters/text/host.cpp': '#include <random>\n'},
        {'exporters/text/host.cpp': 'auto f = std::fopen("a", "r");\n'},
        {'resolver/dns/tlsa.cpp': 'const char* home = std::getenv("HOME");\n'},
        {'resolver/dns/tlsa.cpp': 'void say() { std::fprintf(stderr, "x"); }\n'},
        {'resolver/dns/tlsa.cpp': 'void say() { syslog(LOG_INFO, "x"); }\n'},
        {'resolver/dns/tlsa.cpp': 'void say() { fmt::print("x"); }\n'},
        {'resolver/dns/tlsa.cpp': '#include <fstream>\n'},
        {'resolver/dns/tlsa.cpp': 'std::time_t t;\n::time(&t);\n'},
        {'resolver/dns/tlsa.cpp': 'long t = std::time(nullptr);\n'},
        {'resolver/wire/a.hpp': 'timespec t; clock_gettime(CLOCK_REALTIME, &t);\n'},
        {'probe/run/schedule.hpp': '// Pure: turns.\n', 'probe/run/schedule.cpp': '#include <boost/asio/steady_timer.hpp>\n'},
    ],
    'clocks': [
        *({f'{place}': 'auto late = std::chrono::steady_clock::now() >= deadline;\n'}
          for place in ('resolver/walk/a.cpp', 'resolver/workers.cpp', 'probe/run/a.cpp', 'probe/observe/a.cpp', 'cli/serve/a.cpp',
                        'cli/system/process.cpp', 'exporters/board/a.cpp')),
        {'resolver/walk/a.cpp': 'using Steady = std::chrono::steady_clock;\nauto t = Steady::now();\n'},
        {'cli/commands/a.cpp': 'timespec t; clock_gettime(CLOCK_REALTIME, &t);\n'},
    ],
    'co_await': [
        _await('co_await f(Plan{.host = h});'),
        _await('co_await f({1, 2});'),
        _await('co_await f(\n    Plan{\n        .host = h});'),
        _await('auto t = T{.x = (co_await g()).y};'),
        _await('std::vector<int> v{co_await g()};'),
        _await('auto x = co_await f(co_await g());'),
        _await('if (co_await f(std::vector<int>{1})) g();'),
        _await('run([&]() -> awaitable<void> { co_await f(P{}); });'),
        _await('run([&]() -> awaitable<void> { co_await f(); }, P{co_await g()});'),
        _await('co_return co_await f(P{1});'),
    ],
    'budgets': [
        {'probe/a.cpp': 'int x;\n' * 401},
        {'probe/a.hpp': '// a\n' * 121},
        {'cli/main.cpp': '// a\n' * 61},
    ],
    'headers': [
        {'probe/a.hpp': '#pragma once\n'},
        {'probe/a.hpp': '// What it is.\nint x;\n'},
        {'probe/a.cpp': '#include <boost/asio.hpp>\n'},
    ],
    'one_type': [
        {'probe/report/a.hpp': 'namespace danewatch {\nstruct Step {\n};\n}\n',
         'probe/starttls/b.hpp': 'namespace danewatch {\nclass Step final : public A {\n};\n}\n'},
    ],
    'no_sleep': [
        {'tests/unit/a_test.cpp': 'std::this_thread::sleep_for(1ms);\n'},
        {'tests/lab/a.cpp': 'void f() { usleep(3); }\n'},
    ],
    'finished': [{'probe/a.cpp': '// TO' + 'DO: later\n'}],
    'documents': [
        {'README.md': 'see [this](docs/no.md)\n'},
        {'docs/a.md': 'see [this](../no.md#part)\n'},
        {'CMakeLists.txt': 'project(danewatch VERSION 1.2.3 LANGUAGES CXX)\n', 'CHANGELOG.md': '## [1.2.2]\n'},
    ],
    'faults': [
        {'tests/lab/faults.md': '| silent | `tempfail` | scene mute |\n', 'tests/lab/faults.yaml': 'loud:\n  verdict: tempfail\n'},
        {'tests/lab/faults.md': '| silent | `tempfail` | scene mute |\n', 'tests/lab/faults.yaml': 'mute:\n  verdict: mismatch\n'},
        {'tests/lab/faults.md': '| silent | `tempfail` | `A.B` |\n', 'tests/unit/a_test.cpp': 'TEST(A, C) {\n'},
        {'tests/lab/faults.md': '', 'tests/lab/faults.yaml': 'mute:\n  verdict: tempfail\n'},
    ],
    'references': [
        {'probe/a.cpp': '// see METRICS.md\n'},
        {'tests/a.py': '"""As PLUGIN.md says."""\n'},
        {'probe/a.cpp': 'int x;  // the first that holds (DESIGN 5)\n'},
        {'probe/a.hpp': '// Views (DESIGN §7.1).\n'},
        {'ARCHITECTURE.md': 'As in PLATFORM 3.\n'},
        {'tests/lab/a.yaml': '# Every way to fail (CONFORMANCE E1)\n'},
        {'probe/a.cpp': '// it never speaks first (CONFORMANCE\n// E-13)\n',
         'tests/conformance/rows.md': '| E-13 | injected | `tls-missing` | rulebook |\n'},
        {'probe/a.cpp': '// it never speaks first (rows.md E-13)\n'},
        {'probe/a.cpp': '// rows.md E-13 to E-15\n', 'tests/conformance/rows.md': '| E-13 | injected | `tls-missing` | rulebook |\n'},
        {'a/README.md': 'it says so (`Dialer.IsThere`)\n', 'tests/unit/a_test.cpp': 'TEST(Dialer, IsGone) {\n'},
        {'a/README.md': 'it says so (scene `there`)\n', 'tests/lab/scenes.yaml': 'gone:\n  verdict: tempfail\n'},
        {'ARCHITECTURE.md': 'pure (`probe/judge.cpp`)\n', 'probe/judgement/judge.cpp': ''},
        {'CONTRIBUTING.md': 'in the `probe/findings_*.cpp` of its subject\n', 'probe/findings/all.cpp': ''},
        {'CONTRIBUTING.md': 'a dialogue in `probe/NAME.cpp`\n', 'probe/starttls/smtp.cpp': ''},
        {'probe/a.hpp': '// One of several (b.hpp).\n'},
        {'tests/a.py': '# compared by tests/b.py\n'},
    ],
    'rooms': [
        *({'ARCHITECTURE.md': row, 'resolver/target/a.cpp': '', 'tests/fuzz/CMakeLists.txt': 'resolver/target/*.cpp'}
          for row in ('', '| `resolver/target` | a | | dns |\n', '| `resolver/target` | a | pure | |\n',
                      '| `resolver/target` | a | pure | dns wire |\n')),
        {'ARCHITECTURE.md': '| `resolver/targets` | a | pure | dns |\n'},
        {'ARCHITECTURE.md': '| `resolver/target` | a | pure | dns |\n', 'resolver/target/a.cpp': '', 'tests/fuzz/CMakeLists.txt': ''},
    ],
}

GOOD = {
    'layering': {
        'cli/options/options.cpp': '#include <CLI/CLI.hpp>\n#include "exporters/text/text.hpp"\n',
        'cli/main.cpp': '#include "cli/serve/serve.hpp"\n',
        'resolver/wire/packet.cpp': '#include <ldns/ldns.h>\n#include "resolver/handle.hpp"\n',
        'resolver/unbound/resolver.cpp': '#include <unbound.h>\n#include "resolver/dns/answer.hpp"\n',
        'tests/support/zone.cpp': '#include <ldns/ldns.h>\n',
        'probe/openssl/dialer.cpp': '#include <openssl/ssl.h>\n#include "resolver/async.hpp"\n#include "probe/observe/dialer.hpp"\n',
        'probe/judgement/judge.cpp': '#include "probe/judgement/inner.hpp"\n#include "probe/findings/all.hpp"\n',
        'probe/judgement/inner.hpp': '// Inner: a.\n',
        'tests/unit/probe/judgement/judge_test.cpp': '#include "probe/judgement/inner.hpp"\n',
        'cli/nagios/inner.hpp': '// Inner: a.\n',
        'tests/cli/nagios_test.cpp': '#include "cli/nagios/inner.hpp"\n',
    },
    'mirror': {
        'resolver/async.cpp': '', 'probe/run/a.cpp': '', 'tests/lab/a.cpp': '',
        'tests/unit/resolver/async_test.cpp': '', 'tests/unit/probe/run/a_test.cpp': '', 'tests/unit/tests/lab/lab_test.cpp': '#include "tests/lab/a.hpp"\n',
        'tests/unit/probe/run/many_test.cpp': '#include "tests/support/fixture.hpp"\n',
        'tests/support/fixture.hpp': '#include "probe/run/a.hpp"\n',
        'tests/cli/b_test.cpp': '#include "tests/cli/program.hpp"\n', 'tests/cli/c_test.cpp': '#include "cli/system/c.hpp"\n',
    },
    'purity': {
        'probe/judgement/judge.cpp': '#include "probe/judgement/judge.hpp"\n// not system_clock::now()\n',
        'probe/judgement/judge.hpp': '#include <chrono>\nusing D = std::chrono::steady_clock::time_point;\n',
        'resolver/wire/packet.cpp': '#include <ldns/ldns.h>\n',
        'probe/run/schedule.hpp': '// Pure: turns.\n#include <chrono>\n',
        'probe/life/history.cpp': '#include "probe/run/schedule.hpp"\n#include "probe/report/report.hpp"\n',
        'probe/report/report.hpp': '#include <chrono>\n',
        'probe/run/monitor.hpp': '// Runs.\n#include "probe/run/schedule.hpp"\n#include <boost/asio/awaitable.hpp>\n',
        'cli/commands/tlsa.cpp': '#include <boost/asio/awaitable.hpp>\n',
        'probe/run/probe.cpp': '#include <boost/asio/awaitable.hpp>\nauto t = std::chrono::steady_clock::now();\n',
    },
    'clocks': {
        'resolver/walk/a.cpp': 'auto late = walk.clock.steady() >= deadline;  // not steady_clock::now()\n',
        'cli/system/system_clock.hpp': 'auto t = std::chrono::system_clock::now();\n',
        'probe/openssl/dialer.cpp': 'auto t = Clock::now();\n',
        'store/sqlite/a.cpp': 'auto t = row.time(0);\n',
        'tests/lab/a.cpp': 'auto t = std::chrono::steady_clock::now();\n',
    },
    'co_await': {'probe/x.cpp': _FUNCTION % '''
  Plan plan{.host = h};  // co_await f(Plan{})
  auto a = co_await f(std::move(plan));
  if (co_await f(a)) { g(T{1}); }
  for (const auto& x : xs) {
    co_await f(x);
  }
  std::vector<Task> tasks{[&]() -> awaitable<void> { co_await f(a); }};
  co_await async_initiate<void()>([this](auto handler) mutable { T t{1}; go(t, std::move(handler)); }, token);
  switch (a) {
    case 1: {
      co_await f(a);
      break;
    }
    default: co_return;
  }
  try {
    co_await f("co_await {");
  } catch (const E& e) {
    g(T{2});
  }
  co_return R{.x = 1};'''},
    'budgets': {'probe/a.cpp': 'int x;\n' * 400, 'probe/a.hpp': '// a\n' * 120, 'cli/main.cpp': '// a\n' * 60},
    'headers': {'probe/a.hpp': '// What it is.\n#pragma once\n#include <boost/asio/awaitable.hpp>\n'},
    'one_type': {'probe/report/a.hpp': 'namespace danewatch {\nstruct Step;\nstruct Step {\n};\nstruct B {\n  struct Kind {};\n};\n}\n',
                 'probe/openssl/b.hpp': 'namespace danewatch::dane {\nstruct Step {\n};\n}\n',
                 'probe/openssl/c.hpp': 'namespace danewatch {\nstruct Step;\nstruct C {\n  struct Kind {};\n};\n}\n'},
    'no_sleep': {'tests/unit/a_test.cpp': '// sleep_for would be wrong\n', 'probe/x.cpp': 'sleep(1);\n'},
    'finished': {'probe/a.cpp': '// done\n'},
    'documents': {'README.md': 'see [this](docs/yes.md), [there](https://example.org/x) and [docs](docs)\n',
                  'docs/yes.md': '[up](../README.md#part)\n',
                  'CMakeLists.txt': 'project(danewatch VERSION 1.2.3 LANGUAGES CXX)\n', 'CHANGELOG.md': '## [1.2.3] - unreleased\n'},
    'faults': {'tests/lab/faults.md': '| silent | `tempfail/greeting` | scene mute, scene old (b.yaml), `A.B` |\n',
               'tests/lab/faults.yaml': '# all\n\nmute:\n  verdict: tempfail\n  reason: greeting\n',
               'tests/lab/b.yaml': 'old: {verdict: tempfail, reason: greeting}\n', 'tests/unit/a_test.cpp': 'TEST(A, B) {\n'},
    'references': {'probe/a.cpp': '// RFC 7671 9, rows.md E-13 and E-15, SECURITY.md; lab. IN DNSKEY 257 3 13 AQID; P-256\nint TIMEOUT = 3;\n',
                   'CMakeLists.txt': 'cmake_minimum_required(VERSION 3.25)\n# TLSA 3 1 1\n',
                   'SECURITY.md': 'SECURITY 1: a scene `there`, `Dialer.IsThere` and `Json::Value`\n',
                   'tests/conformance/rows.md': '| E-13 | injected | `tls-missing` | rulebook |\n| E-15 | x | `y` | rulebook |\n',
                   'tests/unit/a_test.cpp': 'TEST_F(Dialer, IsThere) {\n  EXPECT_EQ(a, "D-99");\n',
                   'tests/lab/scenes.yaml': 'there:\n  verdict: tempfail\n',
                   'CONTRIBUTING.md': '`probe/a.cpp`, `probe/*.cpp`, probe/NAME.cpp, `NAME_test.cpp`, a_test.cpp, build/x, ldns/ldns.h\n'},
    'rooms': {'ARCHITECTURE.md': '| folder | for |\n| `resolver/target` | a, b | pure | dns |\n| `cli` | c | | '
                                 'commands nagios options serve system |\n',
              'resolver/target/a.cpp': '', 'cli/main.cpp': '', 'tests/fuzz/CMakeLists.txt': 'resolver/target/*.cpp'},
}
