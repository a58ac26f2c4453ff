// Name servers that were asked by themselves, as metrics.
#include <gtest/gtest.h>

#include "exporters/metrics/to_metrics.hpp"
#include "tests/support/finding_cases_servers.hpp"

namespace danewatch {
namespace {

using namespace test;

const std::string right = "3 1 1 " + digest('a');

Report report_with(std::vector<ServerAnswers> servers) {
  ReportBuilder builder("example.org");
  Answer tlsa = answer(owner, RrType::tlsa, Status::secure, {right});
  tlsa.data = {{record(right, owner), right, false}};
  tlsa.denial = Denial::none;
  builder.add(HostBuilder("mx1.example.org").tlsa(right).add(std::move(tlsa)).add(shows("11.0.0.1", {Cell::match})));
  builder.report.servers = asked(std::move(servers));
  return builder.judged();
}

// By the label `server`; nothing where there is no such sample.
std::map<std::string, double> values(const Report& report, std::string_view name, Detail detail = Detail::summary) {
  MetricOptions options;
  options.detail = detail;
  std::map<std::string, double> found;
  for (const Family& family : to_metrics(report, options)) {
    if (family.row.name != name) continue;
    for (const Sample& sample : family.samples) {
      for (const Label& label : sample.labels) {
        if (label.name == "server") found[label.value] = sample.value;
      }
    }
  }
  return found;
}

TEST(ServerMetrics, TellUpSerialAgreementAndSignatures) {
  ServerAnswers silent = server(3, 7, {});
  for (ServerReply& reply : silent.replies) reply.contact = Contact::silent;
  ServerAnswers unasked = server(4, 7, {});
  unasked.replies.clear();
  unasked.unasked = Unasked::no_route;
  const Report report = report_with({server(1, 7, {right}), server(2, 6, {}), silent, unasked});
  using Values = std::map<std::string, double>;
  EXPECT_EQ(values(report, "dane_server_up"),
            (Values{{"ns1.example.org", 1}, {"ns2.example.org", 1}, {"ns3.example.org", 0}}));
  EXPECT_EQ(values(report, "dane_server_serial"), (Values{{"ns1.example.org", 7}, {"ns2.example.org", 6}}));
  EXPECT_EQ(values(report, "dane_server_agrees"), (Values{{"ns1.example.org", 1}, {"ns2.example.org", 0}}));
  const auto ends = static_cast<double>((noon() + std::chrono::hours(1)).time_since_epoch().count());
  EXPECT_EQ(values(report, "dane_server_rrsig_expiration_timestamp_seconds")["ns1.example.org"], ends);
}

TEST(ServerMetrics, AreBounded) {
  std::vector<ServerAnswers> many;
  for (int i = 1; i <= 52; ++i) many.push_back(server(i, 7, {right}));
  const Report report = report_with(std::move(many));
  for (const Detail detail : {Detail::summary, Detail::full}) {
    EXPECT_EQ(values(report, "dane_server_up", detail).size(), 16U);
    EXPECT_EQ(values(report, "dane_server_serial", detail).size(), 16U);
  }
}

TEST(ServerMetrics, WithoutAskingThereAreNone) {
  const Report report = ReportBuilder("example.org").add(good()).judged();
  EXPECT_TRUE(values(report, "dane_server_up").empty());
}

}  // namespace
}  // namespace danewatch
