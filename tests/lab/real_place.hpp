// What the starter of a real server is given, and what starters share.
//
// A configuration and a directory of the server's own in the lab's directory: nothing of the machine's own is read or
// changed. What it starts ends with the lab. Thread rule: one thread.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "tests/lab/process.hpp"
#include "tests/lab/world.hpp"

namespace danewatch::lab {

struct Place {
  std::vector<Endpoint> endpoints;  // at least one, but for Knot; of one host where a server has one certificate
  std::filesystem::path dir;        // the server's own, there already; its files *.log are shown if it does not listen
  std::filesystem::path lab_dir;    // the lab's, with root.hints
  Children& children;

  const Endpoint& first() const { return endpoints.front(); }
  std::filesystem::path log() const { return dir / "out.log"; }  // of what it prints

  bool serves(std::uint16_t port) const;
  bool offers_tls() const { return first().starttls != Offer::absent; }
};

// "45.64.16.1:25", "[2a0e::1]:25"
std::string listen_address(const Endpoint& endpoint);
std::string ip_of(const Endpoint& endpoint);

std::filesystem::path write_file(const std::filesystem::path& path, const std::string& text);
std::string read_file(const std::filesystem::path& path);

// The key, then the chain, in one file that its owner alone may read. Empty, by accident, where STARTTLS is refused.
std::filesystem::path write_identity(const Endpoint& endpoint, const Place& place);

// The command line of a program that is run as nobody, who may open ports below 1024 and nothing else.
std::vector<std::string> as_nobody(const std::vector<std::string>& command);

// Gives the place's directory to nobody and starts a server in it.
void start_as_nobody(const Place& place, const std::vector<std::string>& command);
void give_to_nobody(const std::filesystem::path& dir);

}  // namespace danewatch::lab
