#include <algorithm>
#include <optional>

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
  std::optional<DialogueStep> on_old_error(std::string_view gathered) const;
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

// What an error says of us, by the class of its SQLSTATE: short of something, or going away; not letting us in.
Refusal refusal_of(std::string_view state) {
  if (state.starts_with("53") || state.starts_with("57")) return Refusal::later;
  return state.starts_with("28") ? Refusal::us : Refusal::unspecified;
}

// A server that cannot even begin a session says so in the form of protocol 2: words with a NUL and no length.
std::optional<DialogueStep> PostgresDialogue::on_old_error(std::string_view gathered) const {
  const bool words = gathered.size() >= 2 && gathered[1] >= ' ' && gathered[1] <= '~';
  if (!words) return std::nullopt;
  const auto end = gathered.find('\0');
  if (end == std::string_view::npos) return need_more();
  return refuse(Refusal::later, gathered.substr(1, end - 1));
}

// ErrorResponse: length, then fields of a type octet and a text with a NUL; `M` is the text for people, `C` the state.
DialogueStep PostgresDialogue::on_error(std::string_view gathered) const {
  if (const auto old = on_old_error(gathered)) return *old;
  if (gathered.size() < 5) return need_more();
  std::size_t length = 0;
  for (std::size_t i = 1; i < 5; ++i) length = length * 256 + octet_at(gathered, i);
  if (length < 4 || length >= max_dialogue_octets) return fail(Fault::starttls_refused, "E");
  if (gathered.size() < length + 1) return need_more();
  std::string_view fields = gathered.substr(5, length - 4);
  std::string_view words = "E";
  Refusal refusal = Refusal::unspecified;
  while (!fields.empty() && fields[0] != '\0') {
    const std::string_view text = fields.substr(1, fields.find('\0') - 1);
    if (fields[0] == 'M') words = text;
    if (fields[0] == 'C') refusal = refusal_of(text);
    fields.remove_prefix(std::min(text.size() + 2, fields.size()));
  }
  // Without such a state it is about what was asked: a server older than SSLRequest answers so.
  return refusal == Refusal::unspecified ? fail(Fault::starttls_refused, words) : refuse(refusal, words);
}

}  // namespace

std::unique_ptr<StartTls> postgres_dialogue() {
  return std::make_unique<PostgresDialogue>();
}

}  // namespace danewatch
