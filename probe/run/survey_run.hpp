// A survey under way: names in, results out, a bounded number in flight.
//
// Coordinates and waits, decides nothing and knows no file: names are taken from a function and results given to one.
// Domains in the DNS stage are bounded apart from those that wait for their turn at a server, so that a crowd at one
// provider does not hold up all others. What we were too late for is asked again. Thread rule: the executor's thread.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <exception>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "probe/run/probe.hpp"
#include "probe/run/self_watch.hpp"
#include "probe/survey/names.hpp"
#include "probe/survey/opt_out.hpp"
#include "probe/survey/pace.hpp"

namespace danewatch {

struct SurveyJob {
  SurveyName name;
  std::string line;         // as it is kept
  std::size_t segment = 0;  // whose it is
  int tries = 0;            // that were made
};

struct SurveyRunOptions {
  std::size_t jobs = 256;                      // domains in the DNS stage, at most
  std::size_t in_flight = 2048;                // those, and the ones at or before servers
  std::size_t rate = 0;                        // domains begun in a second; 0: as many as go
  std::chrono::milliseconds patience{600000};  // of one domain, waiting for turns included
};

// What came of one name.
struct SurveyLooked {
  Report report;
  std::vector<std::string> algorithms;  // of the domain's zone
  std::string_view ours;                // what of ours kept us from knowing all, in words; empty: nothing
};

class SurveyRun {
 public:
  using Next = std::function<std::optional<SurveyJob>()>;
  using Done = std::function<void(const SurveyJob&, const SurveyLooked&)>;  // what it throws ends the survey

  struct World {
    Resolver& resolver;
    Dialer& dialer;
    const Matcher& matcher;
    const Clock& clock;
    const OptOut& opt_out;
    SelfWatch& watch;
  };

  SurveyRun(boost::asio::any_io_executor executor, World world, ProbeOptions probe, SurveyRunOptions options, Next next,
            Done done);
  SurveyRun(const SurveyRun&) = delete;
  SurveyRun& operator=(const SurveyRun&) = delete;

  // Returns when all names are done; after stop(), when those in flight are or their time is over: what then is still
  // in flight holds on to this and to the world. Throws what `done` threw.
  boost::asio::awaitable<void> run();
  void stop(std::chrono::milliseconds grace);

  std::size_t in_flight() const { return in_flight_; }
  std::size_t to_try_again() const { return again_.size(); }
  const Pace& pace() const { return pace_; }

 private:
  struct Again {
    SurveyJob job;
    Deadline since;
  };

  bool has_room() const;
  bool is_over() const { return exhausted_ && again_.empty() && in_flight_ == 0; }
  std::optional<SurveyJob> next_job();
  void keep_pace();
  void ring() { bell_.cancel(); }
  void start(SurveyJob job);
  boost::asio::awaitable<void> wait_for_bell();
  boost::asio::awaitable<void> wait_for_rate();
  boost::asio::awaitable<void> look(const SurveyJob& job);
  boost::asio::awaitable<std::optional<std::vector<std::string>>> algorithms_of(const Report& report);
  boost::asio::awaitable<Report> report_on(const SurveyName& name);
  boost::asio::awaitable<Report> probed(Target target);

  boost::asio::any_io_executor executor_;
  World world_;
  SurveyRunOptions options_;
  Probe probe_;
  Next next_;
  Done done_;
  boost::asio::steady_timer bell_;
  Deadline until_ = Deadline::max();
  Deadline next_start_{};
  bool stopped_ = false;
  bool exhausted_ = false;  // no name is left but those to try again
  std::deque<Again> again_;
  Pace pace_;
  Deadline next_pace_{};
  std::size_t in_dns_ = 0;
  std::size_t in_flight_ = 0;
  std::exception_ptr error_;
};

}  // namespace danewatch
