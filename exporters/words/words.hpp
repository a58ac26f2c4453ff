// The words and short forms that every text shares.
//
// Everything returned is safe for a terminal. Pure functions.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "exporters/words/tone.hpp"
#include "probe/report/report.hpp"

namespace danewatch::words {

// "CRITICAL": for headlines, where it comes first.
std::string headline_word(Severity severity);

layout::Tone tone_of(Severity severity);

// What senders do now, in one sentence. A server or an MX lookup without an answer holds up all of them, any other
// fault only those that use DANE.
std::string_view sentence(Impact impact, bool all_senders);

// What must be said of evidence that was not seen just now; empty where it was.
std::string_view sentence(Origin origin);
// The same before a summary, where there is one line for all: "predicted: ".
std::string lead(Origin origin);

// "mismatch/no-match"; "authenticated".
std::string conclusion(const Conclusion& conclusion);
layout::Span conclusion_span(const Conclusion& conclusion, const Policy& policy);

// "xn--mller-kva.example (müller.example)": the name on the wire first, because the DNS and logs show that one.
std::string name(std::string_view ascii, std::string_view unicode);
std::string target(const Target& target);

std::string address_port(const Address& address, std::uint16_t port);

std::string date(SysTime time);           // "2026-01-31"
std::string date_and_time(SysTime time);  // "2026-01-31 12:00 UTC"

// "3 1 1", kept on one line; "malformed" for RDATA too short to have numbers.
std::string parameters(const TlsaRecord& record);
// "2bb8a3f0c1d2e3f4...": enough to recognise; data that is no digest shows its size.
std::string short_data(const TlsaRecord& record);

// What the TLSA records would say that name the certificate at this depth of a chain, its key first: the server's own
// by usage 3, the others by usage 2.
struct Naming {
  std::string numbers;  // "3 1 1"
  std::string digest;   // in hex
};
std::vector<Naming> namings_of(const Certificate& certificate, std::size_t depth);

// The record a finding is about; null: none.
const TlsaRecord* record_of(const Report& report, const Finding& finding);

// The same where its whole line helps to find and change it: of one that is good, or may be, a bare line to copy would
// only tempt a reader in a hurry to delete it.
const TlsaRecord* faulty_record_of(const Report& report, const Finding& finding);

// a, b, … z, aa, ab: how a text refers to an endpoint of a host.
std::string endpoint_label(std::size_t index);

// Our own sentences with ASCII punctuation, because a terminal may know nothing else: "RFC 7671 section 8.1".
// Everything is escaped.
std::string plain(std::string_view text);

// What a peer said, on one line: its line ends become " / ".
std::string one_line(std::string_view network_text);

}  // namespace danewatch::words
