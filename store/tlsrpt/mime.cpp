#include "store/tlsrpt/mime.hpp"

#include "resolver/dns/name.hpp"
#include "store/tlsrpt/transfer.hpp"

namespace danewatch::tlsrpt {
namespace {

std::string parameter(const Parameterised& value, const std::string& name) {
  const auto found = value.parameters.find(name);
  return found == value.parameters.end() ? "" : found->second;
}

// The name of an attachment (RFC 2183 2.3), or what older mail has of it.
std::string file_name_of(const Entity& entity, const Parameterised& type) {
  const auto disposition = parse_parameters(entity.first("Content-Disposition"));
  const std::string name = parameter(disposition, "filename");
  return name.empty() ? parameter(type, "name") : name;
}

// Is it "--boundary", or "--boundary--", with nothing but blanks behind (RFC 2046 5.1.1)?
enum class Delimiter { none, opens, closes };
Delimiter delimiter(std::string_view line, std::string_view boundary) {
  if (!line.starts_with("--") || !line.substr(2).starts_with(boundary)) return Delimiter::none;
  std::string_view rest = line.substr(2 + boundary.size());
  const bool closes = rest.starts_with("--");
  if (closes) rest.remove_prefix(2);
  if (rest.find_first_not_of(" \t\r\n") != std::string_view::npos) return Delimiter::none;
  return closes ? Delimiter::closes : Delimiter::opens;
}

// The line end before a delimiter belongs to the delimiter.
std::string_view without_line_end(std::string_view text) {
  if (text.ends_with('\n')) text.remove_suffix(1);
  if (text.ends_with('\r')) text.remove_suffix(1);
  return text;
}

class Reader {
 public:
  explicit Reader(Mail& mail) : mail_(mail) {}

  void read(const Entity& entity, std::size_t depth) {
    if (depth > deepest_part || seen_ == most_parts) {
      mail_.cut = true;
      return;
    }
    ++seen_;
    const std::string_view said = entity.first("Content-Type");
    Parameterised type = parse_parameters(said.empty() ? "text/plain" : said);
    const std::string boundary = parameter(type, "boundary");
    if (type.value.starts_with("multipart/") && !boundary.empty()) return split(entity.body, type, boundary, depth);
    const auto encoding = parse_parameters(entity.first("Content-Transfer-Encoding")).value;
    std::string octets = decode_transfer(encoding, entity.body);
    if (type.value == "message/rfc822") return read(parse_entity(octets), depth + 1);
    std::string name = file_name_of(entity, type);
    mail_.parts.push_back({std::move(type.value), std::move(name), std::move(octets)});
  }

 private:
  void split(std::string_view body, const Parameterised& type, std::string_view boundary, std::size_t depth) {
    const std::string about = lower(parameter(type, "report-type"));
    // RFC 3464, RFC 8098: the mail they return is not sent to us.
    if (type.value == "multipart/report" && (about == "delivery-status" || about == "disposition-notification")) {
      mail_.notice = true;
      return;
    }
    std::size_t begin = std::string_view::npos;  // of the open part
    std::size_t at = 0;
    while (at < body.size()) {
      const auto end = body.find('\n', at);
      const std::size_t next = end == std::string_view::npos ? body.size() : end + 1;
      const Delimiter found = delimiter(body.substr(at, next - at), boundary);
      if (found != Delimiter::none) {
        if (begin != std::string_view::npos) part(body.substr(begin, at - begin), depth);
        begin = found == Delimiter::opens ? next : std::string_view::npos;
        if (found == Delimiter::closes) break;
      }
      at = next;
    }
    if (begin != std::string_view::npos) read(parse_entity(body.substr(begin)), depth + 1);  // it never closes
  }

  void part(std::string_view text, std::size_t depth) { read(parse_entity(without_line_end(text)), depth + 1); }

  Mail& mail_;
  std::size_t seen_ = 0;
};

}  // namespace

Mail parse_mail(std::string_view text) {
  Mail mail;
  mail.top = parse_entity(text);
  Reader(mail).read(mail.top, 0);
  return mail;
}

}  // namespace danewatch::tlsrpt
