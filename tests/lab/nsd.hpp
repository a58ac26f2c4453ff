// The lab's name servers: one NSD per zone level, each on an address of its own.
//
// Thread rule: one thread.
#pragma once

#include <filesystem>

#include "tests/lab/process.hpp"
#include "tests/lab/world.hpp"

namespace danewatch::lab {

// Writes zones and configurations below `dir` and starts the servers; does not wait for them.
void start_name_servers(const World& world, const std::filesystem::path& dir, Children& children);

// Waits until every zone is answered for. Throws std::runtime_error with NSD's own words when one is not within
// five seconds.
void wait_for_name_servers(const World& world, const std::filesystem::path& dir);

// Of a running lab: where a zone is read from, and the name server that reads it when it gets a SIGHUP.
std::filesystem::path zone_path(const std::filesystem::path& dir, const std::string& origin);
std::filesystem::path name_server_pid_file(const std::filesystem::path& dir, std::size_t level);
// The same of the copy that some of its servers have; the first is 1.
std::filesystem::path copy_path(const std::filesystem::path& dir, const std::string& origin, std::size_t version);
std::filesystem::path copy_pid_file(const std::filesystem::path& dir, std::size_t level, std::size_t version);

}  // namespace danewatch::lab
