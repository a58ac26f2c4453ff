#include "probe/evidence/fault.hpp"

namespace danewatch {

std::string_view to_string(Stage stage) {
  switch (stage) {
    case Stage::not_started:
      return "not-started";
    case Stage::connect:
      return "connect";
    case Stage::greeting:
      return "greeting";
    case Stage::starttls:
      return "starttls";
    case Stage::handshake:
      return "handshake";
    case Stage::done:
      return "done";
  }
  return "";
}

std::string_view to_string(Fault fault) {
  switch (fault) {
    case Fault::none:
      return "none";
    case Fault::refused:
      return "refused";
    case Fault::unreachable:
      return "unreachable";
    case Fault::timeout:
      return "timeout";
    case Fault::reset:
      return "reset";
    case Fault::eof:
      return "eof";
    case Fault::reply:
      return "reply";
    case Fault::not_offered:
      return "not-offered";
    case Fault::starttls_refused:
      return "starttls-refused";
    case Fault::injected:
      return "injected";
    case Fault::malformed:
      return "malformed";
    case Fault::too_long:
      return "too-long";
    case Fault::alert:
      return "alert";
    case Fault::unrecognized_name:
      return "unrecognized-name";
    case Fault::no_common_version:
      return "no-common-version";
    case Fault::plaintext:
      return "plaintext";
    case Fault::tls_error:
      return "tls-error";
    case Fault::no_ipv6:
      return "no-ipv6";
    case Fault::no_descriptor:
      return "no-descriptor";
    case Fault::too_large:
      return "too-large";
    case Fault::local:
      return "local";
    case Fault::not_run:
      return "not-run";
  }
  return "";
}

}  // namespace danewatch
