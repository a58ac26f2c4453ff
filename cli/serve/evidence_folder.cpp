#include "cli/serve/evidence_folder.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <charconv>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "cli/system/kept_file.hpp"
#include "exporters/words/escape.hpp"

namespace danewatch {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view option = "history.evidence";
constexpr std::string_view ending = ".json";

// A target's name as one of a folder: whatever might lead elsewhere is percent-encoded.
std::string folder_of(std::string_view target) {
  std::string folder;
  for (const char c : target) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
                       (c == '.' && !folder.empty() && folder.back() != '.');
    folder += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  constexpr std::size_t longest = 200;  // of 255 octets that a name may have
  return folder.empty() ? "%" : folder.substr(0, longest);
}

// "20261129T180000Z.json", in the order of time.
std::string file_of(SysTime at) {
  return fmt::format("{:%Y%m%dT%H%M%SZ}{}", at, ending);
}

std::optional<SysTime> time_of(const std::string& file) {
  const auto number = [&](std::size_t from, std::size_t size) {
    int value = -1;
    const char* begin = file.data() + from;
    const auto [end, error] = std::from_chars(begin, begin + size, value);
    return error == std::errc{} && end == begin + size ? value : -1;
  };
  if (file.size() != 16 + ending.size()) return std::nullopt;
  const std::chrono::year_month_day day{std::chrono::year(number(0, 4)),
                                        std::chrono::month(static_cast<unsigned>(number(4, 2))),
                                        std::chrono::day(static_cast<unsigned>(number(6, 2)))};
  if (!day.ok()) return std::nullopt;
  const SysTime at = std::chrono::sys_days(day) + std::chrono::hours(number(9, 2)) +
                     std::chrono::minutes(number(11, 2)) + std::chrono::seconds(number(13, 2));
  return file_of(at) == file ? std::optional(at) : std::nullopt;
}

[[noreturn]] void fail(const fs::path& path, const std::error_code& error) {
  throw std::runtime_error(fmt::format("{} {}: {}", option, escape_for_terminal(path.string()), error.message()));
}

}  // namespace

EvidenceFolder::EvidenceFolder(std::string path, EvidenceBounds bounds) : path_(std::move(path)), bounds_(bounds) {
  std::error_code error;
  fs::create_directories(path_, error);
  const fs::directory_iterator targets(path_, error);
  if (error) fail(path_, error);
  for (const auto& target : targets) {
    if (!target.is_directory(error)) continue;
    for (const auto& file : fs::directory_iterator(target, error)) take_up(file, target.path().filename().string());
  }
}

void EvidenceFolder::take_up(const fs::directory_entry& file, const std::string& folder) {
  std::error_code error;
  const auto at = time_of(file.path().filename().string());
  const auto size = file.file_size(error);
  if (!at || error) return;
  kept_[folder].insert(*at);
  sizes_[{*at, folder}] = size;
  octets_ += size;
}

fs::path EvidenceFolder::path_of(const Entry& entry) const {
  return path_ / entry.second / file_of(entry.first);
}

void EvidenceFolder::keep(const std::string& target, SysTime at, std::string_view text) {
  const std::string folder = folder_of(target);
  const std::scoped_lock lock(mutex_);
  std::error_code error;
  fs::create_directories(path_ / folder, error);
  if (error) fail(path_ / folder, error);
  const Entry entry{at, folder};
  KeptFile file(std::string(option), path_of(entry).string());
  file.write(text);
  file.finish();
  auto& size = sizes_[entry];
  octets_ += text.size() - size;
  size = text.size();
  kept_[folder].insert(at);
  make_room(folder);
}

void EvidenceFolder::make_room(const std::string& folder) {
  while (kept_[folder].size() > bounds_.files) remove({*kept_[folder].begin(), folder});
  while (octets_ > bounds_.octets && sizes_.size() > 1) remove(Entry(sizes_.begin()->first));
}

// A file that cannot be removed is not counted any more: the next start finds it again.
void EvidenceFolder::remove(const Entry& entry) {
  std::error_code error;
  fs::remove(path_of(entry), error);
  octets_ -= sizes_[entry];
  sizes_.erase(entry);
  const auto of_one = kept_.find(entry.second);
  of_one->second.erase(entry.first);
  if (!of_one->second.empty()) return;
  fs::remove(path_ / entry.second, error);
  kept_.erase(of_one);
}

std::vector<SysTime> EvidenceFolder::kept_of(const std::string& target) const {
  const std::scoped_lock lock(mutex_);
  const auto found = kept_.find(folder_of(target));
  if (found == kept_.end()) return {};
  return {found->second.begin(), found->second.end()};
}

std::optional<std::string> EvidenceFolder::read(const std::string& target, SysTime at) const {
  std::ifstream file(path_of({at, folder_of(target)}), std::ios::binary);
  if (!file) return std::nullopt;
  return std::string(std::istreambuf_iterator<char>(file), {});
}

}  // namespace danewatch
