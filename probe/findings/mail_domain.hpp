// Inner: a mail domain that was asked for as if it were a host.
//
// Thread rule: pure functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "probe/findings/inner.hpp"

namespace danewatch {

// Nothing where the operator asked for a domain, or where the name has no MX record that leads elsewhere. `lookups` are
// those that diagnose() added to.
std::optional<Finding> mail_domain_finding(std::string_view code, const Report& report,
                                           const std::vector<Answer>& lookups, const std::string& name);

// The same beside what else is known of the host.
void find_mail_domain(const Report& report, const HostReport& host, Findings& found);

}  // namespace danewatch
