// Scenes: small worlds of the lab as data. The vocabulary is documented at the top of scenes.yaml.
//
// Only reads and checks the shape; addresses, keys and zones come into being in world.hpp. Unknown keys, duplicate
// keys, wrong types and dangling names are errors with file and line. Thread rule: values and pure functions.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/lab/manners.hpp"
#include "tests/lab/scene_zone.hpp"

namespace danewatch::lab {

// "scenes.yaml:12: unknown key 'hots' (known: about, hosts, …)"
struct SceneError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

enum class Offer { offered, absent, refused };  // of STARTTLS

// Who serves an endpoint.
enum class Program { lab, postfix, nginx, dovecot, slapd, prosody, postgres, vsftpd, unbound, mariadb, postscreen };

struct Behaviour {
  std::vector<std::uint16_t> ports{25};         // each speaks its protocol, or TLS at once
  std::vector<std::string> chain;               // certificate names, leaf first; empty: the host's own and its issuers
  std::vector<std::string> second_chain;        // of another key type, held beside the first
  std::vector<std::vector<std::string>> turns;  // the chains of servers behind a load balancer, a connection each
  Offer starttls = Offer::offered;
  std::string greeting;                // instead of the protocol's own, as a line
  std::chrono::milliseconds delay{0};  // before every reply and every flight of the handshake
  bool silent = false;                 // packets to the address vanish
  std::string server_name;             // any other in the ClientHello ends the handshake; empty: none matters
  Program program = Program::lab;
  int busy_first = 0;             // connections that are asked to come again
  std::optional<int> busy_after;  // so many connections, all others are turned away
  Manners manners;
};

struct AddressScene {
  bool v6 = false;
  Behaviour behaviour;
};

struct HostScene {
  std::string name;     // absolute, without final dot
  bool records = true;  // A and AAAA are made for it
  std::vector<AddressScene> addresses;
};

struct CertificateScene {
  std::string issuer;              // "" self-signed
  std::vector<std::string> names;  // dNSName SANs
  std::string common_name;         // empty: the first of the names
  std::string key = "ecdsa";
  std::string key_of;  // another certificate, whose key this one shares
  bool ca = false;
  bool expired = false;
  bool sha1 = false;
  std::optional<std::chrono::sys_days> from, until;
  int more_names = 0;
  int maze = 0;  // certificates above it that are made to be dear
};

struct Expectation {
  int line = 0;
  std::string check;  // the target
  std::vector<std::string> args;
  std::vector<std::string> trust;  // certificates that make up the CA store; empty: this machine's own store
  std::string verdict;
  std::string reason;  // "" null
  std::optional<std::string> impact;
  int exit = 0;
  std::vector<std::pair<std::string, std::vector<std::string>>> findings;  // code, text fragments
  std::vector<std::string> absent;                                         // codes that must not appear
  std::vector<std::pair<std::string, std::string>> json;                   // pointer, expected scalar
};

// What the scene's own zone and its servers show for a time; the first act is there at the start.
struct ActScene {
  std::string name;
  std::vector<std::string> records;  // beside those of the zone
  std::vector<std::string> chain;    // sent by every server of the scene; empty: by each what its host says
};

struct Scene {
  std::string name;
  std::string about;
  std::vector<ZoneScene> zones;  // the scene's own zone first
  std::vector<HostScene> hosts;
  std::map<std::string, CertificateScene> certificates;  // by the name used in chains and placeholders
  std::vector<ActScene> acts;
  std::vector<Expectation> expect;

  std::string domain() const { return name + ".lab"; }
};

// Throws SceneError. `file` names the source in messages.
std::vector<Scene> parse_scenes(std::string_view yaml, const std::string& file);
std::vector<Scene> load_scenes(const std::string& path);

// The scenes with these names, in the order of the file; all of them for no names. Throws SceneError for a name that
// is not there.
std::vector<Scene> select_scenes(std::vector<Scene> scenes, const std::vector<std::string>& names);

}  // namespace danewatch::lab
