#include <fmt/format.h>
#include <openssl/err.h>

#include <algorithm>

#include "probe/openssl/certificate_file.hpp"
#include "probe/openssl/handle.hpp"

namespace danewatch {
namespace {

X509Ptr decoded(const Certificate& certificate) {
  const unsigned char* at = certificate.der.data();
  return X509Ptr(d2i_X509(nullptr, &at, static_cast<long>(certificate.der.size())));
}

class Signatures {
 public:
  explicit Signatures(const std::vector<Certificate>& chain) : chain_(chain) {
    for (const Certificate& certificate : chain) x509_.push_back(decoded(certificate));
  }
  Signatures(const Signatures&) = delete;
  Signatures& operator=(const Signatures&) = delete;
  ~Signatures() { ERR_clear_error(); }  // of signatures that were not there

  bool signed_it(std::size_t issuer, std::size_t subject) const {
    if (x509_[issuer] == nullptr || x509_[subject] == nullptr) return false;
    if (chain_[issuer].spki_sha256 == chain_[subject].spki_sha256) return false;  // itself, or a renewed one
    EVP_PKEY* key = X509_get0_pubkey(x509_[issuer].get());
    return key != nullptr && X509_verify(x509_[subject].get(), key) == 1;
  }

  // The first one that this one signed; chain size: none.
  std::size_t signed_by(std::size_t issuer) const {
    std::size_t subject = 0;
    while (subject < x509_.size() && !signed_it(issuer, subject)) ++subject;
    return subject;
  }

  bool signed_none(std::size_t issuer) const { return signed_by(issuer) == x509_.size(); }

 private:
  const std::vector<Certificate>& chain_;
  std::vector<X509Ptr> x509_;
};

std::string named(const std::vector<Certificate>& chain, std::size_t i) {
  const std::string& name = chain[i].subject_cn;
  return name.empty() ? fmt::format("certificate {}", i + 1) : fmt::format("certificate {} ({})", i + 1, name);
}

// Those that may be the server's own. Where one alone is not a CA's, it is.
std::vector<std::size_t> candidates(const std::vector<Certificate>& chain, const Signatures& signatures) {
  std::vector<std::size_t> all;
  std::vector<std::size_t> ends;
  for (std::size_t i = 0; i < chain.size(); ++i) {
    if (!signatures.signed_none(i)) continue;
    all.push_back(i);
    if (!is_ca(chain[i])) ends.push_back(i);
  }
  return ends.size() == 1 ? ends : all;
}

// The leaf, its issuer, the issuer of that, and what is left in the order of the file.
std::vector<Certificate> from_leaf_up(std::vector<Certificate> chain, std::size_t leaf, const Signatures& signatures) {
  std::vector<std::size_t> order{leaf};
  const auto is_new = [&](std::size_t i) { return std::ranges::count(order, i) == 0; };
  for (bool found = true; found;) {
    found = false;
    for (std::size_t i = 0; i < chain.size() && !found; ++i) {
      found = is_new(i) && signatures.signed_it(i, order.back());
      if (found) order.push_back(i);
    }
  }
  for (std::size_t i = 0; i < chain.size(); ++i) {
    if (is_new(i)) order.push_back(i);
  }
  std::vector<Certificate> result;
  for (const std::size_t i : order) result.push_back(chain[i]);
  return result;
}

}  // namespace

Parsed<ChainFile> in_order(std::vector<Certificate> chain) {
  if (chain.size() < 2) return ChainFile{std::move(chain), ""};
  const Signatures signatures(chain);
  const std::size_t child = signatures.signed_by(0);
  const bool stray = child == chain.size() && is_ca(chain[0]) &&
                     std::ranges::count_if(chain, [](const Certificate& each) { return !is_ca(each); }) > 0;
  if (child == chain.size() && !stray) return ChainFile{std::move(chain), ""};
  const std::string why = stray ? fmt::format("{} is a CA's and the file holds others' too", named(chain, 0))
                                : fmt::format("{} signed {}", named(chain, 0), named(chain, child));
  const std::vector<std::size_t> ends = candidates(chain, signatures);
  if (stray || ends.size() != 1) {
    return tl::unexpected(ParseError{why + ": put the server's own certificate first", 0});
  }
  const std::string remark = fmt::format("{}, so the file is in the wrong order; {} is taken as the server's own", why,
                                         named(chain, ends.front()));
  return ChainFile{from_leaf_up(chain, ends.front(), signatures), remark};
}

}  // namespace danewatch
