// PEM files: certificate chains and keys.
#include "probe/openssl/certificate_file.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace danewatch;

FUZZ(input) {
  const auto chain = parse_pem_chain(fuzz::as_text(input));
  if (chain) {
    fuzz::require(!chain->empty() && chain->size() <= 100, "a chain has 1 to 100 certificates");
    for (const Certificate& certificate : *chain) {
      fuzz::require(!certificate.der.empty() && certificate.sha256.size() == 64, "every certificate has its digest");
    }
  } else {
    fuzz::require_sound(chain.error(), input.size());
  }
  const auto file = read_chain(fuzz::as_text(input));
  fuzz::require(!file || !file->chain.empty(), "a file's chain has a certificate");
  const auto any_key = read_key(fuzz::as_text(input));
  fuzz::require(!any_key || !any_key->spki.empty(), "a file's key is not nothing");
  const auto key = spki_from_pem(fuzz::as_text(input));
  if (key) fuzz::require(!key->empty(), "a key is not nothing");
  if (!key) fuzz::require_sound(key.error(), input.size());
}
