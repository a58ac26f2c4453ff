#include "tests/lab/stage.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fstream>
#include <memory>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <utility>

#include "tests/lab/nsd.hpp"

namespace danewatch::lab {
namespace {

using Clock = std::chrono::steady_clock;

// As a whole or not at all: the name server may look at any moment.
void replace(const std::filesystem::path& path, const std::string& text) {
  auto other = path;
  other += ".new";
  std::ofstream(other) << text;
  std::filesystem::rename(other, path);
}

void reload(const std::filesystem::path& pid_file) {
  pid_t pid = 0;
  if (std::ifstream(pid_file) >> pid && pid > 0) kill(pid, SIGHUP);
}

class Turner {
 public:
  Turner(const World& world, Stage& stage, const std::filesystem::path& dir)
      : world_(world), stage_(stage), dir_(dir) {}

  // "SCENE ACT", "servers SCENE ACT", "copy SCENE N", or "zone ORIGIN FILE"
  void obey(const std::string& line) {
    std::istringstream words(line);
    std::string name, act, file;
    words >> name >> act >> file;
    if (name == "zone" && !file.empty()) return sign_again(act, file);
    if (name == "copy" && !file.empty()) return copy(act, file);
    const bool servers_alone = name == "servers";
    const auto place = servers_alone ? place_of(act, file) : place_of(name, act);
    if (!place) {
      fmt::print(stderr, "danewatch-lab: no scene has the act: {}\n", line);
    } else if (servers_alone) {
      stage_.turn(place->first, place->second);
    } else {
      turn(place->first, place->second);
    }
  }

  void go_on() {
    for (std::size_t s = 0; s < world_.staged.size(); ++s) {
      turn(s, (stage_.act_of(s) + 1) % world_.staged[s].acts.size());
    }
  }

 private:
  // Scene and act, by their places.
  std::optional<std::pair<std::size_t, std::size_t>> place_of(const std::string& name, const std::string& act) const {
    const auto scene = std::ranges::find(world_.staged, name, &StagedScene::name);
    if (scene == world_.staged.end()) return std::nullopt;
    const auto found = std::ranges::find(scene->acts, act);
    if (found == scene->acts.end()) return std::nullopt;
    return std::pair(static_cast<std::size_t>(scene - world_.staged.begin()),
                     static_cast<std::size_t>(found - scene->acts.begin()));
  }

  // With the key and the faults it had; the file is read now, and may change when the name server has the zone.
  void sign_again(const std::string& origin, const std::string& file) {
    const auto zone = std::ranges::find(world_.zones, origin, &Zone::origin);
    if (zone == world_.zones.end() || !zone->spec) {
      fmt::print(stderr, "danewatch-lab: no zone that can be signed again: {}\n", origin);
      return;
    }
    zones::ZoneSpec spec = *zone->spec;
    std::ostringstream text;
    text << std::ifstream(file).rdbuf();
    spec.text = text.str();
    try {
      replace(zone_path(dir_, origin), zones::sign_zone(spec).text);
    } catch (const std::runtime_error& error) {
      fmt::print(stderr, "danewatch-lab: {}: {}\n", file, error.what());
      return;
    }
    reload(name_server_pid_file(dir_, zone->level));
  }

  // A secondary gets the zone as it is in the act that is on: the copy with this number.
  void copy(const std::string& name, const std::string& number) {
    const auto scene = std::ranges::find(world_.staged, name, &StagedScene::name);
    std::size_t version = 0;
    if (scene == world_.staged.end() || !(std::istringstream(number) >> version) || version == 0 ||
        version > world_.zones[scene->zone].versions.size()) {
      fmt::print(stderr, "danewatch-lab: no scene with acts has this copy: {} {}\n", name, number);
      return;
    }
    const Zone& zone = world_.zones[scene->zone];
    const auto act = stage_.act_of(static_cast<std::size_t>(scene - world_.staged.begin()));
    replace(copy_path(dir_, zone.origin, version), zone.acts[act]);
    reload(copy_pid_file(dir_, zone.level, version));
  }

  void turn(std::size_t scene, std::size_t act) {
    const Zone& zone = world_.zones[world_.staged[scene].zone];
    replace(zone_path(dir_, zone.origin), zone.acts[act]);
    stage_.turn(scene, act);
    reload(name_server_pid_file(dir_, zone.level));
  }

  const World& world_;
  Stage& stage_;
  const std::filesystem::path& dir_;
};

}  // namespace

Stage::Stage(std::size_t scenes) : size_(std::max<std::size_t>(scenes, 1) * sizeof(std::atomic<std::size_t>)) {
  void* memory = mmap(nullptr, size_, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) throw std::runtime_error(fmt::format("no shared memory: {}", std::strerror(errno)));
  acts_ = static_cast<std::atomic<std::size_t>*>(memory);
  std::uninitialized_value_construct_n(acts_, size_ / sizeof *acts_);
}

Stage::~Stage() {
  munmap(acts_, size_);
}

std::size_t Stage::act_of(std::size_t scene) const {
  return acts_[scene];
}

void Stage::turn(std::size_t scene, std::size_t act) {
  acts_[scene] = act;
}

std::filesystem::path stage_path(const std::filesystem::path& dir) {
  return dir / "stage";
}

void open_stage(const std::filesystem::path& dir) {
  if (mkfifo(stage_path(dir).c_str(), 0600) != 0) {
    throw std::runtime_error(fmt::format("cannot make {}: {}", stage_path(dir).string(), std::strerror(errno)));
  }
}

void run_stage(const World& world, Stage& stage, const std::filesystem::path& dir, std::chrono::seconds every) {
  Turner turner(world, stage, dir);
  const int fifo = open(stage_path(dir).c_str(), O_RDWR | O_CLOEXEC);  // for writing too: never at its end
  std::string text;
  auto next = Clock::now() + every;
  while (true) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(next - Clock::now()).count();
    pollfd waiting{fifo, POLLIN, 0};
    const int ready = poll(&waiting, 1, every.count() == 0 ? -1 : static_cast<int>(std::max<long>(left, 0)));
    if (ready == 0) {
      turner.go_on();
      next += every;
      continue;
    }
    std::array<char, 512> buffer{};
    const auto got = read(fifo, buffer.data(), buffer.size());
    if (got > 0) text.append(buffer.data(), static_cast<std::size_t>(got));
    for (auto end = text.find('\n'); end != std::string::npos; end = text.find('\n')) {
      turner.obey(text.substr(0, end));
      text.erase(0, end + 1);
    }
  }
}

}  // namespace danewatch::lab
