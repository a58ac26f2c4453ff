#include "resolver/suffix/registrable.hpp"

#include <libpsl.h>

namespace danewatch {

std::string registrable_domain(const std::string& name) {
  const char* found = psl_registrable_domain(psl_builtin(), name.c_str());
  return found == nullptr ? name : std::string(found);
}

}  // namespace danewatch
