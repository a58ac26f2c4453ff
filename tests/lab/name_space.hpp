// A private world for the calling process and its children: own network, own mounts, root inside.
//
// Needs no privilege where the kernel allows user namespaces. Nothing outside changes, nothing can be reached from
// inside. Thread rule: call once, before any thread starts.
#pragma once

#include <filesystem>
#include <stdexcept>

namespace danewatch::lab {

// The kernel or its policy forbids namespaces; what() says so in one sentence, and what to do.
struct Forbidden : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// Throws Forbidden.
void enter_name_space();

// Brings up the network: loopback, the lab's ranges as local addresses, and a way out on which packets vanish. Any
// local address can be bound. Hides /etc/resolv.conf, so that no program asks the machine's own resolver.
// `dir` is for small files. Throws std::runtime_error.
void set_up_network(const std::filesystem::path& dir);

}  // namespace danewatch::lab
