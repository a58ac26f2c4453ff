// Servers of everything that is neither mail nor DNS. None of them has any content.
#include <fmt/format.h>

#include "tests/lab/real_starters.hpp"

namespace danewatch::lab {

void start_nginx(const Place& place) {
  std::string text = fmt::format(
      "daemon off;\nuser root;\nworker_processes 1;\npid {0}/pid;\nerror_log {0}/error.log;\nevents {{}}\n"
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

}  // namespace danewatch::lab
