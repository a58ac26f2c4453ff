#include "exporters/http/stillness.hpp"

#include <algorithm>

namespace danewatch {

FileLook operator+(const FileLook& one, const FileLook& other) {
  FileLook both{one.stamp + "|" + other.stamp, std::nullopt};
  if (one.age && other.age) both.age = std::min(*one.age, *other.age);
  return both;
}

bool Stillness::stands(const FileLook& look, Time now) {
  if (look.age && *look.age >= settle_) return true;
  if (seen_ != look.stamp) {
    seen_ = look.stamp;
    since_ = now;
    return false;
  }
  return now - since_ >= settle_;
}

}  // namespace danewatch
