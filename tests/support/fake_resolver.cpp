#include "tests/support/fake_resolver.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <sstream>
#include <stdexcept>

#include "cli/clock/system_clock.hpp"

namespace danewatch {
namespace asio = boost::asio;

namespace {

constexpr std::size_t longest_chain = 12;
constexpr SysTime inception{std::chrono::seconds{1'700'000'000}};
constexpr SysTime expiry{std::chrono::seconds{1'702'592'000}};

RrType type_from(std::string_view word) {
  using enum RrType;
  for (const RrType type : {a, ns, cname, soa, mx, aaaa, srv, dname, ds, dnskey, tlsa}) {
    if (to_string(type) == word) return type;
  }
  throw std::logic_error(fmt::format("no record type {}", word));
}

Question question_from(std::string_view text) {
  const std::size_t blank = text.find(' ');
  if (blank == std::string_view::npos) throw std::logic_error(fmt::format("\"{}\" is not NAME TYPE", text));
  return {std::string(text.substr(0, blank)), type_from(text.substr(blank + 1))};
}

std::string parent_of(const std::string& name) {
  const std::size_t dot = name.find('.');
  return dot == std::string::npos || name == "." ? std::string() : name.substr(dot + 1);
}

std::string without_dot(std::string name) {
  if (name.size() > 1 && name.ends_with('.')) name.pop_back();
  return name;
}

Rdata rdata_from(RrType type, const std::string& owner, const std::string& text) {
  Rdata rdata;
  rdata.text = text;
  std::istringstream in(text);
  if (type == RrType::a || type == RrType::aaaa) {
    if (const auto address = parse_address(text)) rdata.value = *address;
  } else if (type == RrType::mx) {
    Mx mx;
    if (in >> mx.preference >> mx.host) rdata.value = Mx{mx.preference, without_dot(mx.host)};
  } else if (type == RrType::srv) {
    Srv srv;
    if (in >> srv.priority >> srv.weight >> srv.port >> srv.target) {
      srv.target = without_dot(srv.target);
      rdata.value = srv;
    }
  } else if (type == RrType::tlsa) {
    auto record = parse_tlsa(text);
    if (record) record->owner = owner;
    if (record) rdata.value = *record;
  } else {
    return rdata;
  }
  rdata.malformed = std::holds_alternative<std::monostate>(rdata.value);
  return rdata;
}

void sign(Answer& answer, std::string signer) {
  answer.original_ttl = answer.ttl;
  answer.rrsig_inception = inception;
  answer.rrsig_expires = expiry;
  answer.signer = std::move(signer);
}

Status worse_of(Status left, Status right) {
  for (const Status status : {Status::bogus, Status::failed, Status::insecure}) {
    if (left == status || right == status) return status;
  }
  return Status::secure;
}

void make_failed(Answer& answer, Failure failure) {
  answer.status = Status::failed;
  answer.failure = failure;
  answer.rcode = failure == Failure::servfail ? std::optional(2) : std::nullopt;
  answer.ttl.reset();
}

}  // namespace

FakeResolver::FakeResolver() {
  secure(". DNSKEY", {"257 3 8 AwEAAa=="});
}

FakeResolver& FakeResolver::put(std::string_view text, Status status, const std::vector<std::string>& data) {
  Question question = question_from(text);
  Answer answer;
  answer.status = status;
  answer.rcode = 0;
  answer.ttl = 300;
  if (status == Status::bogus) answer.why_bogus = "signature expired";
  answer.denial = data.empty() && status != Status::bogus ? Denial::nodata : Denial::none;
  for (const std::string& item : data) answer.data.push_back(rdata_from(question.type, question.name, item));
  known_.try_emplace(question.name, status);
  if (status == Status::insecure) known_[question.name] = status;
  answers_[{question.name, question.type}] = std::move(answer);
  return *this;
}

FakeResolver& FakeResolver::secure(std::string_view question, const std::vector<std::string>& data) {
  return put(question, Status::secure, data);
}

FakeResolver& FakeResolver::insecure(std::string_view question, const std::vector<std::string>& data) {
  return put(question, Status::insecure, data);
}

FakeResolver& FakeResolver::bogus(std::string_view question, const std::vector<std::string>& data) {
  return put(question, Status::bogus, data);
}

FakeResolver& FakeResolver::failed(std::string_view question, Failure failure) {
  const Question asked = question_from(question);
  Answer answer;
  make_failed(answer, failure);
  known_.try_emplace(asked.name, Status::secure);
  answers_[{asked.name, asked.type}] = std::move(answer);
  return *this;
}

FakeResolver& FakeResolver::nodata(std::string_view question, Status status) {
  return put(question, status, {});
}

FakeResolver& FakeResolver::nxdomain(std::string_view name, Status status) {
  absent_[std::string(name)] = status;
  return *this;
}

FakeResolver& FakeResolver::alias(std::string_view from, std::string_view to, Status status, RrType type) {
  aliases_[std::string(from)] = Step{std::string(to), status, type};
  known_[std::string(from)] = status;
  return *this;
}

FakeResolver& FakeResolver::signer(std::string_view zone) {
  zones_.emplace_back(zone);
  return *this;
}

FakeResolver& FakeResolver::fails_once(std::string_view question) {
  failing_once_.emplace_back(question);
  return *this;
}

FakeResolver& FakeResolver::signs_in_vain() {
  signs_in_vain_ = true;
  return *this;
}

FakeResolver& FakeResolver::mended(std::string_view name) {
  mended_.emplace_back(name);
  return *this;
}

std::string FakeResolver::signer_of(const std::string& name) const {
  std::string best;
  for (const std::string& zone : zones_) {
    if ((name == zone || name.ends_with("." + zone)) && zone.size() > best.size()) best = zone;
  }
  if (!best.empty()) return best;
  if (name == ".") return name;
  const std::size_t last = name.rfind('.');
  const std::size_t before = last == std::string::npos || last == 0 ? last : name.rfind('.', last - 1);
  return before == std::string::npos ? name : name.substr(before + 1);
}

Answer FakeResolver::denial_at(const std::string& name) const {
  Answer answer;
  answer.status = Status::secure;
  const auto absent = absent_.find(name);
  const bool exists = known_.contains(name) && absent == absent_.end();
  answer.rcode = exists ? 0 : 3;
  answer.denial = exists ? Denial::nodata : Denial::nxdomain;
  answer.ttl = 300;
  for (std::string at = name; !at.empty(); at = parent_of(at)) {
    const auto known = known_.find(at);
    if (known == known_.end()) continue;
    if (known->second == Status::insecure) answer.status = Status::insecure;
    break;
  }
  if (absent != absent_.end()) answer.status = absent->second;
  return answer;
}

Answer FakeResolver::answer_at(const std::string& name, RrType type) const {
  const auto found = answers_.find({name, type});
  return found != answers_.end() ? found->second : denial_at(name);
}

Answer FakeResolver::cname_answer(const Step& step) const {
  Answer answer;
  answer.status = step.status;
  answer.rcode = 0;
  answer.ttl = 300;
  answer.data.push_back(Rdata{std::monostate{}, step.to + ".", false});
  return answer;
}

Answer FakeResolver::answer(const Question& question) const {
  std::string name = question.name;
  std::vector<Alias> chain;
  Status status = Status::secure;
  auto step = aliases_.find(name);
  if (question.type == RrType::cname) {
    const bool written = answers_.contains({name, RrType::cname}) || step == aliases_.end();
    return written ? answer_at(name, RrType::cname) : cname_answer(step->second);
  }
  while (step != aliases_.end() && chain.size() <= longest_chain) {
    chain.push_back(Alias{name, step->second.to, step->second.type});
    status = worse_of(status, step->second.status);
    name = step->second.to;
    step = aliases_.find(name);
  }
  Answer answer = answer_at(name, question.type);
  answer.status = worse_of(status, answer.status);
  if (answer.status == Status::bogus && answer.why_bogus.empty()) answer.why_bogus = "alias not proven";
  if (chain.size() > longest_chain) {
    answer = Answer{};
    make_failed(answer, Failure::servfail);
    return answer;
  }
  if (answer.status != Status::failed) answer.aliases = std::move(chain);
  answer.canonical_name = name;
  return answer;
}

asio::awaitable<Answer> FakeResolver::lookup(Question question, Deadline deadline) {
  const std::string asked = fmt::format("{} {}", question.name, to_string(question.type));
  asked_.push_back(asked);
  deadlines_.push_back(deadline);
  most_at_once_ = std::max(most_at_once_, ++now_);
  co_await asio::post(asio::use_awaitable);  // as with a real one, others get their turn
  --now_;
  Answer result = answer(question);
  if (std::erase(failing_once_, asked) != 0) make_failed(result, Failure::servfail);
  if (result.canonical_name.empty()) result.canonical_name = question.name;
  const bool of_parent = question.type == RrType::ds;  // RFC 4035 2.4
  const std::string parent = parent_of(question.name);
  const std::string signed_name = !of_parent ? result.canonical_name : parent.empty() ? "." : parent;
  const bool vainly = signs_in_vain_ && result.status == Status::insecure;
  if (result.status == Status::secure || vainly) sign(result, signer_of(signed_name));
  result.question = std::move(question);
  co_return result;
}

FakeResolver& FakeResolver::elsewhere(FakeResolver& other) {
  elsewhere_ = &other;
  return *this;
}

asio::awaitable<Answer> FakeResolver::lookup_unvalidated(Question question, Deadline) {
  co_await asio::post(asio::use_awaitable);
  Answer result = (elsewhere_ != nullptr ? *elsewhere_ : *this).answer(question);
  if (result.status != Status::failed) result.status = Status::insecure;
  if (std::ranges::find(mended_, question.name) != mended_.end()) {
    result.denial = Denial::nxdomain;
    result.rcode = 3;
  }
  result.question = std::move(question);
  co_return result;
}

namespace {

void run(asio::io_context& io, asio::awaitable<void> task) {
  std::exception_ptr error;
  asio::co_spawn(io, std::move(task), [&error](std::exception_ptr thrown) { error = thrown; });
  io.run();
  if (error) std::rethrow_exception(error);
}

asio::awaitable<void> locate_into(Resolver& resolver, const Clock& clock, Target target, LocateOptions options,
                                  Deadline deadline, DnsEvidence& evidence) {
  evidence = co_await locate(resolver, clock, std::move(target), options, deadline);
}

DnsEvidence locate_one(FakeResolver& world, const Clock& clock, Target target, const LocateOptions& options,
                       Deadline deadline) {
  asio::io_context io;
  DnsEvidence evidence;
  run(io, locate_into(world, clock, std::move(target), options, deadline, evidence));
  return evidence;
}

Target target_of(std::string_view text, const TargetOptions& options = {}) {
  return parse_targets(text, options).value().at(0);
}

}  // namespace

DnsEvidence locate_in(FakeResolver& world, std::string_view text, const LocateOptions& options, Deadline deadline) {
  return locate_one(world, SystemClock(), target_of(text), options, deadline);
}

DnsEvidence locate_by(const Clock& clock, FakeResolver& world, std::string_view text, Deadline deadline) {
  return locate_one(world, clock, target_of(text), {}, deadline);
}

DnsEvidence locate_at(FakeResolver& world, std::string_view text, std::string_view address) {
  TargetOptions options;
  options.address = parse_address(address).value();
  const SystemClock clock;
  return locate_one(world, clock, target_of(text, options), {}, clock.steady() + std::chrono::minutes(1));
}

void diagnose_in(FakeResolver& world, DnsEvidence& evidence, const LocateOptions& options, Deadline deadline) {
  asio::io_context io;
  const SystemClock clock;
  run(io, diagnose(world, clock, evidence, options, deadline));
}

}  // namespace danewatch
