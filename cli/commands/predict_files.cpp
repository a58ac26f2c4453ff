#include "cli/commands/predict_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "cli/system/errors.hpp"
#include "cli/system/files.hpp"
#include "cli/system/output.hpp"
#include "exporters/words/escape.hpp"
#include "probe/openssl/certificate_file.hpp"
#include "resolver/zone/zone_text.hpp"

namespace danewatch {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_files = 10000;
constexpr int deepest = 4;
constexpr std::uintmax_t largest_certificate_file = 1 << 20;

bool is_within(const fs::path& file, const fs::path& folder) {
  const fs::path relative = file.lexically_relative(folder);
  return !relative.empty() && *relative.begin() != "..";
}

// Nothing outside the folder is read, whatever a zone file says, nor what a symbolic link in it leads to elsewhere.
IncludeReader includes_from(const std::optional<std::string>& folder) {
  if (!folder) return {};
  std::error_code error;
  const fs::path root = fs::canonical(*folder, error);
  if (error) throw UsageError(fmt::format("--include-dir {}: {}", escape_for_terminal(*folder), error.message()));
  return [root](const std::string& name) -> Parsed<std::string> {
    std::error_code ignored;
    const fs::path file = fs::weakly_canonical(root / name, ignored);
    const std::string shown = escape_for_terminal(name);
    if (ignored || !is_within(file, root))
      return error_at(0, fmt::format("$INCLUDE {}: it is not in the --include-dir", shown));
    if (!fs::is_regular_file(file, ignored))
      return error_at(0, fmt::format("$INCLUDE {}: there is no such file", shown));
    try {
      return read_file("$INCLUDE", file.string());
    } catch (const UsageError& problem) {
      return error_at(0, problem.what());
    }
  };
}

Zone read_one(const ZoneFile& file, const IncludeReader& includes) {
  auto zone = read_zone_text(read_file("--zone", file.file), file.origin, includes);
  if (zone) return std::move(*zone);
  const auto& [message, line] = zone.error();
  const std::string where = line == 0 ? "" : fmt::format("line {}: ", line);
  throw UsageError(fmt::format("--zone {}: {}{}", escape_for_terminal(file.file), where, message));
}

ChainInFile read_mapped(const std::string& path) {
  auto file = read_chain(read_file("--map", path));
  if (!file) throw UsageError(fmt::format("--map {}: {}", escape_for_terminal(path), file.error().message));
  if (!file->remark.empty()) write_error(fmt::format("--map {}: {}", path, file->remark));
  return {path, std::move(file->chain)};
}

// What a folder of certificates holds besides them (keys, notes) is passed over.
void add_file(const fs::path& path, ChainBook& book) {
  std::error_code ignored;
  if (!fs::is_regular_file(path, ignored) || fs::file_size(path, ignored) > largest_certificate_file) return;
  auto file = read_chain(read_file("--chains", path.string()));
  const bool readable = file && !file->chain.empty() && file->chain.front().error.empty();
  if (readable) book.add({path.string(), std::move(file->chain)});
}

std::vector<fs::path> files_in(const std::string& folder) {
  std::error_code error;
  std::vector<fs::path> files;
  const auto options = fs::directory_options::skip_permission_denied;
  fs::recursive_directory_iterator at(folder, options, error);
  for (; !error && at != fs::recursive_directory_iterator(); at.increment(error)) {
    if (at.depth() >= deepest) at.disable_recursion_pending();
    files.push_back(at->path());
    if (files.size() > most_files)
      throw UsageError(fmt::format("--chains {}: holds more than {} files", escape_for_terminal(folder), most_files));
  }
  if (error) throw UsageError(fmt::format("--chains {}: {}", escape_for_terminal(folder), error.message()));
  std::ranges::sort(files);
  return files;
}

}  // namespace

std::vector<Zone> read_zones(const PredictOptions& options) {
  const IncludeReader includes = includes_from(options.include_folder);
  std::vector<Zone> zones;
  for (const ZoneFile& file : options.zones) {
    Zone zone = read_one(file, includes);
    if (std::ranges::find(zones, zone.origin(), &Zone::origin) != zones.end()) {
      throw UsageError(fmt::format("--zone {}: another file has the zone {} too", escape_for_terminal(file.file),
                                   escape_for_terminal(zone.origin())));
    }
    zones.push_back(std::move(zone));
  }
  return zones;
}

ChainBook read_chains(const PredictOptions& options) {
  ChainBook book;
  for (const MappedChain& mapped : options.mapped) book.map(mapped.place, read_mapped(mapped.file));
  for (const std::string& folder : options.chain_folders) {
    for (const fs::path& path : files_in(folder)) add_file(path, book);
  }
  return book;
}

}  // namespace danewatch
