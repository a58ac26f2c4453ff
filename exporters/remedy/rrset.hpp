// Inner: the TLSA records at one owner name, as the evidence has them.
//
// Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "probe/report/report.hpp"

namespace danewatch {

struct SeenRrset {
  std::vector<TlsaRecord> records;   // empty: proven to have none of its own
  std::optional<std::uint32_t> ttl;  // as signed
  bool asked = true;                 // false: nobody asked about this name, so anything may stand there
};

// All of them; or why not all are known of those that are there, as a clause.
tl::expected<SeenRrset, std::string> rrset_at(const Report& report, const std::string& owner);

}  // namespace danewatch
