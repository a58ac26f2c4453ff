// Scenes that change while the lab runs: which act each of them shows, and who turns them.
//
// An act is a signed version of the scene's zone and what its servers send with it. The name server is told by SIGHUP
// to load the zone again; the lab's own servers look here at every connection. Thread rule: the memory is shared by the
// lab's processes, every value is atomic.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <filesystem>

#include "tests/lab/world.hpp"

namespace danewatch::lab {

class Stage {
 public:
  // Before the processes that share it are started.
  explicit Stage(std::size_t scenes);
  Stage(const Stage&) = delete;
  Stage& operator=(const Stage&) = delete;
  ~Stage();

  std::size_t act_of(std::size_t scene) const;
  void turn(std::size_t scene, std::size_t act);

 private:
  std::size_t size_;
  std::atomic<std::size_t>* acts_;  // one for each scene that has acts
};

// Where run_stage() listens: a FIFO that takes lines "SCENE ACT", "servers SCENE ACT", which leaves the zone as it is,
// and "zone ORIGIN FILE" for a zone of a scene that is to be signed again from the lines in that file.
std::filesystem::path stage_path(const std::filesystem::path& dir);

// Call once before run_stage() is started in a process of its own. Throws std::runtime_error.
void open_stage(const std::filesystem::path& dir);

// Turns what it is told to; with `every`, each scene goes on to its next act by itself. Lines that name nothing are
// reported on standard error.
[[noreturn]] void run_stage(const World& world, Stage& stage, const std::filesystem::path& dir,
                            std::chrono::seconds every);

}  // namespace danewatch::lab
