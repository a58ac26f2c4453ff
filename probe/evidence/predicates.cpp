#include "probe/evidence/predicates.hpp"

#include <algorithm>

namespace danewatch {

bool is_finished(const TlsEvidence& evidence) {
  return evidence.stage == Stage::done && (evidence.fault == Fault::none || shows_chain(evidence));
}

bool was_observed(const TlsEvidence& evidence) {
  return is_finished(evidence) || shows_chain(evidence);
}

bool decides(const TlsEvidence& evidence) {
  return evidence.view != View::no_sni;
}

bool was_seen_again(std::span<const TlsEvidence> address) {
  const auto& absent = address.front().absent_views;
  return std::ranges::find(absent, View::second) != absent.end() ||
         std::ranges::find(address, View::second, &TlsEvidence::view) != address.end();
}

// Of a capability the last letter may be left; of a greeting some octets are.
bool is_written_over(std::string_view reply) {
  if (reply.size() < 8) return false;
  const std::string_view text = reply.substr(4);
  const auto stars = std::ranges::count(text, '*');
  const bool greeting = stars >= 4 && 2 * stars > static_cast<std::ptrdiff_t>(text.size());
  const std::string_view word = text.substr(0, text.find(' '));
  return greeting || (word.size() >= 4 && word.find_first_not_of('X') >= word.size() - 1);
}

std::optional<View> key_family(const Certificate& certificate) {
  const std::string& key = certificate.key;
  if (key.starts_with("rsa-pss")) return View::rsa_pss;
  if (key.starts_with("rsa")) return View::rsa;
  if (key.starts_with("ecdsa")) return View::ecdsa;
  if (key.starts_with("ed25519")) return View::ed25519;
  if (key.starts_with("ed448")) return View::ed448;
  return std::nullopt;
}

bool is_temporary(Fault fault) {
  switch (fault) {
    case Fault::refused:
    case Fault::unreachable:
    case Fault::timeout:
    case Fault::reset:
    case Fault::eof:
    case Fault::reply:
      return true;
    default:
      return false;
  }
}

std::vector<std::string> reference_names(const HostEvidence& host) {
  if (!host.names.empty()) return host.names;
  return {host.base_domain.empty() ? host.host : host.base_domain};
}

}  // namespace danewatch
