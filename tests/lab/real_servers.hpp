// Real servers inside the lab, for endpoints whose `program` asks for them and zones that Knot signs.
//
// How each is configured is in real_mail.cpp, real_services.cpp and real_dns.cpp. They need root, because they change
// users. Thread rule: one thread.
#pragma once

#include <filesystem>
#include <vector>

#include "tests/lab/process.hpp"
#include "tests/lab/world.hpp"

namespace danewatch::lab {

// Throws Forbidden if there is one and the user is not root or the program is not installed.
void start_real_servers(const World& world, const std::filesystem::path& dir, Children& children);

// Until all their endpoints accept connections. Throws std::runtime_error with their logs after some seconds.
void wait_for_real_servers(const std::vector<Endpoint>& endpoints, const std::filesystem::path& dir);

}  // namespace danewatch::lab
