#include "probe/openssl/match_engine.hpp"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <new>
#include <stdexcept>
#include <tuple>

namespace danewatch::dane {
namespace {

struct ReleaseRun {
  void operator()(SSL* ssl) const { SSL_free(ssl); }
  void operator()(X509_STORE_CTX* context) const { X509_STORE_CTX_free(context); }
};
using SslHandle = std::unique_ptr<SSL, ReleaseRun>;
using StoreContext = std::unique_ptr<X509_STORE_CTX, ReleaseRun>;

// What OpenSSL tells us between two checks, and what we tell it.
struct Listener {
  std::stop_token stop;
  std::vector<int>* errors = nullptr;  // null: the first error ends it
};

int listener_index() {
  static const int index = X509_STORE_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
  return index;
}

int listen(int ok, X509_STORE_CTX* context) {
  const auto* listener = static_cast<Listener*>(X509_STORE_CTX_get_ex_data(context, listener_index()));
  if (listener->stop.stop_requested()) return 0;
  if (listener->errors == nullptr) return ok;
  if (ok == 0) listener->errors->push_back(X509_STORE_CTX_get_error(context));
  return 1;
}

int verify(X509_STORE_CTX* context, Listener& listener) {
  if (listener.stop.stop_requested()) throw dane::Stopped();
  X509_STORE_CTX_set_ex_data(context, listener_index(), &listener);
  X509_STORE_CTX_set_verify_cb(context, listen);
  const int rc = X509_verify_cert(context);
  if (listener.stop.stop_requested()) throw dane::Stopped();
  return rc;
}

int add_record(SSL* ssl, const TlsaRecord& record) {
  static constexpr std::uint8_t nothing = 0;
  const std::uint8_t* data = record.data.empty() ? &nothing : record.data.data();
  return SSL_dane_tlsa_add(ssl, record.usage, record.selector, record.matching_type, data, record.data.size());
}

SslHandle dane_handle(SSL_CTX* context) {
  SslHandle ssl(SSL_new(context));
  if (!ssl) throw std::bad_alloc();
  SSL_set_connect_state(ssl.get());
  if (SSL_dane_enable(ssl.get(), nullptr) <= 0) throw std::bad_alloc();  // no name: neither SNI nor a name check
  return ssl;
}

void apply(const Setting& setting, X509_STORE_CTX* context) {
  X509_STORE_CTX_set_default(context, "ssl_server");  // the purpose is not checked otherwise
  X509_VERIFY_PARAM* param = X509_STORE_CTX_get0_param(context);
  X509_VERIFY_PARAM_set_hostflags(param, setting.host_flags);
  for (const auto& name : setting.names) X509_VERIFY_PARAM_add1_host(param, name.data(), name.size());
  X509_VERIFY_PARAM_set_time(param, static_cast<time_t>(setting.at.time_since_epoch().count()));
  X509_VERIFY_PARAM_set_auth_level(param, setting.level);
}

SysTime not_after(const X509* certificate) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &parts) != 1) return SysTime{};
  return SysTime{std::chrono::seconds{timegm(&parts)}};
}

bool self_issued(X509* certificate) {
  return X509_check_issued(certificate, certificate) == X509_V_OK;
}

// A trust anchor is a name and a key (RFC 5280 6.1.1 d): where another CA signed its certificate, OpenSSL looks at no
// date of it. Of a self-issued one, and of the topmost certificate below a bare key, it does.
std::optional<SysTime> earliest_end(const STACK_OF(X509) * built, bool bare_key) {
  int dated = sk_X509_num(built);
  if (dated > 1 && !bare_key && !self_issued(sk_X509_value(built, dated - 1))) --dated;
  std::optional<SysTime> earliest;
  for (int i = 0; i < dated; ++i) {
    const SysTime end = not_after(sk_X509_value(built, i));
    earliest = earliest ? std::min(*earliest, end) : end;
  }
  return earliest;
}

bool matches_record(const TlsaRecord& record, std::uint8_t usage, std::uint8_t selector, std::uint8_t matching_type,
                    std::span<const std::uint8_t> data) {
  return record.usage == usage && record.selector == selector && record.matching_type == matching_type &&
         std::ranges::equal(record.data, data);
}

}  // namespace

void Release::operator()(x509_st* certificate) const {
  X509_free(certificate);
}

void Release::operator()(stack_st_X509* chain) const {
  sk_X509_pop_free(chain, X509_free);
}

void Release::operator()(x509_store_st* store) const {
  X509_STORE_free(store);
}

void Release::operator()(ssl_ctx_st* context) const {
  SSL_CTX_free(context);
}

std::string error_words(int error) {
  return X509_verify_cert_error_string(error);
}

std::string no_match_words() {
  return error_words(X509_V_ERR_DANE_NO_MATCH);
}

SentChain::SentChain(std::span<const Certificate> sent) : sent_(sent), stack_(sk_X509_new_null()) {
  if (!stack_) throw std::bad_alloc();
  if (!sent.empty()) leaf_ = push(0);
}

x509_st* SentChain::push(std::size_t position) const {
  const auto& der = sent_[position].der;
  const unsigned char* in = der.data();
  std::unique_ptr<X509, Release> certificate(d2i_X509(nullptr, &in, static_cast<long>(der.size())));
  ERR_clear_error();
  const bool whole = certificate && in == der.data() + der.size() && sent_[position].error.empty();
  if (!whole) return nullptr;
  if (sk_X509_push(stack_.get(), certificate.get()) == 0) throw std::bad_alloc();
  positions_.push_back(static_cast<int>(position));
  return certificate.release();
}

void SentChain::complete() const {
  if (complete_) return;
  complete_ = true;
  if (empty()) return;  // without its own certificate the server proves nothing
  for (std::size_t i = 1; i < sent_.size(); ++i) push(i);
}

stack_st_X509* SentChain::stack() const {
  complete();
  return stack_.get();
}

std::size_t SentChain::size() const {
  complete();
  return positions_.size();
}

x509_st* SentChain::certificate(std::size_t index) const {
  complete();
  return sk_X509_value(stack_.get(), static_cast<int>(index));
}

int SentChain::position(std::size_t index) const {
  complete();
  return positions_[index];
}

// What one verification leaves behind.
struct Engine::Run {
  SslHandle ssl;
  StoreContext context;
  std::vector<std::size_t> indices;
  std::vector<int> errors;
  int rc = -1;
  int error = X509_V_ERR_UNSPECIFIED;
};

Engine::Engine(const std::optional<std::string>& ca_file)
    : context_(SSL_CTX_new(TLS_client_method())), no_store_(X509_STORE_new()) {
  // No private matching type is ever mapped on this context: it sees data from the DNS (RFC 7671 2).
  if (!context_ || !no_store_ || SSL_CTX_dane_enable(context_.get()) <= 0) {
    throw std::runtime_error("OpenSSL cannot be set up for DANE");
  }
  SSL_CTX_dane_set_flags(context_.get(), DANE_FLAG_NO_DANE_EE_NAMECHECKS);  // RFC 7671 5.1
  if (!ca_file) return;
  store_.reset(X509_STORE_new());
  if (!store_ || X509_STORE_load_file(store_.get(), ca_file->c_str()) != 1) {
    ERR_clear_error();
    throw std::runtime_error(fmt::format("no certificate can be read from the CA file {}", *ca_file));
  }
}

x509_store_st* Engine::trust_store() const {
  std::call_once(store_loaded_, [this] {
    if (store_) return;
    store_.reset(X509_STORE_new());
    if (!store_) throw std::bad_alloc();
    X509_STORE_set_default_paths(store_.get());  // missing files leave it empty, and nothing is trusted
    ERR_clear_error();
  });
  return store_.get();
}

Engine::Run Engine::run(const SentChain& chain, std::span<const TlsaRecord> records, std::vector<std::size_t> indices,
                        const Setting& setting, bool keep_going) const {
  const auto pkix = [&](std::size_t i) { return records[i].usage <= 1; };
  const auto needs_issuers = [&](std::size_t i) { return records[i].usage != 3; };
  Run run;
  run.ssl = dane_handle(context_.get());
  // OpenSSL keeps equal records in the order they came: a fixed order makes the answer independent of it.
  std::ranges::sort(indices, {}, [&](std::size_t i) {
    const TlsaRecord& record = records[i];
    return std::tie(record.usage, record.selector, record.matching_type, record.data);
  });
  bool taken = !indices.empty();
  for (const std::size_t i : indices) taken = add_record(run.ssl.get(), records[i]) == 1 && taken;
  ERR_clear_error();
  if (!taken) return run;

  X509_STORE* store = std::ranges::any_of(indices, pkix) ? trust_store() : no_store_.get();
  STACK_OF(X509)* issuers = std::ranges::any_of(indices, needs_issuers) ? chain.stack() : nullptr;
  run.context.reset(X509_STORE_CTX_new());
  if (!run.context || X509_STORE_CTX_init(run.context.get(), store, chain.leaf(), issuers) != 1) throw std::bad_alloc();
  apply(setting, run.context.get());
  X509_STORE_CTX_set0_dane(run.context.get(), SSL_get0_dane(run.ssl.get()));
  Listener listener{setting.stop, keep_going ? &run.errors : nullptr};
  run.rc = verify(run.context.get(), listener);
  run.error = X509_STORE_CTX_get_error(run.context.get());
  run.indices = std::move(indices);
  ERR_clear_error();
  return run;
}

// Also filled in where the verification failed after the match.
void Engine::read_match(Run& run, std::span<const TlsaRecord> records, Evaluation& result) {
  // The accessors say nothing unless the handle believes that its peer was verified.
  SSL_set_verify_result(run.ssl.get(), X509_V_OK);
  EVP_PKEY* key = nullptr;
  result.depth = SSL_get0_dane_authority(run.ssl.get(), nullptr, &key);
  result.bare_key = key != nullptr;
  std::uint8_t usage = 0;
  std::uint8_t selector = 0;
  std::uint8_t matching_type = 0;
  const std::uint8_t* data = nullptr;
  std::size_t length = 0;
  SSL_get0_dane_tlsa(run.ssl.get(), &usage, &selector, &matching_type, &data, &length);
  if (data == nullptr) return;
  const auto found = std::ranges::find_if(run.indices, [&](std::size_t i) {
    return matches_record(records[i], usage, selector, matching_type, {data, length});
  });
  if (found != run.indices.end()) result.record = *found;
}

Evaluation Engine::evaluate(const SentChain& chain, std::span<const TlsaRecord> records,
                            const std::vector<std::size_t>& indices, const Setting& setting) const {
  Evaluation result;
  Run run = this->run(chain, records, indices, setting, false);
  result.error = run.error;
  if (!run.context) return result;

  read_match(run, records, result);
  if (run.error == X509_V_ERR_EE_KEY_TOO_SMALL) {  // comes before any record is looked at
    Run further = this->run(chain, records, indices, setting, true);
    read_match(further, records, result);
  }
  const STACK_OF(X509)* built = X509_STORE_CTX_get0_chain(run.context.get());
  result.earliest_not_after = earliest_end(built, result.bare_key);
  result.issuer_missing = sk_X509_num(built) == 1 && !self_issued(sk_X509_value(built, 0));

  const bool verified = run.rc == 1 && run.error == X509_V_OK && result.depth >= 0 && result.record;
  if (!verified) return result;
  // OpenSSL skips the name check where it is given no name: that must never authenticate (RFC 7672 3.2.2).
  if (records[*result.record].usage != 3 && setting.names.empty()) {
    result.error = X509_V_ERR_HOSTNAME_MISMATCH;
    return result;
  }
  result.authenticated = true;
  const char* name = X509_VERIFY_PARAM_get0_peername(X509_STORE_CTX_get0_param(run.context.get()));
  if (name != nullptr) result.name = name;
  return result;
}

std::string Engine::complaints(const SentChain& chain, std::span<const TlsaRecord> records,
                               const std::vector<std::size_t>& indices, const Setting& setting) const {
  const Run run = this->run(chain, records, indices, setting, true);
  std::vector<int> told;
  std::string words;
  for (const int error : run.errors) {
    if (std::ranges::count(told, error) > 0) continue;
    told.push_back(error);
    words += (words.empty() ? "" : "; ") + error_words(error);
  }
  return words;
}

std::string Engine::pkix_error(const SentChain& chain, const Setting& setting) const {
  const StoreContext context(X509_STORE_CTX_new());
  if (!context || X509_STORE_CTX_init(context.get(), trust_store(), chain.leaf(), chain.stack()) != 1) {
    throw std::bad_alloc();
  }
  if (setting.names.empty()) return error_words(X509_V_ERR_HOSTNAME_MISMATCH);
  apply(setting, context.get());
  Listener listener{setting.stop, nullptr};
  const int rc = verify(context.get(), listener);
  const int error = X509_STORE_CTX_get_error(context.get());
  ERR_clear_error();
  return rc == 1 && error == X509_V_OK ? std::string() : error_words(error);
}

bool Engine::accepts(const TlsaRecord& record) const {
  const SslHandle ssl = dane_handle(context_.get());
  const int rc = add_record(ssl.get(), record);
  ERR_clear_error();
  return rc == 1;
}

}  // namespace danewatch::dane
