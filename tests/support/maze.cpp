#include "tests/support/maze.hpp"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/rand.h>
#include <openssl/x509.h>

#include <memory>
#include <stdexcept>

namespace danewatch::pki {
namespace {

template <auto free_function>
struct Freed {
  template <class T>
  void operator()(T* pointer) const {
    free_function(pointer);
  }
};
using Number = std::unique_ptr<BIGNUM, Freed<BN_free>>;
using PkeyPtr = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using X509Ptr = std::unique_ptr<X509, Freed<X509_free>>;

void check(bool good) {
  if (!good) throw std::logic_error("a test certificate cannot be made");
}

Number odd_number(int bits) {
  Number number(BN_new());
  check(BN_rand(number.get(), bits, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ODD) == 1);
  return number;
}

// Nobody knows its factors, and nobody needs them: it only checks.
PkeyPtr public_key(const MazeSpec& spec) {
  const Number modulus = odd_number(spec.key_bits);
  const Number exponent = odd_number(spec.exponent_bits);
  const std::unique_ptr<OSSL_PARAM_BLD, Freed<OSSL_PARAM_BLD_free>> builder(OSSL_PARAM_BLD_new());
  OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, modulus.get());
  OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, exponent.get());
  const std::unique_ptr<OSSL_PARAM, Freed<OSSL_PARAM_free>> params(OSSL_PARAM_BLD_to_param(builder.get()));
  const std::unique_ptr<EVP_PKEY_CTX, Freed<EVP_PKEY_CTX_free>> context(
      EVP_PKEY_CTX_new_from_name(nullptr, "RSA", nullptr));
  EVP_PKEY* key = nullptr;
  check(EVP_PKEY_fromdata_init(context.get()) == 1);
  check(EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, params.get()) == 1);
  return PkeyPtr(key);
}

std::vector<std::uint8_t> with_key(const std::vector<std::uint8_t>& der, EVP_PKEY* key, EVP_PKEY* signer, int bits) {
  const unsigned char* in = der.data();
  const X509Ptr certificate(d2i_X509(nullptr, &in, static_cast<long>(der.size())));
  check(certificate != nullptr && X509_set_pubkey(certificate.get(), key) == 1);
  check(X509_sign(certificate.get(), signer, EVP_sha256()) > 0);
  std::vector<std::uint8_t> octets(static_cast<std::size_t>(bits) / 8);
  check(RAND_bytes(octets.data(), static_cast<int>(octets.size())) == 1);
  octets.front() = 0;  // less than the modulus
  const ASN1_BIT_STRING* signature = nullptr;
  X509_get0_signature(&signature, nullptr, certificate.get());
  check(ASN1_STRING_set(const_cast<ASN1_BIT_STRING*>(signature), octets.data(), static_cast<int>(octets.size())) == 1);
  unsigned char* out = nullptr;
  const int size = i2d_X509(certificate.get(), &out);
  check(size > 0);
  std::vector<std::uint8_t> result(out, out + size);
  OPENSSL_free(out);
  return result;
}

Identity named(int name, const Identity* issuer, const KeyPtr& key) {
  CertificateSpec spec;
  spec.common_name = "maze " + std::to_string(name);
  spec.ca = true;
  spec.key_ids = false;
  return issue(spec, issuer, key);
}

}  // namespace

std::vector<std::vector<std::uint8_t>> Maze::chain() const {
  std::vector<std::vector<std::uint8_t>> all{leaf.der};
  all.insert(all.end(), above.begin(), above.end());
  return all;
}

Maze make_maze(const CertificateSpec& leaf, const MazeSpec& spec) {
  const KeyPtr ordinary = make_key();
  const PkeyPtr key = public_key(spec);
  const PkeyPtr signer(EVP_RSA_gen(2048));
  std::vector<Identity> authorities;
  for (int name = 0; name < spec.names; ++name) authorities.push_back(named(name, nullptr, ordinary));
  CertificateSpec without_ids = leaf;
  without_ids.key_ids = false;
  Maze maze{issue(without_ids, &authorities.front()), {}};
  for (int i = 0; i < spec.certificates; ++i) {
    const int name = i % spec.names;
    const Identity one = named(name, &authorities[static_cast<std::size_t>((name + 1) % spec.names)], ordinary);
    maze.above.push_back(with_key(one.der, key.get(), signer.get(), spec.key_bits));
  }
  return maze;
}

}  // namespace danewatch::pki
