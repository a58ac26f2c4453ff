#include "tests/lab/real_servers.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "tests/lab/name_space.hpp"
#include "tests/lab/server.hpp"

namespace danewatch::lab {
namespace {

namespace fs = std::filesystem;

constexpr auto patience = std::chrono::seconds(20);
constexpr int poll_ms = 20;
constexpr std::uint16_t port_submissions = 465;

std::vector<Endpoint> served_by(const std::vector<Endpoint>& endpoints, Program program) {
  std::vector<Endpoint> result;
  std::ranges::copy_if(endpoints, std::back_inserter(result),
                       [&](const Endpoint& endpoint) { return endpoint.program == program; });
  return result;
}

void write(const fs::path& path, const std::string& text) {
  std::ofstream stream(path);
  stream << text;
  stream.flush();
  if (!stream) throw std::runtime_error("cannot write " + path.string());
}

std::string read(const fs::path& path) {
  std::ifstream stream(path);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

void need(const char* program, const char* path) {
  if (geteuid() != 0) throw Forbidden(fmt::format("{} changes users, which needs root", program));
  if (!fs::exists(path)) throw Forbidden(fmt::format("{} is not installed ({})", program, path));
}

std::string listen_address(const Endpoint& endpoint) {
  return fmt::format("{}:{}", to_bracketed(endpoint.address.value_or(Address{})), endpoint.port);
}

// One file as Postfix reads it: the key, then the chain.
fs::path write_identity(const Endpoint& endpoint, const fs::path& dir, std::size_t n) {
  const auto& identity = endpoint.identities.front().front();
  const auto path = dir / fmt::format("identity{}.pem", n);
  write(path, identity.key_pem + identity.chain_pem);
  return path;
}

// No queue is ever used: only the dialogue up to TLS matters.
std::string postfix_main(const fs::path& dir) {
  return fmt::format(
      "compatibility_level = 3.6\nqueue_directory = {0}/queue\ndata_directory = {0}/data\nmail_owner = postfix\n"
      "setgid_group = postdrop\nmaillog_file = {0}/postfix.log\nmaillog_file_prefixes = {0}\ninet_protocols = all\n"
      "smtpd_tls_security_level = may\nsmtpd_peername_lookup = no\nlocal_recipient_maps =\nalias_maps =\n",
      dir.string());
}

std::string postfix_services(const std::vector<Endpoint>& endpoints, const fs::path& dir) {
  std::string text;
  for (std::size_t n = 0; n < endpoints.size(); ++n) {
    text += fmt::format("{} inet n - n - - smtpd -o smtpd_tls_chain_files={} -o myhostname={}{}\n",
                        listen_address(endpoints[n]), write_identity(endpoints[n], dir, n).string(), endpoints[n].host,
                        endpoints[n].port == port_submissions ? " -o smtpd_tls_wrappermode=yes" : "");
  }
  return text + "tlsmgr unix - - n 1000? 1 tlsmgr\nanvil unix - - n - 1 anvil\npostlog unix-dgram n - n - 1 postlogd\n";
}

void start_postfix(const std::vector<Endpoint>& endpoints, const fs::path& lab_dir, Children& children) {
  need("Postfix", "/usr/sbin/postfix");
  const auto dir = lab_dir / "postfix";
  for (const auto* part : {"etc", "queue", "data"}) fs::create_directories(dir / part);
  fs::permissions(lab_dir, fs::perms::others_exec | fs::perms::group_exec, fs::perm_options::add);
  const passwd* owner = getpwnam("postfix");
  if (owner == nullptr || chown((dir / "data").c_str(), owner->pw_uid, owner->pw_gid) != 0) {
    throw std::runtime_error("cannot give Postfix its data directory");
  }
  write(dir / "etc" / "main.cf", postfix_main(dir));
  write(dir / "etc" / "master.cf", postfix_services(endpoints, dir));
  children.start({"/usr/sbin/postfix", "-c", (dir / "etc").string(), "start-fg"}, dir / "postfix.out");
}

std::string nginx_configuration(const std::vector<Endpoint>& endpoints, const fs::path& dir) {
  std::string text = fmt::format(
      "daemon off;\nuser root;\nworker_processes 1;\npid {0}/pid;\nerror_log {0}/error.log;\nevents {{}}\n"
      "http {{\naccess_log off;\nclient_body_temp_path {0}/body;\nproxy_temp_path {0}/proxy;\n"
      "fastcgi_temp_path {0}/fastcgi;\nuwsgi_temp_path {0}/uwsgi;\nscgi_temp_path {0}/scgi;\n",
      dir.string());
  for (std::size_t n = 0; n < endpoints.size(); ++n) {
    const auto identity = write_identity(endpoints[n], dir, n).string();
    text += fmt::format(
        "server {{ listen {} ssl; server_name {}; ssl_certificate {}; ssl_certificate_key {}; return 204; }}\n",
        listen_address(endpoints[n]), endpoints[n].host, identity, identity);
  }
  return text + "}\n";
}

void start_nginx(const std::vector<Endpoint>& endpoints, const fs::path& lab_dir, Children& children) {
  need("nginx", "/usr/sbin/nginx");
  const auto dir = lab_dir / "nginx";
  fs::create_directories(dir);
  write(dir / "nginx.conf", nginx_configuration(endpoints, dir));
  const auto log = (dir / "error.log").string();
  children.start({"/usr/sbin/nginx", "-e", log, "-c", (dir / "nginx.conf").string()}, dir / "nginx.out");
}

}  // namespace

void start_real_servers(const std::vector<Endpoint>& endpoints, const fs::path& dir, Children& children) {
  const auto mail = served_by(endpoints, Program::postfix);
  const auto web = served_by(endpoints, Program::nginx);
  if (!mail.empty()) start_postfix(mail, dir, children);
  if (!web.empty()) start_nginx(web, dir, children);
}

void wait_for_real_servers(const std::vector<Endpoint>& endpoints, const fs::path& dir) {
  const auto end = std::chrono::steady_clock::now() + patience;
  for (const auto& endpoint : endpoints) {
    while (endpoint.program != Program::lab && !accepts_connections(endpoint)) {
      poll(nullptr, 0, poll_ms);
      if (std::chrono::steady_clock::now() < end) continue;
      throw std::runtime_error(fmt::format("nobody listens on {}:\n{}{}{}{}", listen_address(endpoint),
                                           read(dir / "postfix" / "postfix.out"), read(dir / "postfix" / "postfix.log"),
                                           read(dir / "nginx" / "nginx.out"), read(dir / "nginx" / "error.log")));
    }
  }
}

}  // namespace danewatch::lab
