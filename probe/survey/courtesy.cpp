#include "probe/survey/courtesy.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "probe/survey/order.hpp"

namespace danewatch {
namespace {

constexpr std::string_view everybody = "all";
constexpr std::string_view provider_mark = "provider ";
constexpr std::size_t worth_tidying = 4096;

std::string network_of(Address address) {
  const std::size_t kept = address.v6 ? 6 : 3;  // /48, /24
  std::fill(address.bytes.begin() + static_cast<std::ptrdiff_t>(kept), address.bytes.end(), std::uint8_t{0});
  return fmt::format("network {}/{}", to_string(address), kept * 8);
}

}  // namespace

std::vector<std::string> Courtesy::parties(const std::string& provider, const Address& address) {
  std::vector<std::string> parties{std::string(everybody), network_of(address)};
  if (!provider.empty()) parties.push_back(fmt::format("{}{}", provider_mark, provider));
  return parties;
}

std::size_t Courtesy::limit_of(std::string_view party) const {
  if (party == everybody) return limits_.at_a_time;
  return party.starts_with(provider_mark) ? limits_.per_provider : limits_.per_network;
}

const std::string* Courtesy::busy(const std::vector<std::string>& parties) const {
  for (const std::string& party : parties) {
    const auto open = open_.find(party);
    if (open != open_.end() && open->second >= limit_of(party)) return &party;
  }
  return nullptr;
}

bool Courtesy::left_alone(const Address& address, Moment now) const {
  const auto rest = resting_.find(address);
  return rest != resting_.end() && rest->second.turned_away && now < rest->second.until;
}

void Courtesy::begin(const std::vector<std::string>& parties) {
  for (const std::string& party : parties) ++open_[party];
}

void Courtesy::end(const std::vector<std::string>& parties) {
  for (const std::string& party : parties) {
    const auto open = open_.find(party);
    if (open != open_.end() && --open->second == 0) open_.erase(open);
  }
}

// Half as much to half as much again.
std::chrono::milliseconds Courtesy::jittered(std::chrono::milliseconds average) {
  const auto thrown = static_cast<std::int64_t>(place_of(std::to_string(++dice_)) >> 33);
  return average.count() == 0 ? average : average / 2 + std::chrono::milliseconds(thrown % (average.count() + 1));
}

Courtesy::Moment Courtesy::best_moment(const Address& address, Moment now) {
  const Moment staggered = now + jittered(limits_.stagger);
  const auto rest = resting_.find(address);
  return rest == resting_.end() ? staggered : std::max(staggered, rest->second.until);
}

void Courtesy::visited(const Address& address, Moment now, bool turned_away) {
  if (resting_.size() >= worth_tidying)
    std::erase_if(resting_, [&](const auto& rest) { return rest.second.until <= now; });
  const std::chrono::milliseconds pause = turned_away ? limits_.left_alone_for : limits_.rest;
  resting_[address] = {now + jittered(pause), turned_away};
}

}  // namespace danewatch
