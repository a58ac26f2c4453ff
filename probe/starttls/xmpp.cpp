#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

#include "probe/starttls/dialogues.hpp"
#include "probe/starttls/packets.hpp"

namespace danewatch {
namespace {

// Markup of a stream, as far as STARTTLS needs it (RFC 6120 11.1: no comments, no DTD, no entities of one's own).
struct Tag {
  std::string_view name;  // local: "features" of "stream:features"
  std::string_view attributes;
  std::string_view before;  // the text in front of it
  bool closing = false;     // </x>
  bool empty = false;       // <x/>
  std::size_t size = 0;     // with the text before it
};

// Of one tag and the text before it: keeps an octet-at-a-time sender from making us scan for hours.
constexpr std::size_t max_markup = 8192;

enum class Scan { found, cut, broken };

// The ">" that ends the markup at the start of `in`; quoted ones do not.
std::size_t end_of_markup(std::string_view in) {
  char quote = '\0';
  for (std::size_t i = 0; i < in.size(); ++i) {
    if (quote != '\0') {
      if (in[i] == quote) quote = '\0';
    } else if (in[i] == '"' || in[i] == '\'') {
      quote = in[i];
    } else if (in[i] == '>') {
      return i;
    }
  }
  return std::string_view::npos;
}

Tag parse_tag(std::string_view inside) {
  Tag tag;
  tag.closing = inside.starts_with('/');
  if (tag.closing) inside.remove_prefix(1);
  tag.empty = inside.ends_with('/');
  if (tag.empty) inside.remove_suffix(1);
  const auto name_end = std::min(inside.find_first_of(" \t\r\n"), inside.size());
  tag.name = inside.substr(0, name_end);
  tag.attributes = inside.substr(name_end);
  const auto colon = tag.name.find(':');
  if (colon != std::string_view::npos) tag.name.remove_prefix(colon + 1);
  return tag;
}

// Skips text and processing instructions.
Scan next_tag(std::string_view in, Tag& out) {
  std::size_t skipped = 0;
  for (;;) {
    const std::string_view rest = in.substr(skipped);
    const auto open = rest.find('<');
    if (open == std::string_view::npos || open + 1 >= rest.size()) return Scan::cut;
    if (rest[open + 1] == '!') return Scan::broken;
    const auto end = end_of_markup(rest.substr(open));
    if (end == std::string_view::npos) return Scan::cut;
    skipped += open + end + 1;
    if (rest[open + 1] == '?') continue;
    out = parse_tag(rest.substr(open + 1, end - 1));
    out.size = skipped;
    out.before = rest.substr(0, open);
    return Scan::found;
  }
}

// Whether the stream header says version 1.0 or later; before it there was no STARTTLS (RFC 6120 4.7.5).
bool has_version(std::string_view attributes) {
  const auto at = attributes.find(" version=");
  return at != std::string_view::npos && attributes.size() > at + 10 && attributes[at + 10] != '0';
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '&' || c == '<' || c == '>' || c == '\'' || c == '"') continue;  // no domain holds them
    out += c;
  }
  return out;
}

class XmppDialogue final : public PacketDialogue {
 public:
  XmppDialogue(std::string domain, std::string_view xmlns)
      : PacketDialogue(Stage::greeting), domain_(std::move(domain)), xmlns_(xmlns) {}
  DialogueStep start() override;
  std::string_view goodbye() const override { return phase_ == Phase::tls ? "" : "</stream:stream>"; }

 private:
  enum class Phase { header, before_features, features, starttls, proceeding, tls };

  DialogueStep on_octets(std::string_view gathered) override;
  DialogueStep on_tag(const Tag& tag);
  DialogueStep on_header(const Tag& tag);
  DialogueStep on_feature(const Tag& tag);
  DialogueStep on_answer(const Tag& tag);
  DialogueStep refused(const Tag& tag);
  DialogueStep on_reason(const Tag& tag);

  std::string domain_;
  std::string_view xmlns_;
  Phase phase_ = Phase::header;
  bool offered_ = false;
  std::string refusal_;  // "error" or "failure", whose first child says why
  std::string reason_;   // that child, whose text is still to come
};

// What a stream error says of us (RFC 6120 4.9.3); nothing where it is about what was asked.
std::optional<Refusal> refusal_of(std::string_view error) {
  struct Row {
    std::string_view error;
    Refusal refusal;
  };
  constexpr Row rows[] = {{"see-other-host", Refusal::elsewhere},
                          {"host-unknown", Refusal::not_here},
                          {"host-gone", Refusal::not_here},
                          {"improper-addressing", Refusal::not_here},
                          {"system-shutdown", Refusal::later},
                          {"resource-constraint", Refusal::later},
                          {"reset", Refusal::later},
                          {"connection-timeout", Refusal::later},
                          {"internal-server-error", Refusal::later},
                          {"remote-connection-failed", Refusal::later},
                          {"policy-violation", Refusal::us},
                          {"not-authorized", Refusal::us},
                          {"invalid-from", Refusal::us}};
  const auto* row = std::ranges::find(rows, error, &Row::error);
  return row == std::end(rows) ? std::nullopt : std::optional(row->refusal);
}

DialogueStep XmppDialogue::start() {
  return send_step(
      fmt::format("<?xml version='1.0'?><stream:stream to='{}' xmlns='{}' "
                  "xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>",
                  escaped(domain_), xmlns_));
}

DialogueStep XmppDialogue::on_octets(std::string_view gathered) {
  const auto text_end = std::min(gathered.find_first_not_of(" \t\r\n"), gathered.size());
  if (text_end < gathered.size() && gathered[text_end] != '<' && phase_ == Phase::header) {
    return fail(Fault::malformed, "not an XML stream");
  }
  for (;;) {
    Tag tag;
    const Scan scan = next_tag(gathered, tag);
    if (scan == Scan::broken) return fail(Fault::malformed, "markup that XMPP forbids");
    const std::size_t size = scan == Scan::found ? tag.size : gathered.size();
    if (size > max_markup) return fail(Fault::too_long, "more than 8 kB of markup in one piece");
    if (scan == Scan::cut) return need_more();
    take(tag.size);
    gathered.remove_prefix(tag.size);
    DialogueStep step = on_tag(tag);
    if (step.kind != DialogueStep::Kind::need_more) return step;
  }
}

DialogueStep XmppDialogue::on_tag(const Tag& tag) {
  if (!refusal_.empty()) return on_reason(tag);
  if (phase_ == Phase::header) return on_header(tag);
  if (tag.name == "error" && !tag.closing) return refused(tag);
  if (tag.name == "stream" && tag.closing) return fail(Fault::starttls_refused, "the server closed the stream");
  return phase_ == Phase::starttls || phase_ == Phase::proceeding ? on_answer(tag) : on_feature(tag);
}

DialogueStep XmppDialogue::on_header(const Tag& tag) {
  if (tag.name != "stream" || tag.closing) return fail(Fault::malformed, "not an XMPP stream");
  enter(Stage::starttls);
  if (!has_version(tag.attributes)) return fail(Fault::not_offered, "the stream is older than XMPP 1.0");
  phase_ = Phase::before_features;
  return need_more();
}

DialogueStep XmppDialogue::on_feature(const Tag& tag) {
  const bool is_features = tag.name == "features";
  if (phase_ == Phase::features && tag.name == "starttls") offered_ = true;
  if (is_features && !tag.closing) phase_ = Phase::features;
  if (!is_features || !(tag.closing || tag.empty)) return need_more();
  if (!offered_) return fail(Fault::not_offered, "STARTTLS is not among the stream features");
  phase_ = Phase::starttls;
  return send_step("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>");
}

// TLS begins right after the ">" (RFC 6120 5.4.2.3).
DialogueStep XmppDialogue::on_answer(const Tag& tag) {
  if (tag.name == "failure") return refused(tag);
  if (tag.name != "proceed") return fail(Fault::malformed, tag.name);
  const bool whole = tag.empty || tag.closing;
  phase_ = whole ? Phase::tls : Phase::proceeding;
  return whole ? upgrade_step() : need_more();
}

// The first child of an error says what it is, and its text where else to go.
DialogueStep XmppDialogue::on_reason(const Tag& tag) {
  if (reason_.empty() && tag.closing) return fail(Fault::starttls_refused, refusal_);
  if (reason_.empty()) {
    reason_ = tag.name;
    if (reason_ == "see-other-host" && !tag.empty) return need_more();
  }
  const bool where = tag.closing && !tag.before.empty();
  const auto words = fmt::format("{}: {}{}{}", refusal_, reason_, where ? " " : "", where ? tag.before : "");
  const auto refusal = refusal_of(reason_);
  return refusal ? refuse(*refusal, words) : fail(Fault::starttls_refused, words);
}

DialogueStep XmppDialogue::refused(const Tag& tag) {
  refusal_ = tag.name == "error" ? "stream error" : "failure";
  return tag.empty || tag.closing ? fail(Fault::starttls_refused, refusal_) : need_more();
}

}  // namespace

std::unique_ptr<StartTls> xmpp_dialogue(DialogueNames names, std::string_view xmlns) {
  return std::make_unique<XmppDialogue>(std::move(names.domain), xmlns);
}

}  // namespace danewatch
