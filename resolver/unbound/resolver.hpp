// The Resolver that validates in-process with libunbound.
//
// Never trusts an upstream's AD bit, never uses a system resolver unless told by unbound_conf. Of many questions it
// asks those with the nearest deadline first and keeps the others waiting, so that a run finishes what an earlier one
// began. Where the wall clock steps back, or the root stays out of reach, it begins anew. Thread rule: create, use and
// destroy on the executor's thread; libunbound's own thread is an inner detail.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "resolver/resolver.hpp"

namespace danewatch {

struct ResolverOptions {
  std::optional<std::string> trust_anchor;  // file; default: what find_trust_anchor() finds
  std::optional<std::string> root_hints;    // file
  std::optional<std::string> unbound_conf;  // file in libunbound's own language, read last
  std::vector<std::string> forwarders;      // "ADDR[@PORT][#TLSNAME]"; TLSNAME means DNS over TLS
  std::vector<std::string> stubs;           // "ZONE=ADDR[@PORT]"
  bool ipv4 = true;                         // transport towards name servers
  bool ipv6 = true;
  std::optional<SysTime> at;                         // judge signatures as of this time (--at)
  std::chrono::milliseconds question_timeout{5000};  // from the moment a question is asked, not from when it queued
  bool small = false;          // for the questions of one target: tables for thousands cost more than they are worth
  bool validate = true;        // false: the same resolver without validation, for what it explains
  bool keep_messages = false;  // in the answers, for evidence that is kept
  bool global_only = false;    // for names that strangers choose: no question to a private address that a zone names

  bool operator==(const ResolverOptions&) const = default;
};

// A value among the options that means nothing, such as a forwarder that is no address; not a file that cannot be read.
class BadOption : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

std::string unbound_version();  // of the libunbound in use

class Freshness;  // when its cache must go

class UnboundResolver final : public Resolver {
 public:
  using WallClock = std::function<std::chrono::system_clock::time_point()>;

  // Throws std::runtime_error with one sentence that names the file or option when it cannot go on.
  UnboundResolver(boost::asio::any_io_executor executor, const ResolverOptions& options,
                  WallClock wall = std::chrono::system_clock::now);
  ~UnboundResolver() override;

  boost::asio::awaitable<Answer> lookup(Question question, Deadline deadline) override;

  // By a second libunbound, which comes into being with the first such question.
  boost::asio::awaitable<Answer> lookup_unvalidated(Question question, Deadline deadline) override;

  const std::string& trust_anchor() const;  // a path, or "built-in": for the report

 private:
  class Impl;
  Impl& fresh();
  void renew(std::chrono::steady_clock::time_point now);
  boost::asio::any_io_executor executor_;
  ResolverOptions options_;
  std::unique_ptr<Impl> impl_;
  std::unique_ptr<Impl> plain_;                 // does not validate; null until it is needed
  std::vector<std::unique_ptr<Impl>> retired_;  // until their last question is answered
  WallClock wall_;
  std::shared_ptr<Freshness> freshness_;
};

}  // namespace danewatch
