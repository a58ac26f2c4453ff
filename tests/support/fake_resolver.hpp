// A fake world for the Resolver interface, written as a readable literal.
//
//   FakeResolver world;
//   world.secure("example.org MX", {"10 mx.example.org"})
//        .secure("mx.example.org A", {"192.0.2.1"})
//        .alias("www.example.org", "mx.example.org");
//
// What is not written down is denied: NODATA where the name is known, else NXDOMAIN, with the state of the nearest
// known ancestor (secure without one). Aliases are followed as a validating resolver does. Never waits: a silent
// server is an answer failed/timeout given at once. Thread rule: one executor's thread.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "resolver/resolver.hpp"
#include "resolver/walk/locate.hpp"

namespace danewatch {

class FakeResolver final : public Resolver {
 public:
  FakeResolver();  // ". DNSKEY" is secure

  // `question` is "NAME TYPE"; data in presentation form. Data that does not parse becomes malformed RDATA.
  FakeResolver& secure(std::string_view question, const std::vector<std::string>& data);
  FakeResolver& insecure(std::string_view question, const std::vector<std::string>& data);
  FakeResolver& bogus(std::string_view question, const std::vector<std::string>& data = {});  // forged data filled in
  FakeResolver& failed(std::string_view question, Failure failure = Failure::servfail);
  FakeResolver& nodata(std::string_view question, Status status = Status::secure);
  FakeResolver& nxdomain(std::string_view name, Status status = Status::secure);  // every type
  FakeResolver& alias(std::string_view from, std::string_view to, Status status = Status::secure,
                      RrType type = RrType::cname);
  FakeResolver& signer(std::string_view zone);  // of everything at and below; default: the last two labels

  FakeResolver& fails_once(std::string_view question);
  FakeResolver& signs_in_vain();  // what is insecure carries signatures, too

  FakeResolver& mended(std::string_view name);   // NXDOMAIN for those who do not validate
  FakeResolver& elsewhere(FakeResolver& other);  // who answers those; it must outlive this one

  boost::asio::awaitable<Answer> lookup(Question question, Deadline deadline) override;
  boost::asio::awaitable<Answer> lookup_unvalidated(Question question, Deadline deadline) override;

  const std::vector<std::string>& asked() const { return asked_; }  // "example.org MX", in order
  const std::vector<Deadline>& deadlines() const { return deadlines_; }
  std::size_t most_at_once() const { return most_at_once_; }

 private:
  FakeResolver* elsewhere_ = nullptr;
  struct Step {
    std::string to;
    Status status = Status::secure;
    RrType type = RrType::cname;
  };

  FakeResolver& put(std::string_view question, Status status, const std::vector<std::string>& data);
  Answer answer(const Question& question) const;
  Answer answer_at(const std::string& name, RrType type) const;
  Answer denial_at(const std::string& name) const;
  Answer cname_answer(const Step& step) const;
  std::string signer_of(const std::string& name) const;

  std::map<std::pair<std::string, RrType>, Answer> answers_;
  std::map<std::string, Step> aliases_;
  std::map<std::string, Status> known_;  // names that exist
  std::map<std::string, Status> absent_;
  std::vector<std::string> zones_;
  std::vector<std::string> mended_;
  std::vector<std::string> failing_once_;
  bool signs_in_vain_ = false;
  std::vector<std::string> asked_;
  std::vector<Deadline> deadlines_;
  std::size_t now_ = 0;
  std::size_t most_at_once_ = 0;
};

// locate() run to its end for the one target that `text` stands for; a minute to go unless told otherwise.
DnsEvidence locate_in(FakeResolver& world, std::string_view text, const LocateOptions& options = {},
                      Deadline deadline = std::chrono::steady_clock::now() + std::chrono::minutes(1));

// The same by another clock than the system's.
DnsEvidence locate_by(const Clock& clock, FakeResolver& world, std::string_view text, Deadline deadline);

// The same with an address given by --ip.
DnsEvidence locate_at(FakeResolver& world, std::string_view text, std::string_view address);

// Then diagnose().
void diagnose_in(FakeResolver& world, DnsEvidence& evidence, const LocateOptions& options = {},
                 Deadline deadline = std::chrono::steady_clock::now() + std::chrono::minutes(1));

}  // namespace danewatch
