// The dialogue that leads to TLS, for every protocol of the table, as pure state machines.
//
// Bytes in, steps out: knows no socket and no clock. Bounded: a line, a reply and the whole dialogue
// have octet limits. Because a TLS server never speaks first, any octet after the go-ahead is a fault
// (`injected`, rows.md E-13), so the caller may read as much as there is. Hostile input ends in a
// `fail` step, never in an exception. Thread rule: one dialogue, one owner.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "probe/evidence/tls_evidence.hpp"
#include "resolver/target/services.hpp"

namespace danewatch {

struct DialogueStep {
  enum class Kind { need_more, send, upgrade, fail };
  Kind kind = Kind::need_more;
  std::string bytes;                       // send: what to write, then read again
  Stage stage = Stage::greeting;           // fail: where
  Fault fault = Fault::none;               // fail: why
  std::string error;                       // fail: the peer's words, ≤ 512 octets as received
  Refusal refusal = Refusal::unspecified;  // fail with Fault::reply: what it says of us

  bool operator==(const DialogueStep&) const = default;
};

struct DialogueNames {
  std::string helo;    // EHLO argument
  std::string domain;  // XMPP stream `to`
};

class StartTls {
 public:
  StartTls() = default;
  StartTls(const StartTls&) = delete;
  StartTls& operator=(const StartTls&) = delete;
  virtual ~StartTls() = default;

  // The first step, before anything was read: `send` where the client speaks first, `upgrade` for
  // implicit TLS, else `need_more`.
  virtual DialogueStep start() = 0;

  // Octets as they arrived. After `send`, feed nothing ("") first: the next reply may already have come along
  // with the last one. After `upgrade` or `fail` it must not be called again.
  virtual DialogueStep feed(std::string_view bytes) = 0;

  // The stage a deadline, EOF or reset now belongs to: greeting until the server has greeted.
  virtual Stage stage() const = 0;

  // Of the peer's reply that is not whole yet, or that ended the dialogue where `error` is in our words: its beginning.
  virtual std::string heard() const { return {}; }

  // A reply that breaks the protocol and that clients take all the same; empty: there was none.
  virtual std::string slip() const { return {}; }

  // The name that was given to the server (EHLO); empty: none yet, or the protocol has none.
  virtual std::string name_given() const { return {}; }

  // A polite goodbye to send inside TLS (or in plain text after a refusal): "QUIT\r\n"; may be empty.
  virtual std::string_view goodbye() const = 0;

  // The same inside TLS; where the protocol lets commands follow each other (never in SMTP, RFC 2920 3.1), the
  // capabilities are asked for in the same breath.
  virtual std::string_view last_words() const { return goodbye(); }

  // Whether the server's words inside TLS offer STARTTLS once more, which it must not (RFC 3207 4.2, rows.md E-16).
  virtual bool offers_again(std::string_view) const { return false; }
};

std::unique_ptr<StartTls> make_dialogue(const Service& service, DialogueNames names);

}  // namespace danewatch
