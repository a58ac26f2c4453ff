// The TLS reports in what was read from a file or a mailbox: a mail, an archive, or the report itself.
//
// Bounded: 10 MiB in, 20 MiB unpacked, nesting 16. Opens no file and asks no clock. Thread rule: pure functions.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "probe/evidence/sender_report.hpp"

namespace danewatch {

inline constexpr std::size_t largest_document = std::size_t{10} << 20U;

struct Reading {
  std::vector<SenderReport> reports;
  std::vector<Rejected> rejected;  // neither: other mail, which is nobody's fault
};

// `name`: of the file, which may tell the domain; `authserv_id`: empty, nobody vouches for a mail.
Reading read_sender_reports(std::string_view octets, std::string_view name, std::string_view authserv_id);

}  // namespace danewatch
