// A world for benchmarks: any number of mail domains, each with a host, an address and a TLSA RRset of its own.
//
// d1.bulk.lab has the MX host h1.bulk.lab, and so on; with several zones they are d1.bulk1.lab, d2.bulk2.lab, … in
// turn. Providers are mx.p1.lab, mx.p2.lab, …, each with a zone of its own. All hosts are served by one wildcard
// endpoint, so no other world can share the network. Thread rule: pure functions.
#pragma once

#include "tests/lab/world.hpp"

namespace danewatch::lab {

struct BulkOptions {
  std::size_t domains = 1000;
  std::size_t zones = 1;
  std::chrono::milliseconds latency{0};      // of the mail servers, for each reply
  std::chrono::milliseconds dns_latency{0};  // of the zones' name servers
  std::size_t silent_percent = 0;            // of the hosts: packets to them vanish
  std::size_t providers = 0;                 // 87 of 100 domains have their mail with one of them
  std::size_t workers = 2;                   // server processes
};

World bulk_world(const BulkOptions& options);

}  // namespace danewatch::lab
