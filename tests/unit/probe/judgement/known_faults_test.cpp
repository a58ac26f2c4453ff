// What is known against the libraries in use.
#include "probe/judgement/known_faults.hpp"

#include <gmock/gmock.h>

namespace danewatch {
namespace {

using testing::HasSubstr;
using testing::Not;

LibraryInUse library(std::string name, std::string version, std::optional<std::string> package = {}, int release = 0) {
  return {std::move(name), std::move(version), std::move(package), release};
}

// deb-version(7), and the cases that dpkg --compare-versions is known for.
TEST(DebianVersions, AreOrderedAsDpkgOrdersThem) {
  const std::vector<std::string> ordered{
      "1.0~rc1", "1.0~rc1-1", "1.0",   "1.0-1", "1.0-1+b1",         "1.0-1.1",
      "1.0a",    "1.0+dfsg",  "1.0.1", "1.2",   "1.17.1-2+deb12u2", "1.17.1-2+deb12u10",
      "1.100",   "1:0.1"};
  for (std::size_t i = 0; i < ordered.size(); ++i) {
    for (std::size_t j = 0; j < ordered.size(); ++j) {
      const int found = compare_debian_versions(ordered[i], ordered[j]);
      EXPECT_EQ(found < 0, i < j) << ordered[i] << " and " << ordered[j];
      EXPECT_EQ(found > 0, i > j) << ordered[i] << " and " << ordered[j];
    }
  }
  EXPECT_EQ(compare_debian_versions("0:1.00-0", "1.0"), 0);
  EXPECT_LT(compare_debian_versions("3.0.19-1~deb12u1", "3.0.19-1~deb12u2"), 0);
  EXPECT_LT(compare_debian_versions("3.0.19-1~deb12u2", "3.0.19-1"), 0);
  EXPECT_EQ(compare_debian_versions("", ""), 0);
}

TEST(KnownFaults, AnUpdateOfThisReleaseIsNamed) {
  const auto old = known_faults(library("OpenSSL", "3.0.18", "3.0.18-1~deb12u2", 12));
  ASSERT_TRUE(old);
  EXPECT_EQ(old->severity, Severity::warning);
  EXPECT_EQ(old->text,
            "OpenSSL 3.0.18-1~deb12u2 has a known fault that hostile zones or servers can use: CVE-2026-28387.");
  EXPECT_EQ(old->fix, "Update it: 3.0.19-1~deb12u2 of Debian 12 has the fixes.");
  EXPECT_FALSE(known_faults(library("OpenSSL", "3.0.19", "3.0.19-1~deb12u2", 12))) << "mended by Debian alone";
  EXPECT_FALSE(known_faults(library("OpenSSL", "3.5.5", "3.5.5-1~deb13u2", 13)));
  EXPECT_TRUE(known_faults(library("OpenSSL", "3.5.5", "3.5.5-1~deb13u1", 13)));
}

TEST(KnownFaults, WhereTheReleaseHasNoUpdateItIsNoFaultOfTheOperator) {
  const auto found = known_faults(library("libunbound", "1.17.1", "1.17.1-2+deb12u4", 12));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->severity, Severity::info);
  EXPECT_THAT(found->text, HasSubstr("CVE-2026-81642"));
  EXPECT_THAT(found->text, Not(HasSubstr("CVE-2023-50387"))) << "mended in deb12u2";
  EXPECT_THAT(found->fix, HasSubstr("Debian 13 (1.26.2-0+deb13u1 or later)"));
  EXPECT_FALSE(known_faults(library("libunbound", "1.26.2", "1.26.2-0+deb13u1", 13)));
  const auto behind = known_faults(library("libunbound", "1.22.0", "1.22.0-2+deb13u2", 13));
  ASSERT_TRUE(behind);
  EXPECT_EQ(behind->fix, "Update it: 1.26.2-0+deb13u1 of Debian 13 has the fixes.");
}

TEST(KnownFaults, WithoutAPackageTheVersionItselfCounts) {
  const auto found = known_faults(library("libunbound", "1.25.1"));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->severity, Severity::warning);
  EXPECT_EQ(found->fix, "Update it to 1.26.2, or to a package that has the fixes.");
  EXPECT_FALSE(known_faults(library("libunbound", "1.26.2")));
  EXPECT_TRUE(known_faults(library("OpenSSL", "3.5.5")));
  EXPECT_FALSE(known_faults(library("OpenSSL", "3.5.6")));
  EXPECT_TRUE(known_faults(library("OpenSSL", "3.0.19")));
  EXPECT_FALSE(known_faults(library("OpenSSL", "3.3.1"))) << "of that branch nothing is known here";
}

}  // namespace
}  // namespace danewatch
