#include <utility>

#include "resolver/wire/wire.hpp"

namespace danewatch::wire {
namespace {

constexpr int noerror = 0;
constexpr int nxdomain = 3;

}  // namespace

void add_facts(Answer& answer, PacketFacts facts) {
  answer.rcode = facts.rcode;
  answer.aliases = std::move(facts.aliases);
  answer.canonical_name = std::move(facts.canonical_name);
  answer.ttl = facts.ttl;
  answer.original_ttl = facts.original_ttl;
  answer.rrsig_inception = facts.rrsig_inception;
  answer.rrsig_expires = facts.rrsig_expires;
  answer.signer = std::move(facts.signer);
  answer.wildcard = std::move(facts.wildcard);
  answer.opt_out = facts.opt_out && answer.status == Status::insecure;
}

Parsed<Answer> read_answer(Question question, Status status, Received received) {
  Answer answer;
  answer.canonical_name = question.name;
  answer.question = std::move(question);
  answer.status = status;
  auto facts = read_packet(received.packet, answer.question, {status, received.at, received.ttl_cap});
  if (!facts && status != Status::bogus) return tl::unexpected(facts.error());
  if (facts && facts->truncated && status != Status::bogus) return error_at(2, "records are missing");
  const bool usable_rcode = facts && (facts->rcode == noerror || facts->rcode == nxdomain);
  if (!usable_rcode && status != Status::bogus) return error_at(3, "it answers nothing");
  if (facts) add_facts(answer, std::move(*facts));
  answer.data = read_data(received.packet, answer.question, answer.canonical_name,
                          answer.wildcard.value_or(answer.canonical_name));
  if (answer.data.empty()) answer.denial = answer.rcode == nxdomain ? Denial::nxdomain : Denial::nodata;
  answer.received = std::move(received);
  return answer;
}

}  // namespace danewatch::wire
