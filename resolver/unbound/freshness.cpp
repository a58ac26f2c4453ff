#include "resolver/unbound/freshness.hpp"

namespace danewatch {
namespace {

std::chrono::nanoseconds between(Freshness::Steady now, Freshness::Wall wall) {
  return std::chrono::nanoseconds(wall.time_since_epoch()) - std::chrono::nanoseconds(now.time_since_epoch());
}

}  // namespace

void Freshness::begin(Wall wall, Steady now) {
  ahead_ = between(now, wall);
  since_ = now;
  stepped_ = blind_ = false;
}

void Freshness::note(const Answer& answer) {
  const bool root = answer.question.name == "." && answer.question.type == RrType::dnskey;
  if (root) blind_ = answer.status == Status::bogus || answer.status == Status::failed;
}

bool Freshness::must_renew(Wall wall, Steady now) {
  const auto ahead = between(now, wall);
  stepped_ = stepped_ || (ahead_ && ahead < *ahead_ - smallest_step);
  ahead_ = ahead;
  return stepped_ || (blind_ && now - since_ >= blind_for);
}

}  // namespace danewatch
