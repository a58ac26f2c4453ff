#include "probe/starttls/dialogues.hpp"
#include "probe/starttls/packets.hpp"

namespace danewatch {
namespace {

// The SSLRequest of PostgreSQL's protocol 3: the answer is one octet.
class PostgresDialogue final : public PacketDialogue {
 public:
  PostgresDialogue() : PacketDialogue(Stage::starttls) {}
  DialogueStep start() override { return send_step(std::string("\x00\x00\x00\x08\x04\xd2\x16\x2f", 8)); }
  std::string_view goodbye() const override { return ""; }

 private:
  DialogueStep on_octets(std::string_view gathered) override;
  DialogueStep on_error(std::string_view gathered) const;
};

DialogueStep PostgresDialogue::on_octets(std::string_view gathered) {
  if (gathered.empty()) return need_more();
  if (gathered[0] == 'S') {
    take(1);
    return upgrade_step();
  }
  if (gathered[0] == 'N') return fail(Fault::starttls_refused, "N");
  if (gathered[0] == 'E') return on_error(gathered);
  return fail(Fault::malformed, gathered.substr(0, 1));
}

// ErrorResponse: length, then fields of a type octet and a text with a NUL; `M` is the text for people.
DialogueStep PostgresDialogue::on_error(std::string_view gathered) const {
  if (gathered.size() < 5) return need_more();
  std::size_t length = 0;
  for (std::size_t i = 1; i < 5; ++i) length = length * 256 + octet_at(gathered, i);
  if (length < 4 || length >= max_dialogue_octets) return fail(Fault::starttls_refused, "E");
  if (gathered.size() < length + 1) return need_more();
  std::string_view fields = gathered.substr(5, length - 4);
  while (!fields.empty() && fields[0] != '\0') {
    const std::string_view text = fields.substr(1, fields.find('\0') - 1);
    if (fields[0] == 'M') return fail(Fault::starttls_refused, text);
    fields.remove_prefix(std::min(text.size() + 2, fields.size()));
  }
  return fail(Fault::starttls_refused, "E");
}

}  // namespace

std::unique_ptr<StartTls> postgres_dialogue() {
  return std::make_unique<PostgresDialogue>();
}

}  // namespace danewatch
