"""Small trees that each rule must object to, and that it must accept."""

_FUNCTION = 'awaitable<void> f() {\n  %s\n}\n'


def _await(statement):
    return {'probe/x.cpp': _FUNCTION % statement}


BAD = {
    'layering': [
        {'resolver/a.cpp': '#include "probe/probe.hpp"\n'},
        {'probe/a.hpp': '#  include "cli/options.hpp"\n'},
        {'cli/a.cpp': '#include "tests/support/pki.hpp"\n'},
        {'probe/dialer.cpp': '#include <openssl/ssl.h>\n'},
        {'resolver/locate.cpp': '#include <unbound.h>\n'},
        {'resolver/wire.hpp': '#include <ldns/ldns.h>\n'},
        {'cli/serve.cpp': '#include <CLI/CLI.hpp>\n'},
    ],
    'purity': [
        {'probe/judge.cpp': '#include <boost/asio/awaitable.hpp>\n'},
        {'probe/judge.cpp': '#include "probe/a.hpp"\n', 'probe/a.hpp': '#include "probe/b.hpp"\n',
         'probe/b.hpp': '#include <openssl/x509.h>\n'},
        {'exporters/text_host.cpp': 'auto t = std::chrono::system_clock::now();\n'},
        {'resolver/tlsa.cpp': 'long t = std::time(nullptr);\n'},
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
    ],
}

GOOD = {
    'layering': {
        'cli/options.cpp': '#include <CLI/CLI.hpp>\n#include "exporters/text.hpp"\n',
        'resolver/wire.cpp': '#include <ldns/ldns.h>\n',
        'resolver/unbound_resolver.cpp': '#include <unbound.h>\n#include "resolver/answer.hpp"\n',
        'tests/support/zone.cpp': '#include <ldns/ldns.h>\n',
        'probe/openssl_dialer.cpp': '#include <openssl/ssl.h>\n#include "resolver/async.hpp"\n',
    },
    'purity': {
        'probe/judge.cpp': '#include "probe/judge.hpp"\n// not system_clock::now()\n',
        'probe/judge.hpp': '#include <chrono>\nusing D = std::chrono::steady_clock::time_point;\n',
        'cli/tlsa.cpp': '#include <boost/asio/awaitable.hpp>\n',
        'probe/probe.cpp': '#include <boost/asio/awaitable.hpp>\nauto t = std::chrono::steady_clock::now();\n',
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
                   'tests/lab/scenes.yaml': 'there:\n  verdict: tempfail\n'},
}
