// Which packages our libraries come from, read from a system in a folder.
#include "cli/system/debian.hpp"

#include <gmock/gmock.h>

#include "probe/openssl/dialer.hpp"
#include "resolver/unbound/resolver.hpp"
#include "tests/support/scratch.hpp"

namespace danewatch {
namespace {

std::string package(const std::string& name, const std::string& version) {
  return "Package: " + name + "\nStatus: install ok installed\nVersion: " + version +
         "\nDescription: x\n Version: 9\n\n";
}

struct System {
  explicit System(const std::string& release, const std::string& status) {
    std::filesystem::create_directories(root / "etc");
    std::filesystem::create_directories(root / "var/lib/dpkg");
    std::ofstream(root / "etc/os-release") << release;
    std::ofstream(root / "var/lib/dpkg/status") << status;
  }

  Scratch scratch;
  std::filesystem::path root = scratch.path("root");
};

TEST(LibrariesInUse, ComeFromPackagesOfTheVersionInUse) {
  const System system("PRETTY_NAME=\"Debian\"\nVERSION_ID=\"12\"\nID=debian\n",
                      package("libssl-dev", "9") + package("libssl3", openssl_version() + "-1~deb12u9") +
                          package("libunbound8", unbound_version() + "0-1"));
  const auto libraries = libraries_in_use(system.root);
  ASSERT_EQ(libraries.size(), 2U);
  EXPECT_EQ(libraries[0], (LibraryInUse{"libunbound", unbound_version(), std::nullopt, 0})) << "built by hand";
  EXPECT_EQ(libraries[1], (LibraryInUse{"OpenSSL", openssl_version(), openssl_version() + "-1~deb12u9", 12}));
}

TEST(LibrariesInUse, ElsewhereTheLibrariesAloneSayWhatTheyAre) {
  const System other("ID=fedora\nVERSION_ID=43\n", "");
  const Scratch empty;
  for (const auto& root : {other.root, std::filesystem::path(empty.path("nothing"))}) {
    for (const LibraryInUse& library : libraries_in_use(root)) {
      EXPECT_EQ(library.package, std::nullopt);
      EXPECT_EQ(library.release, 0);
      EXPECT_FALSE(library.version.empty());
    }
  }
}

}  // namespace
}  // namespace danewatch
