// Asks danewatch, posttls-finger and openssl s_client about the same hosts, and reads their words.
//
// Thread rule: one thread.
#pragma once

#include <string>
#include <vector>

#include "tests/lab/lab.hpp"
#include "tests/second_opinion/cases.hpp"

namespace danewatch::second_opinion {

struct Opinion {
  std::string verdict;  // authenticated, mismatch, unusable; else what stood in the way
  std::string words;    // the program's own, for people
};
using Opinions = std::vector<Opinion>;  // parallel to the cases

// A validating resolver on 127.0.0.1 that knows the lab's anchor, named in a resolv.conf of this mount namespace.
// Throws lab::Forbidden where one of the programs is not installed, and std::runtime_error.
void start_resolver(const lab::Lab& lab, lab::Children& children);

// All programs are told of the same CA store.
void set_ca_store(const lab::Lab& lab, const std::vector<Case>& cases);

struct DanewatchOpinions {
  Opinions mail, web;  // as MX host on port 25, as https on port 443
};
DanewatchOpinions ask_danewatch(const lab::Lab& lab, const std::vector<Case>& cases, const std::string& program);
Opinions ask_posttls_finger(const lab::Lab& lab, const std::vector<Case>& cases);
Opinions ask_s_client(const lab::Lab& lab, const std::vector<Case>& cases);

}  // namespace danewatch::second_opinion
