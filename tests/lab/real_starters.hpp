// One starter for each real server: writes its configuration and starts it.
//
// Called by the table in real_servers.cpp alone. Thread rule: one thread.
#pragma once

#include "tests/lab/real_place.hpp"

namespace danewatch::lab {

// real_mail.cpp
void start_postfix(const Place& place);
void start_postscreen(const Place& place);
void start_dovecot(const Place& place);

// real_services.cpp
void start_nginx(const Place& place);
void start_slapd(const Place& place);
void start_prosody(const Place& place);
void start_postgres(const Place& place);
const std::string& postgres_programs();  // the folder of the newest version that is installed
void start_mariadb(const Place& place);
void start_vsftpd(const Place& place);

// real_dns.cpp
void start_unbound(const Place& place);
void start_knot(const Place& place, const std::vector<Zone>& zones);  // of Knot, at least one

}  // namespace danewatch::lab
