#include <algorithm>
#include <iterator>

#include "probe/starttls/dialogues.hpp"
#include "probe/starttls/packets.hpp"

namespace danewatch {
namespace {

constexpr std::size_t header_size = 4;   // three octets of length, one of sequence
constexpr unsigned client_ssl = 0x0800;  // capability flag

// The server greets; SSLRequest is not answered, TLS follows it at once.
class MysqlDialogue final : public PacketDialogue {
 public:
  MysqlDialogue() : PacketDialogue(Stage::greeting) {}
  DialogueStep start() override { return need_more(); }
  std::string_view goodbye() const override { return ""; }

 private:
  DialogueStep on_octets(std::string_view gathered) override;
  DialogueStep on_greeting(std::string_view payload);
  DialogueStep on_error(std::string_view payload) const;

  bool asked_ = false;
};

// Header, flags PROTOCOL_41 | SSL | SECURE_CONNECTION, 16 MB packets, utf8, 23 octets of nothing.
std::string ssl_request() {
  return std::string("\x20\x00\x00\x01\x00\x8a\x00\x00\x00\x00\x00\x01\x21", 13) + std::string(23, '\0');
}

DialogueStep MysqlDialogue::on_octets(std::string_view gathered) {
  if (asked_) return upgrade_step();
  if (gathered.size() < header_size) return need_more();
  const std::size_t length = octet_at(gathered, 0) + octet_at(gathered, 1) * 256U + octet_at(gathered, 2) * 65536U;
  if (length + header_size > max_dialogue_octets) return fail(Fault::too_long, "more than 64 kB before TLS");
  if (gathered.size() < length + header_size) return need_more();
  take(length + header_size);
  return on_greeting(gathered.substr(header_size, length));
}

// ERR instead of a greeting: a code of two octets, and words.
DialogueStep MysqlDialogue::on_error(std::string_view payload) const {
  const unsigned code = payload.size() < 3 ? 0 : octet_at(payload, 1) + octet_at(payload, 2) * 256U;
  constexpr unsigned too_many[] = {1040, 1203, 1226};
  constexpr unsigned shutting_down = 1053;
  constexpr unsigned host_not_allowed[] = {1129, 1130};
  Refusal why = Refusal::unspecified;
  if (std::ranges::find(too_many, code) != std::end(too_many) || code == shutting_down) why = Refusal::later;
  if (std::ranges::find(host_not_allowed, code) != std::end(host_not_allowed)) why = Refusal::us;
  return refuse(why, payload.substr(std::min<std::size_t>(3, payload.size())));
}

DialogueStep MysqlDialogue::on_greeting(std::string_view payload) {
  if (payload.starts_with('\xff')) return on_error(payload);
  const auto version_end = payload.find('\0');
  // After the version: connection id, 8 octets of challenge, a filler, the lower capability flags.
  const std::size_t flags_at = version_end + 1 + 4 + 8 + 1;
  const bool whole = version_end != std::string_view::npos && payload.size() >= flags_at + 2;
  if (!payload.starts_with('\x0a') || !whole) return fail(Fault::malformed, payload);
  enter(Stage::starttls);
  const unsigned flags = octet_at(payload, flags_at) + octet_at(payload, flags_at + 1) * 256U;
  if ((flags & client_ssl) == 0) return fail(Fault::not_offered, "TLS is not among the capabilities");
  asked_ = true;
  return send_step(ssl_request());
}

}  // namespace

std::unique_ptr<StartTls> mysql_dialogue() {
  return std::make_unique<MysqlDialogue>();
}

}  // namespace danewatch
