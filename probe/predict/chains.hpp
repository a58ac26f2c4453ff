// Pure: which certificates a server will show, of files at hand.
//
// A host's certificate is the one that has its name, unless the operator says which. Never guesses between two.
// Thread rule: values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "probe/evidence/tls_evidence.hpp"

namespace danewatch {

struct ChainInFile {
  std::string file;
  std::vector<Certificate> chain;  // the server's own first

  bool operator==(const ChainInFile&) const = default;
};

struct HostAndPort {
  std::string host;        // A-labels
  std::uint16_t port = 0;  // 0: every port

  bool operator==(const HostAndPort&) const = default;
};

class ChainBook {
 public:
  void add(ChainInFile file) { files_.push_back(std::move(file)); }
  void map(HostAndPort place, ChainInFile file) { mapped_.push_back({std::move(place), std::move(file)}); }

  // `names`: the host's own, and the TLSA base domain if that is another. Several chains where the operator said so:
  // a server may have one for each type of key. Else a clause that says what is missing, or between which files to
  // choose.
  tl::expected<std::vector<ChainInFile>, std::string> of(const std::vector<std::string>& names,
                                                         std::uint16_t port) const;

 private:
  struct Mapped {
    HostAndPort place;
    ChainInFile file;
  };

  std::vector<ChainInFile> files_;
  std::vector<Mapped> mapped_;
};

// Whether a name of a certificate is the host's, or a wildcard for it (RFC 6125 6.4.3).
bool is_name_of(std::string_view pattern, std::string_view host);

}  // namespace danewatch
