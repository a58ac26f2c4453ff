// The running lab: namespace, network, name servers and servers of one world.
//
// Ends everything in its destructor. Thread rule: one thread, and none started before.
#pragma once

#include <chrono>
#include <filesystem>
#include <string>

#include "tests/lab/process.hpp"
#include "tests/lab/stage.hpp"
#include "tests/lab/world.hpp"

namespace danewatch::lab {

class Lab {
 public:
  // Enters the namespace and starts everything. Throws Forbidden or std::runtime_error.
  // Scenes with acts go on to the next one by themselves after each `turn`; 0: only when told.
  explicit Lab(World world, std::chrono::seconds turn = {});
  Lab(const Lab&) = delete;
  Lab& operator=(const Lab&) = delete;
  ~Lab() = default;

  const World& world() const { return world_; }
  const std::filesystem::path& dir() const { return dir_.path(); }

  // For the processes of the caller: trust anchor, root hints, a file with all mail domains (DANEWATCH_LAB_TARGETS),
  // the place that takes lines "SCENE ACT" (DANEWATCH_LAB_STAGE), what there is (DANEWATCH_LAB_WORLD) and PATH
  // beginning with `danewatch_dir`.
  void set_environment(const std::filesystem::path& danewatch_dir) const;

 private:
  void start_servers();
  void write_trust_stores();

  World world_;
  TemporaryDirectory dir_;
  Stage stage_;
  Children children_;  // ended before the directory goes
};

}  // namespace danewatch::lab
