// verify and tlsa: certificates and records from files, verdicts and zone lines out. No network is asked.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "cli/options/next.hpp"
#include "tests/cli/program.hpp"
#include "tests/support/pki.hpp"

namespace danewatch {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

// A leaf of a private CA, in files.
struct Chain {
  pki::Identity root;
  pki::Identity leaf;
  Scratch scratch;
  std::string path;

  Chain() {
    pki::CertificateSpec ca;
    ca.common_name = "Test Root";
    ca.ca = true;
    root = pki::issue(ca);
    pki::CertificateSpec spec;
    spec.common_name = "mx.example.org";
    spec.dns_names = {"mx.example.org"};
    leaf = pki::issue(spec, &root);
    path = scratch.file("chain.pem", pki::certificate_pem(leaf.der) + pki::certificate_pem(root.der));
  }
};

TEST(Tlsa, MakesTheRecordsToPublish) {
  const Chain chain;
  const std::string record = to_text(pki::tlsa_for(chain.leaf, 3, 1, 1));
  const auto zone = danewatch({"tlsa", "--cert", chain.path, "--name", "mx.example.org", "--port", "25,443"});
  EXPECT_EQ(zone.out,
            "_25._tcp.mx.example.org. IN TLSA " + record + "\n_443._tcp.mx.example.org. IN TLSA " + record + "\n");
  EXPECT_EQ(zone.status, 0);
  const auto key = chain.scratch.file("key.pem", pki::key_pem(*chain.leaf.key));
  const auto update =
      danewatch({"tlsa", "--key", key, "--name", "mx.example.org", "--port", "25", "--format", "nsupdate"});
  EXPECT_EQ(update.out, "update add _25._tcp.mx.example.org. 3600 IN TLSA " + record + "\nsend\n");
  const auto json =
      danewatch({"tlsa", "--cert", chain.path, "--name", "mx.example.org", "--port", "25", "--format", "json"});
  EXPECT_THAT(json.out,
              StartsWith(R"([{"owner":"_25._tcp.mx.example.org","usage":3,"selector":1,"matching_type":1,"data":")"));
}

TEST(Tlsa, AFileUpsideDownGivesTheLeafsRecordAndASentence) {
  const Chain chain;
  const auto path =
      chain.scratch.file("reversed.pem", pki::certificate_pem(chain.root.der) + pki::certificate_pem(chain.leaf.der));
  const auto result = danewatch({"tlsa", "--cert", path, "--name", "mx.example.org", "--port", "25"});
  EXPECT_EQ(result.out, "_25._tcp.mx.example.org. IN TLSA " + to_text(pki::tlsa_for(chain.leaf, 3, 1, 1)) + "\n");
  EXPECT_THAT(result.err, HasSubstr("certificate 1 (Test Root) signed certificate 2 (mx.example.org)"));
  const auto anchor = danewatch({"tlsa", "--cert", path, "--name", "mx.example.org", "--port", "25", "--usage", "2"});
  EXPECT_EQ(anchor.out, "_25._tcp.mx.example.org. IN TLSA " + to_text(pki::tlsa_for(chain.root, 2, 1, 1)) + "\n");
  EXPECT_EQ(anchor.err, "");
}

// What was right with the file the right way round stays right.
TEST(Verify, AFileUpsideDownIsTurnedAndSaidSo) {
  const Chain chain;
  const auto path =
      chain.scratch.file("reversed.pem", pki::certificate_pem(chain.root.der) + pki::certificate_pem(chain.leaf.der));
  const auto result = danewatch(
      {"verify", "--chain", path, "--tlsa", to_text(pki::tlsa_for(chain.root, 2, 1, 1)), "--name", "mx.example.org"});
  EXPECT_EQ(result.status, 0) << result.out;
  EXPECT_THAT(result.err, HasSubstr("so the file is in the wrong order"));
}

TEST(Tlsa, TheOwnerOfARecordIsNoHost) {
  const Chain chain;
  for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{
           {"tlsa", "--cert", chain.path, "--port", "25"}, {"verify", "--chain", chain.path, "--tlsa", "3 1 1 aa"}}) {
    auto all = words;
    all.insert(all.end(), {"--name", "_25._tcp.mx.example.org."});
    const auto result = danewatch(all);
    EXPECT_EQ(result.err,
              "danewatch: --name _25._tcp.mx.example.org.: is the owner of the record; give the host it is for: --name "
              "mx.example.org\n");
    EXPECT_EQ(result.status, 64);
  }
}

TEST(Tlsa, APartOfTheOwnerIsNoHostEither) {
  const Chain chain;
  const auto result = danewatch({"tlsa", "--cert", chain.path, "--port", "25", "--name", "_tcp.mx.example.org"});
  EXPECT_EQ(result.err,
            "danewatch: --name _tcp.mx.example.org: is a part of the owner of the record; give the host it is for: "
            "--name mx.example.org\n");
  EXPECT_EQ(result.status, 64);
}

TEST(Verify, ARecordIsTakenAsPeoplePasteIt) {
  const Chain chain;
  const std::string hex = to_text(pki::tlsa_for(chain.leaf, 3, 1, 1)).substr(6);
  for (const std::string& text :
       {"_25._tcp.mx 60 IN TLSA ( 3 1 1 ; key\n " + hex.substr(0, 30) + "\n " + hex.substr(30) + " )",
        "DANE-EE SPKI SHA2-256 " + hex, "mx has TLSA record 3 1 1 " + hex + " (secure)",
        "x IN TYPE52 \\# 35 030101" + hex, "\"3 1 1 " + hex + "\""}) {
    const auto result = danewatch({"verify", "--chain", chain.path, "--tlsa", text, "--name", "mx.example.org"});
    EXPECT_EQ(result.status, 0) << text << result.err;
  }
}

// A record of usage 2 with the server's own certificate would stop all mail (rows.md B-39).
TEST(Tlsa, AnEndEntityIsNoTrustAnchor) {
  const Chain chain;
  const auto leaf =
      danewatch({"tlsa", "--cert", chain.path, "--name", "mx.example.org", "--port", "25", "--usage", "2"});
  EXPECT_THAT(leaf.err,
              StartsWith("danewatch: --cert " + chain.path + ": its first certificate is not a CA, and usage 2"));
  EXPECT_EQ(leaf.out, "");
  EXPECT_EQ(leaf.status, 64);
  const auto ca = chain.scratch.file("ca.pem", pki::certificate_pem(chain.root.der));
  const auto anchor = danewatch({"tlsa", "--cert", ca, "--name", "mx.example.org", "--port", "25", "--usage", "2"});
  EXPECT_EQ(anchor.out, "_25._tcp.mx.example.org. IN TLSA " + to_text(pki::tlsa_for(chain.root, 2, 1, 1)) + "\n");
  EXPECT_EQ(anchor.status, 0);
}

TEST(Tlsa, UsagesThatMailServersIgnoreAreSaid) {
  const Chain chain;
  const auto result =
      danewatch({"tlsa", "--cert", chain.path, "--name", "mx.example.org", "--port", "25", "--usage", "1"});
  EXPECT_THAT(result.err, HasSubstr("mail servers ignore usages 0 and 1"));
  EXPECT_THAT(result.out, HasSubstr("IN TLSA 1 1 1 "));
  EXPECT_EQ(result.status, 0);
}

TEST(BadPem, AnEmptyCaFileIsNamedToo) {
  const Scratch scratch;
  const Chain chain;
  const auto path = scratch.file("ca.pem", "");
  const auto result = danewatch({"verify", "--chain", chain.path, "--tlsa", "1 1 1 " + std::string(64, '0'), "--name",
                                 "mx.example", "--service", "https", "--ca-file", path});
  EXPECT_EQ(result.err, "danewatch: --ca-file " + path + ": no certificate can be read from it\n");
  EXPECT_EQ(result.out, "");
  EXPECT_EQ(result.status, 64);
}

TEST(Verify, ARightRecordIsFine) {
  const Chain chain;
  const auto result = danewatch({"verify", "--chain", chain.path, "--tlsa", to_text(pki::tlsa_for(chain.leaf, 3, 1, 1)),
                                 "--name", "mx.example.org", "--json"});
  EXPECT_THAT(result.out,
              StartsWith(R"({"schema":"danewatch.verify/1","origin":"predicted","verdict":"authenticated")"));
  EXPECT_EQ(result.err, "");
  EXPECT_EQ(result.status, 0);
}

TEST(Verify, AShadowedRecordIsCritical) {
  const Chain chain;
  const auto result =
      danewatch({"verify", "--chain", chain.path, "--tlsa", to_text(pki::tlsa_for(chain.leaf, 3, 1, 1)), "--tlsa",
                 to_text(pki::unrelated_tlsa(3, 1, 2)), "--name", "mx.example.org", "--json"});
  EXPECT_THAT(result.out, HasSubstr(R"("verdict":"mismatch","reason":"shadowed","severity":"critical")"));
  EXPECT_EQ(result.status, 2);
}

TEST(Verify, TheAnchorsNameRuleHolds) {
  const Chain chain;
  const auto record = to_text(pki::tlsa_for(chain.root, 2, 1, 1));
  const auto right = danewatch({"verify", "--chain", chain.path, "--tlsa", record, "--name", "mx.example.org"});
  EXPECT_EQ(right.status, 0) << right.out << right.err;
  const auto wrong =
      danewatch({"verify", "--chain", chain.path, "--tlsa", record, "--name", "other.example", "--json"});
  EXPECT_THAT(wrong.out, HasSubstr(R"("verdict":"mismatch","reason":"name")"));
  EXPECT_EQ(wrong.status, 2);
}

std::vector<std::string> declared(const std::vector<pki::Identity>& identities, std::string& remark) {
  std::string file;
  for (const auto& each : identities) file += pki::certificate_pem(each.der);
  const auto next = next_from_file("new.pem", file);
  std::vector<std::string> records;
  if (!next) return {next.error().message};
  for (const auto& each : next->key.records) records.push_back(to_text(each));
  remark = next->remark;
  return records;
}

TEST(Next, TheFirstRecordOfAFileIsTheOneToPublish) {
  const Chain chain;
  std::string remark;
  const auto leaf = to_text(pki::tlsa_for(chain.leaf, 3, 1, 1)), anchor = to_text(pki::tlsa_for(chain.root, 2, 1, 1));
  const auto whole = declared({chain.leaf, chain.root}, remark);
  EXPECT_EQ(whole.front(), leaf);
  EXPECT_EQ(std::ranges::count(whole, anchor), 1);
  EXPECT_EQ(remark, "");
  EXPECT_EQ(declared({chain.root, chain.leaf}, remark).front(), leaf);
  EXPECT_THAT(remark, HasSubstr("the file is in the wrong order"));
}

// The CAs that may issue the next certificate, in one file.
TEST(Next, AFileOfCasDeclaresEachOfThem) {
  const Chain chain;
  pki::CertificateSpec spec;
  spec.ca = true;
  spec.common_name = "One";
  const auto one = pki::issue(spec, &chain.root);
  spec.common_name = "Two";
  const auto two = pki::issue(spec, &chain.root);
  std::string remark;
  const auto records = declared({chain.root, one, two}, remark);
  EXPECT_EQ(remark, "");
  for (const auto* each : {&chain.root, &one, &two}) {
    EXPECT_EQ(std::ranges::count(records, to_text(pki::tlsa_for(*each, 2, 1, 1))), 1);
  }
  EXPECT_EQ(records.front(), to_text(pki::tlsa_for(chain.root, 2, 1, 1)));
}

}  // namespace
}  // namespace danewatch
