// Inner: one owner for each OpenSSL object: `X509Ptr`, `SslPtr`, …
//
// Thread rule: as std::unique_ptr.
#pragma once

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <memory>

namespace danewatch {

template <auto Free>
struct OpensslFree {
  template <class T>
  void operator()(T* object) const noexcept {
    Free(object);
  }
};

template <class T, auto Free>
using OpensslHandle = std::unique_ptr<T, OpensslFree<Free>>;

using BioPtr = OpensslHandle<BIO, BIO_free_all>;
using X509Ptr = OpensslHandle<X509, X509_free>;
using PkeyPtr = OpensslHandle<EVP_PKEY, EVP_PKEY_free>;
using GeneralNamesPtr = OpensslHandle<GENERAL_NAMES, GENERAL_NAMES_free>;
using NameConstraintsPtr = OpensslHandle<NAME_CONSTRAINTS, NAME_CONSTRAINTS_free>;
using SslPtr = OpensslHandle<SSL, SSL_free>;
using SslCtxPtr = OpensslHandle<SSL_CTX, SSL_CTX_free>;

}  // namespace danewatch
