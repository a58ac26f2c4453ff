// Pure: what the HTTP server hands to whoever answers, and what it gets back; and how a request's target is read.
//
// Knows no library. Thread rule: values and pure functions.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "resolver/dns/parse_error.hpp"

namespace danewatch {

struct HttpRequest {
  std::string method;  // "GET"; a HEAD comes as GET, its body is dropped later
  std::string path;    // percent-decoded
  std::vector<std::pair<std::string, std::string>> query;
  std::string scrape_timeout;  // X-Prometheus-Scrape-Timeout-Seconds; empty: not given
  std::string host;
  std::string origin;  // of a page that asks for something to be done
  std::string user;    // who authenticated; empty where nobody must
};

// Pieces of a long body, one after the other; an empty one is the end.
using BodySource = std::function<std::string()>;

struct HttpReply {
  int status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  std::string body;
  BodySource more;    // used instead of body where set
  std::string route;  // the path as a template, for counting: "/targets/:name"
  std::vector<std::pair<std::string, std::string>> headers;
};

// "/probe?target=example.org&debug=true"; the absolute form of RFC 9112 3.2.2 too. At most 32 parameters.
struct RequestTarget {
  std::string path;
  std::vector<std::pair<std::string, std::string>> query;

  bool operator==(const RequestTarget&) const = default;
};
Parsed<RequestTarget> parse_request_target(std::string_view text);

// The first parameter of that name.
std::optional<std::string> parameter(const HttpRequest& request, std::string_view name);

// Whether a page of this origin came from us: of the same host and port as a whole, and by an address or as localhost,
// because any other name may have been pointed at us by whoever wrote the page (DNS rebinding).
bool is_own_origin(std::string_view origin, std::string_view host);

// What frames a request's body and who asks must be clear, or the rest of it would be read as a request of its own
// (RFC 9112 6.1).
struct Framing {
  int version = 11;                    // of HTTP, times ten
  std::vector<std::string> encodings;  // the values of Transfer-Encoding
  std::size_t authorizations = 0;      // fields
};
std::optional<HttpReply> framing_refusal(const Framing& framing);

// A plain text reply.
HttpReply text_reply(int status, std::string text, std::string route = "");

}  // namespace danewatch
