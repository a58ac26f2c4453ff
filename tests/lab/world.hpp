// A world: scenes turned into addresses, keys, certificates, signed zones and endpoints. Nothing runs yet.
//
// Opens no socket and writes no file. Keys are fresh in every world; addresses depend on the order of scenes alone.
// Thread rule: values and pure functions.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "resolver/dns/address.hpp"
#include "tests/lab/name_server.hpp"
#include "tests/lab/scene.hpp"
#include "tests/support/zone_signer.hpp"

namespace danewatch::lab {

struct CertifiedKey {
  std::string chain_pem;  // leaf first
  std::string key_pem;
};

// What one key holder shows; several certificates differ in key type.
using Identity = std::vector<CertifiedKey>;

struct Endpoint {
  std::string host;                // as in its greeting
  std::optional<Address> address;  // nothing: every address of the machine, IPv4 and IPv6
  std::uint16_t port = 25;
  Offer starttls = Offer::offered;
  std::string greeting;
  std::chrono::milliseconds delay{0};
  std::vector<Identity> identities;  // a wildcard endpoint chooses by the low bits of the address it was called on
  Program program = Program::lab;
  std::string server_name;        // the only one it answers to; empty: it listens to none
  int busy_first = 0;             // connections that get a temporary refusal
  std::optional<int> busy_after;  // so many connections, all others get one
  Manners manners{};
  bool takes_turns = false;           // each connection meets the next of the identities
  std::optional<std::size_t> staged;  // its scene's place in World::staged: an identity for each act
  std::string scene{};                // whose it is; of a bulk run: nobody's
};

// Of a zone that a real Knot signs, in the middle of a rollover of its ZSK.
struct KnotSigning {
  bool retired = false;  // the new ZSK signs, and the old one is still there; otherwise the other way round
  std::string ksk_pem;   // the DS record is of this key
};

struct Zone {
  std::string origin;                 // "." is the root
  std::size_t level = 0;              // 0 the root, 1 "lab", …: one name server address per level
  std::string text;                   // what the name server loads
  std::vector<OddAnswer> answers;     // not empty: served through the responder at `own_server`
  std::vector<std::string> acts;      // of a scene with acts: what it loads in each; `text` is the first
  std::vector<std::string> replaced;  // signed zone lines of the `rdata` answers, which no name server would load
  std::optional<KnotSigning> knot;    // Knot loads `text`, unsigned, and serves it at `own_server`
  std::optional<Address> own_server;  // instead of the level's
  std::vector<NameServer> servers;    // instead of either
  std::vector<std::string> versions;  // what is loaded as version 1 and so on
  std::shared_ptr<const zones::ZoneSpec> spec;  // of a scene: how it was signed, with its key, to be signed again
};

struct Check {  // an expectation with all placeholders filled in
  std::string scene;
  Expectation expect;
  std::string trust_pem;   // the CA store of this check; empty: this machine's own
  std::string trust_file;  // where the running lab keeps it
  bool sound_dns = true;   // every zone of the scene is signed, and answers as it should
};

// A scene with acts.
struct StagedScene {
  std::string name;
  std::vector<std::string> acts;
  std::size_t zone = 0;  // its place among the world's zones
};

struct World {
  std::vector<Zone> zones;
  std::vector<Endpoint> endpoints;
  std::vector<Check> checks;
  std::vector<StagedScene> staged;
  std::string trust_anchor;  // zone file text: the root's DNSKEY
  std::string root_hints;
  std::vector<std::string> targets;  // mail domains, for lists
  std::size_t workers = 1;           // server processes that share the endpoints
};

// What a wildcard endpoint with `count` identities shows at an address.
std::size_t identity_at(const Address& address, std::size_t count);

// Where the name server of a level listens, for the level's ordinary zones.
Address level_address(std::size_t level);
// Where the NSD listens that has a version of the level's zones; 0 is the level's own.
Address version_address(std::size_t level, std::size_t version);
// Where a resolver asks for a zone.
Address server_address(const Zone& zone);

// Ranges of the lab: every address of the first is this machine, packets to the second vanish.
inline constexpr const char* local_v4 = "45.64.0.0/12";
inline constexpr const char* local_v6 = "2a0e:b000::/32";
inline constexpr const char* silent_v4 = "45.80.0.0/12";
inline constexpr const char* silent_v6 = "2a0e:b001::/32";

// Throws SceneError for what only shows now: a placeholder nobody can fill, a record that is no record.
World build_world(const std::vector<Scene>& scenes);

// The n-th address of a group (a scene, or the hosts of a bulk run): n from 1.
Address lab_address(bool v6, bool silent, std::size_t group, std::size_t n);

}  // namespace danewatch::lab
