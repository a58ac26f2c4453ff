#include "cli/system/output_writer.hpp"

#include <utility>

#include "cli/system/output.hpp"

namespace danewatch {
namespace {

constexpr std::size_t congested = std::size_t{1} << 20;

}  // namespace

OutputWriter::OutputWriter() : thread_([this] { run(); }) {}

OutputWriter::~OutputWriter() {
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void OutputWriter::out(std::string text) {
  add({true, std::move(text)});
}

void OutputWriter::err(std::string text) {
  add({false, std::move(text)});
}

void OutputWriter::add(Piece piece) {
  if (piece.text.empty()) return;
  {
    const std::scoped_lock lock(mutex_);
    bytes_ += piece.text.size();
    waiting_.push_back(std::move(piece));
  }
  changed_.notify_all();
}

bool OutputWriter::is_congested() const {
  const std::scoped_lock lock(mutex_);
  return bytes_ > congested && !failure_;
}

std::exception_ptr OutputWriter::failure() const {
  const std::scoped_lock lock(mutex_);
  return failure_;
}

void OutputWriter::notify(std::function<void()> notice) {
  const std::scoped_lock lock(mutex_);
  notice_ = std::move(notice);
  if (notice_ && failure_) notice_();
}

void OutputWriter::finish() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return waiting_.empty() || failure_; });
  if (failure_) std::rethrow_exception(failure_);
}

void OutputWriter::run() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return stopping_ || (!waiting_.empty() && !failure_); });
    if (stopping_) return;
    const Piece& first = waiting_.front();  // a deque keeps it in its place while others are added
    lock.unlock();
    std::exception_ptr failure;
    try {
      write(first);
    } catch (...) {
      failure = std::current_exception();
    }
    lock.lock();
    failure_ = failure;
    done(first.text.size());
  }
}

void OutputWriter::write(const Piece& piece) {
  piece.to_output ? write_output(piece.text) : write_raw_error(piece.text);
}

void OutputWriter::done(std::size_t bytes) {
  const bool was_congested = bytes_ > congested;
  waiting_.pop_front();
  bytes_ -= bytes;
  changed_.notify_all();
  if (notice_ && (failure_ || (was_congested && bytes_ <= congested))) notice_();
}

}  // namespace danewatch
