// How an in-process server speaks TLS: its chains, versions and answers.
//
// Thread rule: values; a ServerTls may be shared by connections on many threads.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "tests/support/pki.hpp"

namespace danewatch {

enum class TlsVersion { tls1_0, tls1_1, tls1_2, tls1_3 };
enum class ClientCertificate { not_asked, optional, required };
enum class NameAnswer { accept, warning, fatal };  // to the client's SNI: unrecognized_name (RFC 6066 3)

struct ShownChain {
  pki::Identity leaf;
  std::vector<std::vector<std::uint8_t>> rest;  // DER, sent after the leaf
};

struct TlsSetup {
  std::vector<ShownChain> chains;  // at most one per key family
  TlsVersion lowest = TlsVersion::tls1_0;
  TlsVersion highest = TlsVersion::tls1_3;
  ClientCertificate client_certificate = ClientCertificate::not_asked;
  NameAnswer name_answer = NameAnswer::accept;
  bool tickets = true;
  std::string cipher_list = "ALL:@SECLEVEL=0";
};

// The TLS of a server; shared by its connections.
class ServerTls {
 public:
  explicit ServerTls(const TlsSetup& setup);
  struct Context;
  const Context& context() const { return *context_; }

 private:
  std::shared_ptr<Context> context_;
};

}  // namespace danewatch
