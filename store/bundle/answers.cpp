// Answers: a message and what was said of it; where there is none, what it said.

#include "resolver/wire/wire.hpp"
#include "store/bundle/base64.hpp"
#include "store/bundle/parts.hpp"

namespace danewatch::bundle {
namespace {

Json alias_json(const Alias& alias) {
  Json out{
      {"from", text_json(alias.from)}, {"to", text_json(alias.to)}, {"type", static_cast<std::uint16_t>(alias.type)}};
  if (alias.wildcard) out["wildcard"] = text_json(*alias.wildcard);
  return out;
}

RrType read_type(const Node& node) {
  return static_cast<RrType>(node.number<std::uint16_t>());
}

Alias read_alias(const Node& node) {
  return {node.at("from").text(), node.at("to").text(), read_type(node.at("type")),
          node.find("wildcard").optional(&Node::text)};
}

// What a message would say.
Json said_json(const Answer& answer) {
  Json out;
  if (answer.rcode) out["rcode"] = *answer.rcode;
  out["denial"] = word_of(answer.denial);
  out["data"] = list_json(answer.data, rdata_json);
  out["aliases"] = list_json(answer.aliases, alias_json);
  out["canonical_name"] = text_json(answer.canonical_name);
  if (answer.ttl) out["ttl"] = *answer.ttl;
  if (answer.original_ttl) out["original_ttl"] = *answer.original_ttl;
  put_time(out, "rrsig_inception", answer.rrsig_inception);
  put_time(out, "rrsig_expires", answer.rrsig_expires);
  if (answer.signer) out["signer"] = text_json(*answer.signer);
  if (answer.wildcard) out["wildcard"] = text_json(*answer.wildcard);
  put_flag(out, "opt_out", answer.opt_out);
  return out;
}

void read_said(const Node& node, Answer& answer) {
  answer.rcode = node.find("rcode").optional(&Node::number<int>);
  answer.denial = node.at("denial").word<Denial>();
  answer.data = node.at("data").list(most_records, read_rdata);
  answer.aliases = node.at("aliases").list(most_words, read_alias);
  answer.canonical_name = node.at("canonical_name").text();
  answer.ttl = node.find("ttl").optional(&Node::number<std::uint32_t>);
  answer.original_ttl = node.find("original_ttl").optional(&Node::number<std::uint32_t>);
  answer.rrsig_inception = node.find("rrsig_inception").optional(&Node::time);
  answer.rrsig_expires = node.find("rrsig_expires").optional(&Node::time);
  answer.signer = node.find("signer").optional(&Node::text);
  answer.wildcard = node.find("wildcard").optional(&Node::text);
  answer.opt_out = flag_of(node.find("opt_out"));
}

Json received_json(const Received& received) {
  return {{"wire", octets_json(received.packet)},
          {"read_at", received.at.time_since_epoch().count()},
          {"ttl_cap", received.ttl_cap}};
}

// A message that cannot have been called so is no evidence.
void read_received(const Node& node, Answer& answer) {
  Received received{node.at("wire").octets(), node.at("read_at").time(), node.at("ttl_cap").number<std::uint32_t>()};
  if (node.failed()) return;
  if (answer.status == Status::failed) return node.fail("is a message of an answer that did not come");
  auto read = wire::read_answer(answer.question, answer.status, std::move(received));
  if (!read) return node.at("wire").fail(fmt::format("cannot be read: {}", read.error().message));
  read->why_bogus = std::move(answer.why_bogus);
  read->diagnostic = answer.diagnostic;
  read->failure = answer.failure;
  answer = std::move(*read);
}

Json answer_json(const Answer& answer) {
  Json out{{"name", text_json(answer.question.name)},
           {"type", static_cast<std::uint16_t>(answer.question.type)},
           {"status", word_of(answer.status)}};
  if (answer.failure != Failure::none) out["failure"] = word_of(answer.failure);
  put_text(out, "why_bogus", answer.why_bogus);
  put_flag(out, "diagnostic", answer.diagnostic);
  if (answer.received) {
    out["received"] = received_json(*answer.received);
  } else {
    out["said"] = said_json(answer);
  }
  return out;
}

Answer read_answer(const Node& node) {
  Answer answer;
  answer.question = {node.at("name").text(), read_type(node.at("type"))};
  answer.status = node.at("status").word<Status>();
  const Node failure = node.find("failure");
  if (failure.is_there()) answer.failure = failure.word<Failure>();
  answer.why_bogus = node.find("why_bogus").text();
  answer.diagnostic = flag_of(node.find("diagnostic"));
  if (const Node received = node.find("received"); received.is_there()) {
    read_received(received, answer);
  } else {
    read_said(node.at("said"), answer);
  }
  return answer;
}

}  // namespace

Json rdata_json(const Rdata& rdata) {
  Json out;
  out["text"] = text_json(rdata.text);
  put_flag(out, "malformed", rdata.malformed);
  if (const auto* address = std::get_if<Address>(&rdata.value)) out["address"] = address_json(*address);
  if (const auto* mx = std::get_if<Mx>(&rdata.value)) {
    out["mx"] = Json{{"preference", mx->preference}, {"host", text_json(mx->host)}};
  }
  if (const auto* srv = std::get_if<Srv>(&rdata.value)) {
    out["srv"] = Json{
        {"priority", srv->priority}, {"weight", srv->weight}, {"port", srv->port}, {"target", text_json(srv->target)}};
  }
  if (const auto* record = std::get_if<TlsaRecord>(&rdata.value)) out["tlsa"] = record_json(*record);
  return out;
}

Rdata read_rdata(const Node& node) {
  Rdata rdata;
  rdata.text = node.at("text").text();
  rdata.malformed = flag_of(node.find("malformed"));
  if (const Node address = node.find("address"); address.is_there()) rdata.value = read_address(address);
  if (const Node mx = node.find("mx"); mx.is_there()) {
    rdata.value = Mx{mx.at("preference").number<std::uint16_t>(), mx.at("host").text()};
  }
  if (const Node srv = node.find("srv"); srv.is_there()) {
    rdata.value = Srv{srv.at("priority").number<std::uint16_t>(), srv.at("weight").number<std::uint16_t>(),
                      srv.at("port").number<std::uint16_t>(), srv.at("target").text()};
  }
  if (const Node record = node.find("tlsa"); record.is_there()) rdata.value = read_record(record);
  return rdata;
}

Json answers_json(const std::vector<Answer>& answers) {
  return list_json(answers, answer_json);
}

std::vector<Answer> read_answers(const Node& node) {
  return node.list(most_lookups, read_answer);
}

}  // namespace danewatch::bundle
