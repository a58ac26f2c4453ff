// Inner: the evidence of changes in a folder: of each a file of JSON, as `check --save` writes it.
//
// Bounded: at most 20 files of one target and 256 MiB in all; the oldest make way. Files that it did not name itself it
// leaves alone. Thread rule: used from any thread; whoever keeps or reads waits for the disk.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "resolver/dns/answer.hpp"

namespace danewatch {

struct EvidenceBounds {
  std::size_t files = 20;  // of one target
  std::uint64_t octets = std::uint64_t{256} << 20;
};

class EvidenceFolder {
 public:
  // Makes the folder where there is none, and takes up what is in it. Throws std::runtime_error "history.evidence PATH:
  // why".
  explicit EvidenceFolder(std::string path, EvidenceBounds bounds = {});

  // Throws std::runtime_error (a full disk); what was kept before stays.
  void keep(const std::string& target, SysTime at, std::string_view text);

  std::vector<SysTime> kept_of(const std::string& target) const;  // oldest first
  std::optional<std::string> read(const std::string& target, SysTime at) const;

 private:
  using Entry = std::pair<SysTime, std::string>;  // when, and the name of the target's folder

  std::filesystem::path path_of(const Entry& entry) const;
  void take_up(const std::filesystem::directory_entry& file, const std::string& folder);
  void make_room(const std::string& folder);  // under the lock
  void remove(const Entry& entry);

  std::filesystem::path path_;
  EvidenceBounds bounds_;
  mutable std::mutex mutex_;
  std::map<std::string, std::set<SysTime>> kept_;  // by folder
  std::map<Entry, std::uint64_t> sizes_;           // oldest first
  std::uint64_t octets_ = 0;
};

}  // namespace danewatch
