// A validating resolver for programs that ask one instead of validating by themselves: unbound, as Debian has it.
//
// It knows the lab's root and its trust anchor, and nothing else. Thread rule: one thread.
#pragma once

#include "tests/lab/lab.hpp"

namespace danewatch::lab {

// Throws Forbidden, which names the program, where PATH does not lead to it.
void need(const char* program);

// Starts unbound on 127.0.0.1 and waits until it answers. Programs of this mount namespace find it by /etc/resolv.conf,
// and the lab's trust anchor where Debian has the world's. Throws Forbidden or std::runtime_error.
void start_unbound(const Lab& lab, Children& children);

}  // namespace danewatch::lab
