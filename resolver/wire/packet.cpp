#include <algorithm>
#include <utility>

#include "resolver/dns/name.hpp"
#include "resolver/wire/message.hpp"

namespace danewatch::wire {
namespace {

constexpr std::size_t max_aliases = 32;  // libunbound gives up earlier
constexpr std::uint16_t type_nsec = 47;
constexpr std::uint16_t type_nsec3 = 50;

// Where each label of a name begins; dots within a label are escaped.
std::vector<std::size_t> label_starts(std::string_view name) {
  std::vector<std::size_t> starts;
  if (name == ".") return starts;
  starts.push_back(0);
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (name[i] == '\\') {
      ++i;
    } else if (name[i] == '.') {
      starts.push_back(i + 1);
    }
  }
  return starts;
}

// Times and TTLs of everything the answer rests on.
class Terms {
 public:
  Terms(const Message& message, const ReadOptions& options) : message_(message), options_(options) {}

  // One RRset, represented by any of its records. Returns whether it is signed.
  bool add(const std::vector<WireRecord>& section, const WireRecord& record) {
    const auto signature = best_signature(section, record);
    const auto ttl = signature ? in_force(*signature) : record.ttl;
    const bool denies = record.type == static_cast<std::uint16_t>(RrType::soa) && &section == &message_.authority;
    const bool known = signature || (record.ttl < options_.ttl_cap && !denies);  // our cache cuts those of denials more
    if (known) lower(ttl_, ttl);
    if (!signature) {
      if (options_.status == Status::insecure) note_signer(section, record);
      return false;
    }
    lower(original_ttl_, signature->original_ttl);
    lower(expires_, signature->expires);
    inception_ = std::max(inception_.value_or(signature->inception), signature->inception);
    signer_ = signature->signer;
    return true;
  }

  // RFC 4034 3.1.3: a signature over fewer labels than the owner has is one over a wildcard.
  std::optional<std::string> wildcard_of(const std::vector<WireRecord>& section, const WireRecord& record) const {
    const auto signature = best_signature(section, record);
    const std::vector<std::size_t> starts = label_starts(record.owner);
    if (!signature || signature->labels >= starts.size()) return std::nullopt;
    if (signature->labels == 0) return "*";
    return "*." + record.owner.substr(starts[starts.size() - signature->labels]);
  }

  // RFC 2308 5: the last field of the SOA bounds how long a denial may be kept.
  void add_negative_ttl(const WireRecord& soa) {
    if (soa.length >= 4) lower(ttl_, read_u32(message_.bytes, soa.rdata + soa.length - 4));
  }

  void forget_signer() { signer_.reset(); }

  void write_to(PacketFacts& facts) const {
    if (options_.status != Status::bogus) facts.ttl = ttl_;
    facts.original_ttl = original_ttl_;
    facts.rrsig_inception = inception_;
    facts.rrsig_expires = expires_;
    facts.signer = signer_;
  }

 private:
  template <class T>
  static void lower(std::optional<T>& least, T value) {
    least = std::min(least.value_or(value), value);
  }

  // A signature that counts for nothing still says which zone to look at.
  void note_signer(const std::vector<WireRecord>& section, const WireRecord& record) {
    signer_.reset();
    for (const auto& other : section) {
      if (other.type != type_rrsig || other.owner != record.owner) continue;
      const auto signature = read_signature(message_.bytes, other, options_.now);
      if (signature && signature->covers == record.type) signer_ = signature->signer;
    }
  }

  // RFC 4035 5.3.3.
  std::uint32_t in_force(const Signature& signature) const {
    const auto left = std::max<std::int64_t>((signature.expires - options_.now).count(), 0);
    return static_cast<std::uint32_t>(std::min<std::int64_t>(left, signature.original_ttl));
  }

  bool better(const Signature& one, const std::optional<Signature>& other) const {
    if (!other) return true;
    const bool valid = one.valid_at(options_.now);
    if (valid != other->valid_at(options_.now)) return valid;
    return one.expires > other->expires;
  }

  std::optional<Signature> best_signature(const std::vector<WireRecord>& section, const WireRecord& record) const {
    std::optional<Signature> best;
    if (options_.status == Status::insecure) return best;
    for (const auto& other : section) {
      if (other.type != type_rrsig || other.owner != record.owner) continue;
      auto signature = read_signature(message_.bytes, other, options_.now);
      if (signature && signature->covers == record.type && better(*signature, best)) best = std::move(signature);
    }
    return best;
  }

  const Message& message_;
  const ReadOptions& options_;
  std::optional<std::uint32_t> ttl_;
  std::optional<std::uint32_t> original_ttl_;
  std::optional<SysTime> inception_;
  std::optional<SysTime> expires_;
  std::optional<std::string> signer_;
};

const WireRecord* find(const std::vector<WireRecord>& section, const std::string& owner, RrType type) {
  const auto found = std::find_if(section.begin(), section.end(), [&](const WireRecord& record) {
    return record.type == static_cast<std::uint16_t>(type) && record.owner == owner;
  });
  return found == section.end() ? nullptr : &*found;
}

bool has_signature(const std::vector<WireRecord>& section, const std::string& owner, const Message& message) {
  return std::any_of(section.begin(), section.end(), [&](const WireRecord& record) {
    return record.type == type_rrsig && record.owner == owner && record.length >= 2 &&
           read_u16(message.bytes, record.rdata) == static_cast<std::uint16_t>(RrType::cname);
  });
}

// RFC 6672 3.1: the CNAME beside a DNAME above it is made up on the way and has no signature of its own.
const WireRecord* dname_behind(const Message& message, const WireRecord& cname) {
  if (has_signature(message.answer, cname.owner, message)) return nullptr;
  const auto found = std::find_if(message.answer.begin(), message.answer.end(), [&](const WireRecord& record) {
    return record.type == static_cast<std::uint16_t>(RrType::dname) && is_below(cname.owner, record.owner);
  });
  return found == message.answer.end() ? nullptr : &*found;
}

// One alias from `name` on, or nothing where the chain ends.
Parsed<bool> follow(const Message& message, PacketFacts& facts, Terms& terms) {
  const auto* cname = find(message.answer, facts.canonical_name, RrType::cname);
  if (!cname) return false;
  auto target = read_name(message.bytes, cname->rdata);
  if (!target || target->length != cname->length) return tl::unexpected(ParseError{"a broken alias", cname->rdata});
  if (facts.aliases.size() >= max_aliases) return tl::unexpected(ParseError{"too many aliases", cname->rdata});
  const auto* dname = dname_behind(message, *cname);
  terms.add(message.answer, dname ? *dname : *cname);
  auto wildcard = dname ? std::nullopt : terms.wildcard_of(message.answer, *cname);
  const RrType type = dname ? RrType::dname : RrType::cname;
  facts.aliases.push_back({facts.canonical_name, target->name, type, std::move(wildcard)});
  facts.canonical_name = std::move(target->name);
  return true;
}

// RFC 5155 3.2: the flags are the second octet.
bool is_opt_out(const Message& message, const WireRecord& record) {
  return record.type == type_nsec3 && record.length >= 2 && (message.bytes[record.rdata + 1] & 0x01) != 0;
}

// What proves a denial, or that a wildcard was the closest match (RFC 4035 3.1.3).
void add_proof(const Message& message, bool denial, Terms& terms) {
  const WireRecord* soa = nullptr;
  for (const auto& record : message.authority) {
    if (record.type == type_nsec || record.type == type_nsec3) terms.add(message.authority, record);
    if (record.type == static_cast<std::uint16_t>(RrType::soa)) soa = &record;
  }
  if (denial && soa && terms.add(message.authority, *soa)) terms.add_negative_ttl(*soa);
}

// The asked RRset itself; a CNAME that was asked for may be made up like any other.
void add_final(const Message& message, const WireRecord& record, PacketFacts& facts, Terms& terms) {
  const bool alias = record.type == static_cast<std::uint16_t>(RrType::cname);
  const auto* dname = alias ? dname_behind(message, record) : nullptr;
  if (dname) facts.made_from = dname->owner;
  terms.add(message.answer, dname ? *dname : record);
  if (!dname) facts.wildcard = terms.wildcard_of(message.answer, record);
}

Denial denial_of(int rcode) {
  if (rcode == 3) return Denial::nxdomain;
  return rcode == 0 ? Denial::nodata : Denial::none;
}

}  // namespace

Parsed<PacketFacts> read_packet(Bytes bytes, const Question& question, const ReadOptions& options) {
  const auto message = parse(bytes);
  if (!message) return tl::unexpected(message.error());
  auto name = canonical_name(question.name);
  if (!name) return tl::unexpected(name.error());
  PacketFacts facts;
  facts.rcode = bytes[3] & 0x0f;
  facts.truncated = (bytes[2] & 0x02) != 0;
  facts.canonical_name = std::move(*name);
  Terms terms(*message, options);
  const auto* final_record = find(message->answer, facts.canonical_name, question.type);
  while (!final_record) {
    const auto followed = follow(*message, facts, terms);
    if (!followed) return tl::unexpected(followed.error());
    if (!*followed) break;
    final_record = find(message->answer, facts.canonical_name, question.type);
  }
  if (!final_record) terms.forget_signer();
  add_proof(*message, !final_record, terms);
  if (final_record) add_final(*message, *final_record, facts, terms);
  if (!final_record) {
    facts.denial = denial_of(facts.rcode);
    facts.opt_out =
        std::ranges::any_of(message->authority, [&](const WireRecord& record) { return is_opt_out(*message, record); });
  }
  terms.write_to(facts);
  return facts;
}

std::vector<Rdata> read_data(Bytes bytes, const Question& question, const std::string& canonical_name,
                             const std::string& owner) {
  std::vector<Rdata> data;
  const auto message = parse(bytes);
  if (!message) return data;
  for (const WireRecord& record : message->answer) {
    if (record.type != static_cast<std::uint16_t>(question.type) || record.owner != canonical_name) continue;
    data.push_back(read_rdata(question.type, owner, plain_rdata(bytes, question.type, record.rdata, record.length)));
  }
  return data;
}

}  // namespace danewatch::wire
