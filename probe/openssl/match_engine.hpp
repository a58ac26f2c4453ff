// Inner: one question to OpenSSL's DANE code: does this chain satisfy these records?
//
// Never connects, never decides what a mismatch means: it reports what OpenSSL said. OpenSSL's own types stay out of
// this header. Thread rule: an Engine may be shared by threads, the rest are values of one thread.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "probe/report/match.hpp"

struct x509_st;
struct stack_st_X509;
struct x509_store_st;
struct ssl_ctx_st;

namespace danewatch::dane {

struct Release {
  void operator()(x509_st* certificate) const;
  void operator()(stack_st_X509* chain) const;
  void operator()(x509_store_st* store) const;
  void operator()(ssl_ctx_st* context) const;
};

// The chain as sent, in OpenSSL's form. Certificates that do not parse are left out; without a leaf it is empty.
// Parsing one costs far more than matching it, so those above the leaf wait until somebody asks for them.
class SentChain {
 public:
  // The certificates must outlive the chain.
  explicit SentChain(std::span<const Certificate> sent);

  bool empty() const { return leaf_ == nullptr; }
  x509_st* leaf() const { return leaf_; }
  stack_st_X509* stack() const;
  std::size_t size() const;
  x509_st* certificate(std::size_t index) const;
  int position(std::size_t index) const;  // in the chain as sent

 private:
  x509_st* push(std::size_t position) const;
  void complete() const;

  std::span<const Certificate> sent_;
  std::unique_ptr<stack_st_X509, Release> stack_;
  mutable std::vector<int> positions_;
  mutable bool complete_ = false;
  x509_st* leaf_ = nullptr;
};

struct Setting {
  std::vector<std::string> names;  // reference identifiers; none: nothing that needs a name can authenticate
  unsigned int host_flags = 0;
  SysTime at{};
  std::stop_token stop{};
  int level = 1;  // OpenSSL's security level: senders such as Postfix authenticate at level 1
};

// Thrown where Setting::stop asks for it: at once, or after the check of one signature.
struct Stopped {};

struct Evaluation {
  bool authenticated = false;
  int error = 0;   // X509_V_ERR_…, the first one
  int depth = -1;  // in the built chain, of the certificate matched; also where something else failed
  std::optional<std::size_t> record;  // index into the question's records: the one that matched
  bool bare_key = false;
  std::string name;
  bool issuer_missing = false;  // the built chain is a single certificate that somebody else issued
  std::optional<SysTime> earliest_not_after;
};

class Engine {
 public:
  // Throws std::runtime_error naming the file if it cannot be read, or if OpenSSL cannot be set up.
  explicit Engine(const std::optional<std::string>& ca_file);

  // The records with these indices, and only they, against the chain. Index order does not matter.
  Evaluation evaluate(const SentChain& chain, std::span<const TlsaRecord> records,
                      const std::vector<std::size_t>& indices, const Setting& setting) const;

  // As evaluate() that fails, but goes on after each error: every complaint, in OpenSSL's words.
  std::string complaints(const SentChain& chain, std::span<const TlsaRecord> records,
                         const std::vector<std::size_t>& indices, const Setting& setting) const;

  // Public PKIX alone; the error is empty where it succeeds.
  std::string pkix_error(const SentChain& chain, const Setting& setting) const;

  // Will OpenSSL take the record at all?
  bool accepts(const TlsaRecord& record) const;

 private:
  struct Run;
  Run run(const SentChain& chain, std::span<const TlsaRecord> records, std::vector<std::size_t> indices,
          const Setting& setting, bool keep_going) const;
  static void read_match(Run& run, std::span<const TlsaRecord> records, Evaluation& result);
  x509_store_st* trust_store() const;

  std::unique_ptr<ssl_ctx_st, Release> context_;
  std::unique_ptr<x509_store_st, Release> no_store_;
  mutable std::once_flag store_loaded_;
  mutable std::unique_ptr<x509_store_st, Release> store_;
};

// OpenSSL's words for an Evaluation's error.
std::string error_words(int error);

// Of the failure in which no record's bytes fit.
std::string no_match_words();

}  // namespace danewatch::dane
