// Mail servers: Postfix takes it, Dovecot hands it out. No queue and no mailbox is ever used.
#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include <array>
#include <stdexcept>

#include "tests/lab/real_starters.hpp"

namespace danewatch::lab {
namespace {

namespace fs = std::filesystem;

constexpr std::uint16_t port_submissions = 465;

std::string postfix_main(const fs::path& dir) {
  return fmt::format(
      "compatibility_level = 3.6\nqueue_directory = {0}/queue\ndata_directory = {0}/data\nmail_owner = postfix\n"
      "setgid_group = postdrop\nmaillog_file = {0}/postfix.log\nmaillog_file_prefixes = {0}\ninet_protocols = all\n"
      "smtpd_tls_security_level = may\nsmtpd_peername_lookup = no\nlocal_recipient_maps =\nalias_maps =\n",
      dir.string());
}

constexpr std::string_view always_there =
    "tlsmgr unix - - n 1000? 1 tlsmgr\nanvil unix - - n - 1 anvil\npostlog unix-dgram n - n - 1 postlogd\n";

std::string postfix_services(const Place& place) {
  std::string text;
  for (const auto& endpoint : place.endpoints) {
    text += fmt::format("{} inet n - n - - smtpd -o smtpd_tls_chain_files={} -o myhostname={}{}{}\n",
                        listen_address(endpoint), write_identity(endpoint, place).string(), endpoint.host,
                        endpoint.port == port_submissions ? " -o smtpd_tls_wrappermode=yes" : "",
                        endpoint.starttls != Offer::absent ? "" : " -o smtpd_tls_security_level=none");
  }
  return text + std::string(always_there);
}

// It says 220- at once, lets every client wait for six seconds, and hands those who kept silent to smtpd. Without a
// memory of its own, so that nobody is known, and without an exception for this machine's addresses.
std::string postscreen_services(const Place& place) {
  std::string text;
  for (std::size_t i = 0; i < place.endpoints.size(); ++i) {
    const auto& endpoint = place.endpoints[i];
    text += fmt::format(
        "{0} inet n - n - 1 postscreen -o smtpd_service_name=behind{1} -o myhostname={2} -o postscreen_cache_map= "
        "-o postscreen_access_list= -o postscreen_greet_action=enforce\n"
        "behind{1} pass - - n - - smtpd -o smtpd_tls_chain_files={3} -o myhostname={2}\n",
        listen_address(endpoint), i, endpoint.host, write_identity(endpoint, place).string());
  }
  return text + "dnsblog unix - - n - 0 dnsblog\ntlsproxy unix - - n - 0 tlsproxy\n" + std::string(always_there);
}

struct Listener {
  std::uint16_t port;
  const char* service;
  const char* name;
};

// Dovecot's own names; those with an s at the end speak TLS at once.
constexpr std::array dovecot_listeners{
    Listener{143, "imap", "imap"},  Listener{993, "imap", "imaps"},         Listener{110, "pop3", "pop3"},
    Listener{995, "pop3", "pop3s"}, Listener{4190, "managesieve", "sieve"},
};

std::string dovecot_services(const Place& place) {
  std::string text;
  for (const auto& listener : dovecot_listeners) {
    text += fmt::format("service {}-login {{\n  chroot =\n  inet_listener {} {{\n    port = {}\n  }}\n}}\n",
                        listener.service, listener.name, place.serves(listener.port) ? listener.port : 0);
  }
  return text;
}

}  // namespace

namespace {

void start_master(const Place& place, const std::string& services) {
  for (const auto* part : {"etc", "queue", "data"}) fs::create_directories(place.dir / part);
  const passwd* owner = getpwnam("postfix");
  if (owner == nullptr || chown((place.dir / "data").c_str(), owner->pw_uid, owner->pw_gid) != 0) {
    throw std::runtime_error("cannot give Postfix its data directory");
  }
  write_file(place.dir / "etc" / "main.cf", postfix_main(place.dir));
  write_file(place.dir / "etc" / "master.cf", services);
  place.children.start_apart({"/usr/sbin/postfix", "-c", (place.dir / "etc").string(), "start-fg"}, place.log());
}

}  // namespace

void start_postfix(const Place& place) {
  start_master(place, postfix_services(place));
}

void start_postscreen(const Place& place) {
  start_master(place, postscreen_services(place));
}

void start_dovecot(const Place& place) {
  const auto identity = write_identity(place.first(), place).string();
  const auto text = fmt::format(
      "base_dir = {0}/run\nstate_dir = {0}/state\nlog_path = {0}/dovecot.log\nlisten = {1}\nprotocols = imap pop3 "
      "sieve\n"
      "ssl = {4}\nssl_cert = <{2}\nssl_key = <{2}\npassdb {{\n  driver = static\n}}\nuserdb {{\n  driver = static\n}}\n"
      "{3}",
      place.dir.string(), ip_of(place.first()), identity, dovecot_services(place), place.offers_tls() ? "yes" : "no");
  const auto path = write_file(place.dir / "dovecot.conf", text);
  place.children.start_apart({"/usr/sbin/dovecot", "-F", "-c", path.string()}, place.log());
}

}  // namespace danewatch::lab
