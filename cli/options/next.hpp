// What `--next` and `next:` declare: a record as text, or the file its key or certificate is in.
//
// Thread rule: pure, but for reading the files.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "probe/report/policy.hpp"
#include "resolver/dns/parse_error.hpp"

namespace danewatch {

struct DeclaredNext {
  NextKey key;
  std::string remark;  // what was odd about the file and what was taken; empty: nothing
};

// A record in any form that parse_tlsa_line() reads; one that no client can use is an error.
Parsed<NextKey> next_from_record(std::string_view text);

// Every record the file's certificates or key could have, the advisable one first.
Parsed<DeclaredNext> next_from_file(const std::string& path, std::string_view content);

// An entry of `next:`, with its file; a path is relative to the directory.
Parsed<DeclaredNext> next_from_path(const std::string& path);

// The words of `--next`. A file that exists is meant where the word is its name. Throws UsageError; remarks go to
// standard error.
std::vector<NextKey> next_keys(const std::vector<std::string>& words);

}  // namespace danewatch
