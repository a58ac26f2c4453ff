#include "resolver/dns/record.hpp"

#include <fmt/format.h>

namespace danewatch {

std::string to_string(RrType type) {
  switch (type) {
    case RrType::a:
      return "A";
    case RrType::ns:
      return "NS";
    case RrType::cname:
      return "CNAME";
    case RrType::soa:
      return "SOA";
    case RrType::mx:
      return "MX";
    case RrType::aaaa:
      return "AAAA";
    case RrType::srv:
      return "SRV";
    case RrType::dname:
      return "DNAME";
    case RrType::ds:
      return "DS";
    case RrType::dnskey:
      return "DNSKEY";
    case RrType::tlsa:
      return "TLSA";
  }
  return fmt::format("TYPE{}", static_cast<unsigned>(type));
}

}  // namespace danewatch
