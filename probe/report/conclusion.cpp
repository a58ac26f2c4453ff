#include "probe/report/conclusion.hpp"

namespace danewatch {
namespace {

Conclusion tempfail_at(Stage stage) {
  switch (stage) {
    case Stage::not_started:
    case Stage::connect:
      return {Verdict::tempfail, Reason::connect};
    case Stage::greeting:
      return {Verdict::tempfail, Reason::greeting};
    case Stage::starttls:
      return {Verdict::tempfail, Reason::starttls};
    case Stage::handshake:
    case Stage::done:
      return {Verdict::tempfail, Reason::handshake};
  }
  return {Verdict::tempfail, Reason::connect};
}

Conclusion not_looked(bool complete) {
  return {Verdict::unknown, complete ? Reason::not_run : Reason::deadline};
}

}  // namespace

std::optional<Conclusion> conclusion_of(Located located, bool complete) {
  switch (located) {
    case Located::dane:
      return std::nullopt;
    case Located::no_tlsa:
      return Conclusion{Verdict::not_applicable, Reason::no_tlsa};
    case Located::insecure:
      return Conclusion{Verdict::not_applicable, Reason::insecure};
    case Located::insecure_mx:
      return Conclusion{Verdict::not_applicable, Reason::insecure_mx};
    case Located::insecure_srv:
      return Conclusion{Verdict::not_applicable, Reason::insecure_srv};
    case Located::address_literal:
      return Conclusion{Verdict::not_applicable, Reason::address_literal};
    case Located::no_service:
      return Conclusion{Verdict::no_service, Reason::none};
    case Located::bogus:
      return Conclusion{Verdict::dns_bogus, Reason::none};
    case Located::servfail:
      return Conclusion{Verdict::dns_error, Reason::servfail};
    case Located::timeout:
      return Conclusion{Verdict::dns_error, Reason::timeout};
    case Located::malformed:
      return Conclusion{Verdict::dns_error, Reason::malformed};
    case Located::nxdomain:
      return Conclusion{Verdict::dns_error, Reason::nxdomain};
    case Located::no_address:
      return Conclusion{Verdict::dns_error, Reason::no_address};
    case Located::local_failure:
      return Conclusion{Verdict::unknown, Reason::local_limit};
    case Located::no_network:
      return Conclusion{Verdict::unknown, Reason::no_network};
    case Located::algorithm:
      return Conclusion{Verdict::unknown, Reason::local_limit};
    case Located::trust_anchor:
      return Conclusion{Verdict::unknown, Reason::trust_anchor};
    case Located::not_run:
      return not_looked(complete);
  }
  return not_looked(complete);
}

std::optional<Conclusion> conclusion_of(const TlsEvidence& evidence, bool complete) {
  switch (evidence.fault) {
    case Fault::none:
      if (evidence.stage == Stage::done) return std::nullopt;
      return not_looked(complete);
    case Fault::refused:
    case Fault::unreachable:
    case Fault::timeout:
    case Fault::reset:
    case Fault::eof:
    case Fault::reply:
      return tempfail_at(evidence.stage);
    case Fault::not_offered:
      return Conclusion{Verdict::tls_missing, Reason::not_offered};
    case Fault::starttls_refused:
      return Conclusion{Verdict::tls_missing, Reason::refused};
    case Fault::alert:
    case Fault::unrecognized_name:
    case Fault::no_common_version:
    case Fault::plaintext:
    case Fault::tls_error:
      return Conclusion{Verdict::tls_missing, Reason::handshake};
    case Fault::injected:
      return Conclusion{Verdict::protocol_error, Reason::injected};
    case Fault::malformed:
      return Conclusion{Verdict::protocol_error, Reason::malformed};
    case Fault::too_long:
      return Conclusion{Verdict::protocol_error, Reason::too_long};
    case Fault::no_ipv6:
    case Fault::no_descriptor:
    case Fault::too_large:
    case Fault::local:
      return Conclusion{Verdict::unknown, Reason::local_limit};
    case Fault::not_run:
      return not_looked(complete);
  }
  return not_looked(complete);
}

}  // namespace danewatch
