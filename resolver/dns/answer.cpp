#include "resolver/dns/answer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "resolver/dns/name.hpp"

namespace danewatch {

std::string_view to_string(Status status) {
  switch (status) {
    case Status::secure:
      return "secure";
    case Status::insecure:
      return "insecure";
    case Status::bogus:
      return "bogus";
    case Status::failed:
      return "failed";
  }
  return "failed";
}

std::string_view to_string(Failure failure) {
  switch (failure) {
    case Failure::none:
      return "";
    case Failure::servfail:
      return "servfail";
    case Failure::timeout:
      return "timeout";
    case Failure::malformed:
      return "malformed";
    case Failure::local:
      return "local";
  }
  return "";
}

std::string_view to_string(Denial denial) {
  switch (denial) {
    case Denial::none:
      return "";
    case Denial::nodata:
      return "nodata";
    case Denial::nxdomain:
      return "nxdomain";
  }
  return "";
}

std::optional<std::string> alias_target(const Answer& answer) {
  if (answer.question.type != RrType::cname || answer.data.empty()) return std::nullopt;
  std::string name = answer.data.front().text;
  if (name.size() > 1 && name.ends_with('.')) name.pop_back();
  return lower(name);
}

std::string rcode_name(int rcode) {
  static constexpr std::array names{"NOERROR",  "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED",
                                    "YXDOMAIN", "YXRRSET", "NXRRSET",  "NOTAUTH",  "NOTZONE"};
  if (rcode >= 0 && static_cast<std::size_t>(rcode) < names.size()) return names[static_cast<std::size_t>(rcode)];
  return fmt::format("RCODE{}", rcode);
}

}  // namespace danewatch
