// Every sample report in every form against the file it must look like. DANEWATCH_UPDATE_GOLDEN=1 rewrites the files:
// then read the difference as an operator would.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>

#include "exporters/json.hpp"
#include "exporters/text.hpp"
#include "tests/support/sample_reports.hpp"

namespace danewatch {
namespace {

const std::filesystem::path folder = std::filesystem::path(DANEWATCH_SOURCE_DIR) / "tests" / "golden";

bool updating() {
  const char* value = std::getenv("DANEWATCH_UPDATE_GOLDEN");
  return value != nullptr && std::string(value) == "1";
}

std::string read(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file) << path << " is missing; DANEWATCH_UPDATE_GOLDEN=1 writes it";
  return {std::istreambuf_iterator<char>(file), {}};
}

struct Golden {
  std::string file;
  std::string content;
};

std::vector<Golden> goldens() {
  TextOptions explain;
  explain.explain = true;
  TextOptions color;
  color.color = true;
  std::vector<Golden> all;
  std::string lines;
  for (const auto& [name, report] : samples::reports()) {
    all.push_back({name + ".json", to_json(report) + "\n"});
    all.push_back({name + ".txt", to_text(report, {})});
    all.push_back({name + ".explain.txt", to_text(report, explain)});
    lines += to_line(report, {}) + "\n";
  }
  for (const auto& [name, report] : samples::verify_reports()) {
    all.push_back({name + ".json", to_json(report) + "\n"});
    all.push_back({name + ".txt", to_text(report, {})});
  }
  all.push_back({"lines.txt", lines});
  all.push_back({"stale-duplicate.color.txt", to_text(samples::stale_duplicate(), color)});
  return all;
}

TEST(Golden, EveryFormOfEverySampleIsAsRecorded) {
  for (const auto& [file, content] : goldens()) {
    if (updating()) std::ofstream(folder / file, std::ios::binary) << content;
    EXPECT_EQ(read(folder / file), content) << file;
  }
}

TEST(Golden, NoFileIsLeftOver) {
  std::set<std::string> wanted{"CMakeLists.txt", "validate.py"};
  for (const auto& [file, content] : goldens()) wanted.insert(file);
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.is_regular_file()) {
      EXPECT_TRUE(wanted.contains(entry.path().filename().string())) << entry.path();
    }
  }
}

}  // namespace
}  // namespace danewatch
