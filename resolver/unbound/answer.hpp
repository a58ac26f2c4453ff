// Inner: what libunbound says about a question, as an Answer.
//
// Never asks and reads no clock. Thread rule: a pure function.
#pragma once

#include <unbound.h>

#include <cstdint>
#include <optional>
#include <string>

#include "resolver/dns/answer.hpp"

namespace danewatch {

// An answer nobody gave.
Answer failed_answer(Question question, Failure failure);

struct Told {
  Answer answer;
  std::optional<std::string> made_from;  // see wire::PacketFacts
};

struct Reading {
  SysTime now;
  std::uint32_t ttl_cap = UINT32_MAX;  // see wire::ReadOptions
  bool keep = false;                   // the message too
};

// `error` is libunbound's own (UB_NOERROR…); `result` may be null only if there is one.
Told answer_from_unbound(Question question, int error, const ub_result* result, const Reading& reading);

// libunbound cannot prove a CNAME that was asked for and made from a DNAME: it looks for a signature of the CNAME
// itself and calls the answer bogus (1.17.1). The signature of the DNAME is its proof (RFC 6672 5.3.1), so the answer
// for that one decides; no one message proves it.
void adopt_proof(Answer& cname, const Answer& dname);

}  // namespace danewatch
