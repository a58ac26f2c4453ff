// predict: zone files and certificates in, the report that check would give out. No network is asked.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "tests/cli/program.hpp"
#include "tests/support/pki.hpp"
#include "tests/support/zone_signer.hpp"

namespace danewatch {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

const std::string at = "2026-01-31";
const std::string head =
    "$ORIGIN example.org.\n@ 3600 IN SOA ns1 hostmaster 1 7200 3600 1209600 300\n@ NS ns1\nns1 A 192.0.2.53\n";

pki::Identity identity(const std::string& name) {
  pki::CertificateSpec spec;
  spec.common_name = name;
  spec.dns_names = {name};
  return pki::issue(spec);
}

// One mail server, and the files that say so.
struct Files {
  pki::Identity mx = identity("mx.example.org");
  Scratch scratch;
  std::string certificates = scratch.folder("certs");
  std::string file = scratch.file("certs/mx.pem", pki::certificate_pem(mx.der));

  std::string record(const pki::Identity& of) const { return to_text(pki::tlsa_for(of, 3, 1, 1)); }
  std::string zone_text() const { return head + "@ MX 10 mx\nmx A 192.0.2.1\n_25._tcp.mx TLSA " + record(mx) + "\n"; }
  std::string zone(const std::string& text) const { return scratch.file("example.org.zone", text); }

  Finished predict(std::vector<std::string> more, const std::string& zone_file) const {
    more.insert(more.begin(), {"predict", "--at", at, "--zone", zone_file, "--chains", certificates});
    more.emplace_back("example.org");
    return danewatch(std::move(more));
  }
};

TEST(Predict, ASoundZoneIsOkAndSaysWhatItTakesForGranted) {
  const Files files;
  const auto text = files.predict({}, files.zone(files.zone_text()));
  EXPECT_THAT(text.out, HasSubstr("example.org: authenticated"));
  EXPECT_THAT(text.out, HasSubstr("Nothing was looked at: this is what the files say will be seen."));
  EXPECT_THAT(text.out, HasSubstr("The file of the zone example.org holds no signatures."));
  EXPECT_EQ(text.err, "");
  EXPECT_EQ(text.status, 0);
  const auto json = files.predict({"--json"}, files.zone(files.zone_text()));
  EXPECT_THAT(json.out, HasSubstr(R"("origin":"predicted")"));
  EXPECT_THAT(json.out, HasSubstr(R"("state":"current")"));
}

TEST(Predict, AKeyThatNoRecordFitsIsAMismatch) {
  const Files files;
  const std::string wrong =
      head + "@ MX 10 mx\nmx A 192.0.2.1\n_25._tcp.mx TLSA " + to_text(pki::unrelated_tlsa(3, 1, 1)) + "\n";
  const auto result = files.predict({}, files.zone(wrong));
  EXPECT_THAT(result.out, HasSubstr("mismatch/no-match"));
  EXPECT_THAT(result.out, HasSubstr(files.record(files.mx)));
  EXPECT_EQ(result.status, 2);
}

TEST(Predict, ALeftOverRecordIsAWarning) {
  const Files files;
  const std::string stale = files.zone_text() + "_25._tcp.mx TLSA " + to_text(pki::unrelated_tlsa(3, 1, 1)) + "\n";
  const auto result = files.predict({"--json"}, files.zone(stale));
  EXPECT_THAT(result.out, HasSubstr("tlsa-extra-record"));
  EXPECT_EQ(result.status, 1);
}

TEST(Predict, TwoCertificatesOfOneNameAreAQuestionToTheOperator) {
  const Files files;
  const auto other = identity("mx.example.org");
  const auto path = files.scratch.file("certs/old.pem", pki::certificate_pem(other.der));
  const auto zone = files.zone(files.zone_text());
  const auto result = files.predict({}, zone);
  EXPECT_EQ(result.err, "danewatch: mx.example.org is named by the certificates in " + files.file + ", " + path +
                            ": --map mx.example.org:25=FILE says which it shows\n");
  EXPECT_EQ(result.status, 64);
  EXPECT_EQ(files.predict({"--map", "mx.example.org:25=" + files.file}, zone).status, 0);
  EXPECT_EQ(files.predict({"--map", "mx.example.org=" + path}, zone).status, 2);
}

TEST(Predict, AHostOfAnotherZoneNeedsThatZone) {
  const Files files;
  const auto provider = identity("mx.example.net");
  files.scratch.file("certs/net.pem", pki::certificate_pem(provider.der));
  const auto zone = files.zone(head + "@ MX 10 mx.example.net.\n");
  const auto alone = files.predict({}, zone);
  EXPECT_EQ(alone.err,
            "danewatch: mx.example.net is in no zone that was given: what hangs on it is unknown (--zone)\n");
  EXPECT_THAT(alone.out, HasSubstr("The zone that holds mx.example.net was not given."));
  EXPECT_EQ(alone.status, 3);
  const auto other = files.scratch.file(
      "net", "@ SOA ns1 h 1 2 3 4 5\n@ NS ns1\nmx CNAME host\nhost A 192.0.2.9\n_25._tcp.host TLSA " +
                 files.record(provider) + "\n");
  const auto both = files.predict(
      {"--zone", "example.net=" + other, "--map", "mx.example.net=" + files.scratch.path("certs/net.pem")}, zone);
  EXPECT_EQ(both.status, 0) << both.out << both.err;
}

TEST(Predict, SignaturesOfAFileAreCheckedAndMustLast) {
  const Files files;
  zones::ZoneSpec spec;
  spec.origin = "example.org";
  spec.text = files.zone_text();
  spec.expiration = SysTime(std::chrono::seconds(1769860800 + 10 * 86400));
  const std::string text = zones::sign_zone(spec).text;
  const auto soon = files.predict({}, files.zone(text));
  EXPECT_THAT(soon.out, HasSubstr("dnssec-signature-expiring"));
  EXPECT_THAT(soon.out, Not(HasSubstr("holds no signatures")));
  EXPECT_EQ(soon.status, 1);
  EXPECT_EQ(files.predict({"--horizon", "7d"}, files.zone(text)).status, 0);
  const auto changed = files.predict({}, files.zone(text + "mx.example.org. 3600 IN A 192.0.2.2\n"));
  EXPECT_THAT(changed.out, HasSubstr("dns-bogus"));
  EXPECT_EQ(changed.status, 2);
}

TEST(Predict, IncludesAreFollowedWhereTheOperatorSaysSoAndNowhereElse) {
  const Files files;
  files.scratch.folder("inc");
  files.scratch.file("inc/mx", "mx A 192.0.2.1\n_25._tcp.mx TLSA " + files.record(files.mx) + "\n");
  files.scratch.file("secret", "x A 192.0.2.1\n");
  const auto zone = files.zone(head + "@ MX 10 mx\n$INCLUDE mx\n");
  const auto refused = files.predict({}, zone);
  EXPECT_EQ(refused.err,
            "danewatch: --zone " + zone +
                ": line 6: $INCLUDE is not followed: --include-dir DIR says where included files may lie\n");
  EXPECT_EQ(refused.status, 64);
  EXPECT_EQ(files.predict({"--include-dir", files.scratch.path("inc")}, zone).status, 0);
  for (const char* name : {"../secret", "/etc/passwd"}) {
    const auto outside =
        files.predict({"--include-dir", files.scratch.path("inc")}, files.zone(head + "$INCLUDE " + name + "\n"));
    EXPECT_THAT(outside.err, HasSubstr("it is not in the --include-dir"));
    EXPECT_EQ(outside.status, 64);
  }
}

TEST(Predict, ResultsAreWrittenAsJunit) {
  const Files files;
  const auto junit = files.scratch.path("dane.xml");
  EXPECT_EQ(files.predict({"--junit", junit}, files.zone(files.zone_text())).status, 0);
  std::ifstream file(junit);
  const std::string xml{std::istreambuf_iterator<char>(file), {}};
  EXPECT_THAT(xml, HasSubstr("tests=\"1\" failures=\"0\" errors=\"0\""));
  EXPECT_THAT(xml, HasSubstr("name=\"example.org\""));
}

TEST(Predict, KeysAndNotesBesideTheCertificatesArePassedOver) {
  const Files files;
  files.scratch.file("certs/mx.key", pki::key_pem(*files.mx.key));
  files.scratch.file("certs/README", "hello\n");
  EXPECT_EQ(files.predict({}, files.zone(files.zone_text())).status, 0);
}

}  // namespace
}  // namespace danewatch
