#include "tests/lab/options.hpp"

#include <charconv>
#include <functional>
#include <map>

namespace danewatch::lab {

const char* const usage =
    "usage: danewatch-lab [OPTION…] [SCENE…] [-- COMMAND [ARGUMENT…]]\n"
    "\n"
    "Runs COMMAND (a shell by default) inside a small private internet with good and broken mail domains.\n"
    "With names of scenes only these are there.\n"
    "\n"
    "  --check           run danewatch on every scene and compare with what the scene expects\n"
    "  --demo            run danewatch on every scene and show what it says\n"
    "  --list            name the scenes and end\n"
    "  --danewatch PATH  the program to use; by default the one built beside this one\n"
    "  --scenes FILE[:NAME,…]  other scenes, or some of them; the vocabulary is at the top of tests/lab/scenes.yaml\n"
    "  --copies N        each scene N times, as NAME-1, NAME-2, … in zones and on servers of its own\n"
    "  --at-once         with --check: one danewatch looks at all scenes at the same time\n"
    "  --jobs N          checks at the same time (4)\n"
    "  --quiet           no list of the scenes before a shell, no line for a scene that is right\n"
    "  --resolver        a validating unbound on 127.0.0.1, for programs that ask one; danewatch does not\n"
    "  --turn SECONDS    scenes with acts go on to the next one by themselves; else only by a line \"SCENE ACT\" "
    "written to\n"
    "                    $DANEWATCH_LAB_STAGE\n"
    "  --listen ADDR:PORT  a socket outside of the lab that the command gets as systemd would hand it over "
    "(LISTEN_FDS);\n"
    "                    port 0: any free one, its URL is in $DANEWATCH_LAB_URL\n"
    "  --help            this text\n"
    "\n"
    "For benchmarks, instead of scenes:\n"
    "  --bulk N          N mail domains d1.bulk.lab, d2.bulk.lab, … with one host each; their names are in the file\n"
    "                    $DANEWATCH_LAB_TARGETS\n"
    "  --mixed           of all protocols, every tenth of them at fault\n"
    "  --bulk-zones N    spread over N zones (1)\n"
    "  --providers N     87 of 100 domains have their mail with one of N providers, mx.p1.lab, mx.p2.lab, …\n"
    "  --latency MS      the mail servers hold every reply, and every flight of the handshake, as long\n"
    "  --dns-latency MS  so do the name servers of the bulk zones\n"
    "  --silent PERCENT  as many of the hosts never answer\n";

namespace {

int number(const std::string& option, const std::string& text, int low, int high) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < low || value > high) {
    throw UsageError(option + " needs a number from " + std::to_string(low) + " to " + std::to_string(high));
  }
  return value;
}

using Flag = std::function<void(Options&)>;
using Setting = std::function<void(Options&, const std::string&)>;

const std::map<std::string, Flag>& flags() {
  static const std::map<std::string, Flag> table{
      {"--check", [](Options& options) { options.mode = Options::Mode::check; }},
      {"--demo", [](Options& options) { options.mode = Options::Mode::demo; }},
      {"--list", [](Options& options) { options.mode = Options::Mode::list; }},
      {"--help", [](Options& options) { options.mode = Options::Mode::help; }},
      {"--at-once", [](Options& options) { options.at_once = true; }},
      {"--mixed", [](Options& options) { options.mixed = true; }},
      {"--quiet", [](Options& options) { options.quiet = true; }},
      {"--resolver", [](Options& options) { options.resolver = true; }},
  };
  return table;
}

const std::map<std::string, Setting>& settings() {
  static const std::map<std::string, Setting> table{
      {"--danewatch", [](Options& options, const std::string& value) { options.danewatch = value; }},
      {"--scenes", [](Options& options, const std::string& value) { options.scenes.push_back(value); }},
      {"--copies",
       [](Options& options, const std::string& value) { options.copies = number("--copies", value, 1, 100); }},
      {"--listen", [](Options& options, const std::string& value) { options.listen = value; }},
      {"--turn",
       [](Options& options, const std::string& value) { options.turn_seconds = number("--turn", value, 1, 3600); }},
      {"--jobs", [](Options& options, const std::string& value) { options.jobs = number("--jobs", value, 1, 64); }},
      {"--bulk",
       [](Options& options, const std::string& value) { options.bulk = number("--bulk", value, 1, 500'000); }},
      {"--bulk-zones",
       [](Options& options, const std::string& value) { options.bulk_zones = number("--bulk-zones", value, 1, 2000); }},
      {"--providers",
       [](Options& options, const std::string& value) { options.providers = number("--providers", value, 0, 200); }},
      {"--dns-latency",
       [](Options& options, const std::string& value) {
         options.dns_latency_ms = number("--dns-latency", value, 0, 60'000);
       }},
      {"--latency",
       [](Options& options, const std::string& value) { options.latency_ms = number("--latency", value, 0, 60'000); }},
      {"--silent",
       [](Options& options, const std::string& value) { options.silent_percent = number("--silent", value, 0, 100); }},
  };
  return table;
}

}  // namespace

Options parse_options(const std::vector<std::string>& arguments) {
  Options options;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const auto& word = arguments[i];
    if (word == "--") {
      options.command.assign(arguments.begin() + static_cast<std::ptrdiff_t>(i) + 1, arguments.end());
      return options;
    }
    if (const auto flag = flags().find(word); flag != flags().end()) {
      flag->second(options);
    } else if (const auto setting = settings().find(word); setting != settings().end()) {
      if (++i == arguments.size()) throw UsageError(word + " needs a value");
      setting->second(options, arguments[i]);
    } else if (word.starts_with("-")) {
      throw UsageError("there is no option " + word);
    } else {
      options.names.push_back(word);
    }
  }
  return options;
}

}  // namespace danewatch::lab
