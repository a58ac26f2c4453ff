#include "probe/predict/chains.hpp"

#include <gtest/gtest.h>

#include "tests/support/report_builder.hpp"

namespace danewatch {
namespace {

ChainInFile file(std::string name, char letter, std::string host, std::size_t length = 1) {
  ChainInFile file{std::move(name), {}};
  Certificate leaf = test::certificate(letter, host);
  leaf.der = {static_cast<std::uint8_t>(letter)};
  leaf.names = {std::move(host)};
  file.chain.assign(length, leaf);
  return file;
}

std::string chosen(const ChainBook& book, const std::vector<std::string>& names, std::uint16_t port = 25) {
  const auto files = book.of(names, port);
  if (!files) return files.error();
  std::string all;
  for (const auto& each : *files) all += each.file + " ";
  return all;
}

TEST(ChainBook, AHostShowsTheCertificateThatHasItsName) {
  ChainBook book;
  book.add(file("a.pem", 'a', "mx.example.org"));
  book.add(file("w.pem", 'b', "*.example.net"));
  EXPECT_EQ(chosen(book, {"mx.example.org"}), "a.pem ");
  EXPECT_EQ(chosen(book, {"MX.example.NET"}), "w.pem ");
  EXPECT_EQ(chosen(book, {"alias.example.com", "mx.example.org"}), "a.pem ");
  EXPECT_EQ(chosen(book, {"a.b.example.net"}),
            "no certificate has the name a.b.example.net: --map a.b.example.net:25=FILE");
}

TEST(ChainBook, TheLongerChainOfOneCertificateIsWhatIsSent) {
  ChainBook book;
  book.add(file("cert.pem", 'a', "mx.example.org"));
  book.add(file("fullchain.pem", 'a', "mx.example.org", 2));
  EXPECT_EQ(chosen(book, {"mx.example.org"}), "fullchain.pem ");
}

TEST(ChainBook, BetweenTwoCertificatesItNeverChooses) {
  ChainBook book;
  book.add(file("new.pem", 'a', "mx.example.org"));
  book.add(file("old.pem", 'b', "mx.example.org"));
  EXPECT_EQ(chosen(book, {"mx.example.org"}),
            "mx.example.org is named by the certificates in new.pem, old.pem: --map mx.example.org:25=FILE says which "
            "it shows");
}

TEST(ChainBook, TheOperatorSaysWhatIsShown) {
  ChainBook book;
  book.add(file("a.pem", 'a', "mx.example.org"));
  book.map({"mx.example.org", 465}, file("other.pem", 'b', "x.example"));
  book.map({"two.example.org", 0}, file("rsa.pem", 'c', "x.example"));
  book.map({"two.example.org", 0}, file("ecdsa.pem", 'd', "x.example"));
  EXPECT_EQ(chosen(book, {"mx.example.org"}, 25), "a.pem ");
  EXPECT_EQ(chosen(book, {"mx.example.org"}, 465), "other.pem ");
  EXPECT_EQ(chosen(book, {"two.example.org"}), "rsa.pem ecdsa.pem ");
}

}  // namespace
}  // namespace danewatch
