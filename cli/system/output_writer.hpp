// Writes to the standard streams in a thread of its own.
//
// A reader who pauses (a pager, a full pipe) must not stop the clocks of probes or the reaction to Ctrl-C. Keeps the
// order of what it is given, over both streams; never loses text unless it is destroyed before finish().
// Thread rule: used by one thread; the notice is called in the writer's.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

namespace danewatch {

class OutputWriter {
 public:
  OutputWriter();
  OutputWriter(const OutputWriter&) = delete;
  OutputWriter& operator=(const OutputWriter&) = delete;
  ~OutputWriter();

  void out(std::string text);  // to standard output
  void err(std::string text);  // to standard error, as it is; what cannot be written is dropped

  // More waits to be written than is good: whoever can should produce no more for now.
  bool is_congested() const;

  // What standard output refused (std::runtime_error: a full disk), or null. Nothing is written any more then.
  std::exception_ptr failure() const;

  // Called when the congestion is over, and on a failure, an earlier one too. An empty one takes the last one back.
  void notify(std::function<void()> notice);

  // Returns when all is written; throws the failure.
  void finish();

 private:
  struct Piece {
    bool to_output = true;
    std::string text;
  };

  void add(Piece piece);
  void run();
  void write(const Piece& piece);
  void done(std::size_t bytes);

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Piece> waiting_;  // the first is being written
  std::size_t bytes_ = 0;
  bool stopping_ = false;
  std::exception_ptr failure_;
  std::function<void()> notice_;
  std::thread thread_;
};

}  // namespace danewatch
