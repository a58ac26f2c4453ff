#include "resolver/unbound/answer.hpp"

#include <utility>

#include "resolver/wire/wire.hpp"

namespace danewatch {
namespace {

constexpr int noerror = 0;
constexpr int nxdomain = 3;

wire::Bytes as_bytes(const void* data, int length) {
  return {static_cast<const std::uint8_t*>(data), data && length > 0 ? static_cast<std::size_t>(length) : 0};
}

Failure failure_from(int error) {
  switch (error) {
    case UB_SYNTAX:  // the name cannot be asked for: too long, or an empty label
      return Failure::malformed;
    case UB_SERVFAIL:
      return Failure::servfail;
    default:
      return Failure::local;
  }
}

// The order matters: a bogus answer comes with a good rcode and with the forged data filled in.
Status status_of(const ub_result& result) {
  if (result.bogus) return Status::bogus;
  if (result.rcode != noerror && result.rcode != nxdomain) return Status::failed;
  return result.secure ? Status::secure : Status::insecure;
}

Denial denial_of(const ub_result& result) {
  if (result.havedata) return Denial::none;
  return result.nxdomain ? Denial::nxdomain : Denial::nodata;
}

void add_data(Answer& answer, const ub_result& result, const std::string& owner) {
  answer.denial = denial_of(result);
  for (int i = 0; result.data && result.data[i]; ++i) {
    const auto bytes = as_bytes(result.data[i], result.len[i]);
    answer.data.push_back(wire::read_rdata(answer.question.type, owner, bytes));
  }
}

}  // namespace

Answer failed_answer(Question question, Failure failure) {
  Answer answer;
  answer.canonical_name = question.name;
  answer.question = std::move(question);
  answer.failure = failure;
  return answer;
}

Told answer_from_unbound(Question question, int error, const ub_result* result, const Reading& reading) {
  if (error != UB_NOERROR || !result) return {failed_answer(std::move(question), failure_from(error)), {}};
  const auto status = status_of(*result);
  auto answer = failed_answer(std::move(question), Failure::servfail);
  const auto packet = as_bytes(result->answer_packet, result->answer_len);
  if (status == Status::failed) {
    if (!packet.empty()) answer.rcode = result->rcode;
    return {std::move(answer), {}};
  }
  auto facts = wire::read_packet(packet, answer.question, {status, reading.now, reading.ttl_cap});
  const bool whole = facts && !facts->truncated;
  if (!whole && status != Status::bogus) return {failed_answer(std::move(answer.question), Failure::malformed), {}};
  answer.status = status;
  answer.failure = Failure::none;
  auto made_from = facts ? std::move(facts->made_from) : std::nullopt;
  if (facts) wire::add_facts(answer, std::move(*facts));
  add_data(answer, *result, answer.wildcard.value_or(answer.canonical_name));
  if (status == Status::bogus) answer.why_bogus = result->why_bogus ? result->why_bogus : "validation failed";
  if (reading.keep) answer.received = Received{{packet.begin(), packet.end()}, reading.now, reading.ttl_cap};
  return {std::move(answer), std::move(made_from)};
}

void adopt_proof(Answer& cname, const Answer& dname) {
  const bool proven = dname.status == Status::secure || dname.status == Status::insecure;
  if (!proven || dname.denial != Denial::none || !dname.aliases.empty()) return;
  cname.status = dname.status;
  cname.ttl = dname.ttl;
  cname.original_ttl = dname.original_ttl;
  cname.rrsig_inception = dname.rrsig_inception;
  cname.rrsig_expires = dname.rrsig_expires;
  cname.signer = dname.signer;
  cname.why_bogus.clear();
  cname.received.reset();
}

}  // namespace danewatch
