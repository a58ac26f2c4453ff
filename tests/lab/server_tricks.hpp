// The bad manners of the lab's server, where they are octets, sockets and OpenSSL's settings.
//
// Thread rule: free functions.
#pragma once

#include <openssl/ssl.h>

#include <string>

#include "tests/lab/dialogue.hpp"
#include "tests/lab/manners.hpp"

namespace danewatch::lab {

// What the server says where `own` would be right.
std::string greeting_of(Trick trick, const std::string& own);

// What it says instead of a ServerHello.
std::string answer_to_hello(Trick trick);
bool meddles_with_hello(const Manners& manners);

// With the replies of the scene instead of the protocol's own.
void teach(Dialogue& dialogue, const Manners& manners);

void apply(const Manners& manners, SSL_CTX* context);
void apply(const Manners& manners, SSL* ssl);

// False: the connection is to be closed; true: only its sending half is.
bool end_connection(int fd, Ending ending);

}  // namespace danewatch::lab
