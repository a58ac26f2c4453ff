// Servers of everything that is neither mail nor DNS. None of them has any content.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <stdexcept>

#include "tests/lab/real_starters.hpp"

namespace danewatch::lab {
namespace {

namespace fs = std::filesystem;

constexpr std::uint16_t port_ldaps = 636;

// An empty database cluster: seconds of CPU time, so nothing is asked of it that nobody needs.
void make_cluster(const Place& place, const fs::path& data) {
  give_to_nobody(place.dir);
  const auto made =
      run_batch({as_nobody({fmt::format("{}/initdb", postgres_programs()), "--no-sync", "--no-instructions",
                            "--locale=C", "--username=lab", "--auth=trust", "--pgdata", data.string()})},
                1, place.dir);
  if (made.front().status != 0) throw std::runtime_error("initdb: " + made.front().errors);
}

}  // namespace

// Debian 12 has 15, Debian 13 has 17.
const std::string& postgres_programs() {
  static const std::string folder = [] {
    for (const char* version : {"17", "15"}) {
      const std::string found = fmt::format("/usr/lib/postgresql/{}/bin", version);
      if (fs::exists(found + "/postgres")) return found;
    }
    return std::string("/usr/lib/postgresql");
  }();
  return folder;
}

void start_nginx(const Place& place) {
  std::string text = fmt::format(
      "daemon off;\nworker_processes 1;\npid {0}/pid;\nerror_log {0}/error.log;\nevents {{}}\n"
      "http {{\naccess_log off;\nclient_body_temp_path {0}/body;\nproxy_temp_path {0}/proxy;\n"
      "fastcgi_temp_path {0}/fastcgi;\nuwsgi_temp_path {0}/uwsgi;\nscgi_temp_path {0}/scgi;\n",
      place.dir.string());
  for (const auto& endpoint : place.endpoints) {
    const auto identity = write_identity(endpoint, place).string();
    text += fmt::format(
        "server {{ listen {} ssl; server_name {}; ssl_certificate {}; ssl_certificate_key {}; return 204; }}\n",
        listen_address(endpoint), endpoint.host, identity, identity);
  }
  const auto path = write_file(place.dir / "nginx.conf", text + "}\n");
  const auto log = (place.dir / "error.log").string();
  start_as_nobody(place, {"/usr/sbin/nginx", "-e", log, "-c", path.string()});
}

// Without a database: StartTLS is an operation of the server, not of a directory.
void start_slapd(const Place& place) {
  std::vector<std::string> urls;
  for (const auto& endpoint : place.endpoints) {
    urls.push_back(fmt::format("{}://{}/", endpoint.port == port_ldaps ? "ldaps" : "ldap", listen_address(endpoint)));
  }
  auto text = fmt::format("pidfile {0}/pid\nargsfile {0}/args\n", place.dir.string());
  const auto identity = write_identity(place.first(), place).string();
  if (place.offers_tls()) text += fmt::format("TLSCertificateFile {0}\nTLSCertificateKeyFile {0}\n", identity);
  const auto path = write_file(place.dir / "slapd.conf", text);
  start_as_nobody(place,
                  {"/usr/sbin/slapd", "-d", "0", "-f", path.string(), "-h", fmt::format("{}", fmt::join(urls, " "))});
}

// Its domain is the one above the host: that is where an SRV record would stand.
void start_prosody(const Place& place) {
  const auto& host = place.first().host;
  const auto text = fmt::format(
      "pidfile = \"{0}/pid\"\ndata_path = \"{0}\"\ncertificates = \"{0}\"\nlog = {{ info = \"{0}/prosody.log\" }}\n"
      "interfaces = {{ \"{1}\" }}\nmodules_enabled = {{ {4}\"saslauth\", \"dialback\" }}\n"
      "ssl = {{ key = \"{2}\", certificate = \"{2}\" }}\nVirtualHost \"{3}\"\n",
      place.dir.string(), ip_of(place.first()), write_identity(place.first(), place).string(),
      host.substr(host.find('.') + 1), place.offers_tls() ? "\"tls\", " : "");
  const auto path = write_file(place.dir / "prosody.cfg.lua", text);
  start_as_nobody(place, {"/usr/bin/prosody", "-F", "--config", path.string()});
}

void start_postgres(const Place& place) {
  const auto identity = write_identity(place.first(), place).string();
  const auto data = place.dir / "data";
  make_cluster(place, data);
  const auto set = [](const char* name, const std::string& value) { return fmt::format("--{}={}", name, value); };
  start_as_nobody(
      place,
      {fmt::format("{}/postgres", postgres_programs()), "-D", data.string(),
       set("listen_addresses", ip_of(place.first())), set("port", std::to_string(place.first().port)),
       "--unix_socket_directories=", place.offers_tls() ? "--ssl=on" : "--ssl=off", set("ssl_cert_file", identity),
       set("ssl_key_file", identity), "--fsync=off", "--autovacuum=off", "--dynamic_shared_memory_type=mmap"});
}

// Without its own tables: nobody logs in.
void start_mariadb(const Place& place) {
  const auto data = place.dir / "data";
  fs::create_directory(data);
  std::vector<std::string> command{"/usr/sbin/mariadbd",  "--no-defaults", "--skip-grant-tables",
                                   "--skip-networking=0", "--skip-innodb", "--default-storage-engine=Aria"};
  const auto set = [&](const char* name, const std::string& value) {
    command.push_back(fmt::format("--{}={}", name, value));
  };
  set("datadir", data.string());
  set("socket", (place.dir / "socket").string());
  set("pid-file", (place.dir / "pid").string());
  set("bind-address", ip_of(place.first()));
  set("port", std::to_string(place.first().port));
  const auto identity = write_identity(place.first(), place).string();
  if (place.offers_tls()) {
    set("ssl-cert", identity);
    set("ssl-key", identity);
  }
  start_as_nobody(place, command);
}

void start_vsftpd(const Place& place) {
  const auto empty = place.dir / "empty";
  fs::create_directory(empty);
  const auto text = fmt::format(
      "listen=YES\nlisten_address={}\nlisten_port={}\nbackground=NO\nrun_as_launching_user=YES\nanonymous_enable=YES\n"
      "secure_chroot_dir={}\nssl_enable={}\nrsa_cert_file={}\nssl_ciphers=HIGH\n",
      ip_of(place.first()), place.first().port, empty.string(), place.offers_tls() ? "YES" : "NO",
      write_identity(place.first(), place).string());
  const auto path = write_file(place.dir / "vsftpd.conf", text);
  start_as_nobody(place, {"/usr/sbin/vsftpd", path.string()});
}

}  // namespace danewatch::lab
