// The pieces that sample reports are made of.
//
// Thread rule: pure functions.
#pragma once

#include <string>
#include <vector>

#include "probe/report/report.hpp"

namespace danewatch::samples {

inline constexpr SysTime now{std::chrono::seconds{1769860800}};  // 2026-01-31 12:00:00 UTC
inline constexpr std::chrono::days day{1};

// 32 or 64 octets that look like a digest and differ by `seed`.
std::vector<std::uint8_t> digest(int seed, std::size_t size = 32);
TlsaRecord record(std::string owner, int usage, int selector, int matching_type, int seed);

// An answer signed by `signer` for the month around `now`.
Answer secure(std::string name, RrType type, std::vector<std::string> data, std::string signer);
Answer denied(std::string name, RrType type, std::string signer);

// Its key and certificate digests are those of `seed` and `seed + 100`.
Certificate certificate(std::string name, std::string key, int seed);

// A completed handshake that showed one certificate.
TlsEvidence seen(const char* address, std::uint16_t port, Certificate leaf, View view = View::standard);
TlsEvidence not_seen(const char* address, std::uint16_t port, Stage stage, Fault fault, std::string error);

// A mail host at port 25 in a signed zone, with its addresses and TLSA records looked up.
HostEvidence mail_host(std::string name, std::string zone, std::vector<TlsaRecord> records);

Report report_of(std::string target, Conclusion conclusion, Severity severity, std::string summary);

// What is to be said of an endpoint, and of a host.
struct EndpointVerdict {
  Conclusion conclusion;
  std::optional<ResultType> result_type;
  std::vector<Cell> cells;
};
struct HostVerdict {
  Conclusion conclusion;
  std::optional<ResultType> result_type;
  std::vector<RecordState> states;
  std::vector<EndpointVerdict> endpoints;
};

// Appends a host with what was seen and judged; matches are filled in where a chain was shown.
void add_host(Report& report, HostEvidence host, std::vector<TlsEvidence> seen, HostVerdict verdict);

}  // namespace danewatch::samples
