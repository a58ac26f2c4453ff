// The cast of one scene: its keys, certificates and addresses, and the placeholders that speak of them.
//
// Thread rule: immutable once built.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "tests/lab/world.hpp"
#include "tests/support/pki.hpp"

namespace danewatch::lab {

class Cast {
 public:
  // `group` is the scene's number: it decides the addresses.
  Cast(const Scene& scene, std::size_t group);

  // Fills in `{tlsa CERTIFICATE U S M}`, `{data CERTIFICATE U S M}`, `{other U S M [SALT]}` and `{address HOST [N]}`.
  // Throws SceneError.
  std::string expand(const std::string& text) const;

  // The same for a zone line, ended by a newline; with the range FROM..TO as SALT it becomes a line for each number.
  std::string expand_lines(const std::string& record) const;

  std::string certificates_pem(const std::vector<std::string>& names) const;
  std::vector<Endpoint> endpoints() const;
  std::vector<std::string> address_records(const std::string& host) const;  // absolute zone lines

 private:
  std::string value_of(const std::string& placeholder) const;
  const pki::Identity& identity(const std::string& name);
  const pki::Identity& known_identity(const std::string& name) const;
  pki::Identity make_identity(const std::string& key);
  bool is_host(const std::string& name) const;
  std::string canonical(const std::string& name) const;
  std::string absolute(const std::string& name) const;
  std::vector<std::string> full_chain(const std::string& host) const;
  CertifiedKey certified_key(const std::vector<std::string>& chain) const;
  Identity identity_of(const HostScene& host, const Behaviour& behaviour) const;
  std::vector<Identity> identities_of(const HostScene& host, const Behaviour& behaviour) const;
  [[noreturn]] void fail(const std::string& message) const;

  const Scene& scene_;
  std::map<std::string, std::vector<std::vector<std::uint8_t>>> mazes_;  // above an identity; by the same name
  std::map<std::string, pki::Identity> identities_;                      // by canonical name
  std::map<std::string, std::vector<Address>> addresses_;                // by absolute host name
};

}  // namespace danewatch::lab
