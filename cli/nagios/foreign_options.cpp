#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "cli/nagios/foreign_options.hpp"
#include "cli/system/errors.hpp"

namespace danewatch {
namespace {

constexpr std::array foreign{
    ForeignOption{"-S --ssl", "TLS is what is looked at anyway; leave it out, and name the protocol with --protocol"},
    ForeignOption{"--dane", "DANE is what is looked at anyway; leave it out"},
    ForeignOption{"--noauth --selfsigned --allow-self-signed --ignore-exp --ignore-host-cn --insecure",
                  "TLSA records alone decide what a client accepts; there is nothing to ignore"},
    // Plugins mean different things by these letters.
    ForeignOption{"-A -s -m -r -E -L -N",
                  "TLSA records alone decide what a client accepts, and nothing is asked of the server after the "
                  "handshake"},
    ForeignOption{"--check-pkix --no-check-pkix --pkix --no-pkix",
                  "public CAs count where a record has usage 0 or 1, and nowhere else"},
    ForeignOption{"-n --cn --match -o --org -i --issuer --altnames --fingerprint",
                  "the certificate is compared with the TLSA records; its names are, where RFC 7671 says so"},
    ForeignOption{"--rootcert --ca --ca-file --rootcert-file --rootcert-dir", "the TLSA records name the trust anchor"},
    ForeignOption{"-u --url -e --expect --string -k --header -a --authorization -f --onredirect --regex -j --method "
                  "-J --client-cert -K --private-key --useragent --pagesize --no-body --link",
                  "nothing is asked of the server after the handshake"},
    ForeignOption{"--file", "for certificates in files there is danewatch verify"},
    ForeignOption{"-d --debug", "more lines come with -v, -vv and -vvv"},
    ForeignOption{"-q --quiet --no-perf --noperf --extended-perfdata",
                  "a core needs the status line and its performance data as they are"},
    ForeignOption{"--proxy", "servers are asked directly, as their clients do"},
    ForeignOption{"--no-dnssec --nodnssec", "without DNSSEC there is no DANE"},
};

bool names(std::string_view words, std::string_view word) {
  while (!words.empty()) {
    const auto end = std::min(words.find(' '), words.size());
    if (words.substr(0, end) == word) return true;
    words.remove_prefix(std::min(end + 1, words.size()));
  }
  return false;
}

}  // namespace

const char* const nagios_help::about =
    "Plugin for Nagios, Icinga and their like: are the TLSA records of a mail domain\n"
    "or host right, on every address, for every certificate type, proven by DNSSEC?";

std::string nagios_help::examples() {
  return "States: OK 0, WARNING 1, CRITICAL 2, UNKNOWN 3.\n"
         "A RANGE is [@]START:END in days; a bare N means N:, so alert below N days.\n"
         "Without -w and -c WARNING comes at 14 days or a sixth of the lifetime, CRITICAL\n"
         "at 3 days or a twentieth, whichever is less. Dates count only for records of\n"
         "usage 0 to 2. An option with an empty value counts as not given.\n"
         "\n"
         "Examples:\n"
         "  check_dane -H example.org               a mail domain: all MX hosts\n"
         "  check_dane -H mx.example.org -p 25      one mail host\n"
         "  check_dane -H www.example.org -p 443 -w 14 -c 7\n"
         "  check_dane -H mail.example.org -P imap  STARTTLS on port 143\n"
         "\n"
         "Nagios:\n"
         "  define command {\n"
         "    command_name  check_dane\n"
         "    command_line  /usr/lib/nagios/plugins/check_dane -H '$ARG1$'\n"
         "  }\n"
         "  define service {\n"
         "    use                  generic-service\n"
         "    host_name            mx\n"
         "    service_description  DANE\n"
         "    check_command        check_dane!example.org\n"
         "  }\n"
         "Icinga 2:\n"
         "  apply Service \"dane\" {\n"
         "    check_command = \"dane\"\n"
         "    vars.dane_hostname = host.vars.mail_domain\n"
         "    assign where host.vars.mail_domain\n"
         "  }\n"
         "NRPE:\n"
         "  command[check_dane]=/usr/lib/nagios/plugins/check_dane -H example.org\n"
         "A whole run takes up to ten seconds: give the core more (Nagios and Icinga wait\n"
         "60 s, check_nrpe 10 s: give it -t 15).\n";
}

std::span<const ForeignOption> foreign_options() {
  return foreign;
}

void refuse_foreign_options(const std::vector<std::string>& words) {
  for (const auto& word : words) {
    const std::string_view option = std::string_view(word).substr(0, word.find('='));
    const auto found =
        std::ranges::find_if(foreign, [&](const ForeignOption& other) { return names(other.words, option); });
    if (option.starts_with('-') && found != foreign.end()) throw UsageError(fmt::format("{}: {}", option, found->why));
  }
}

}  // namespace danewatch
