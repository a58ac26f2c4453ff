#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#include <algorithm>
#include <optional>

#include "probe/openssl/certificate.hpp"
#include "probe/openssl/certificate_file.hpp"
#include "probe/openssl/x509.hpp"

namespace danewatch {
namespace {

constexpr std::size_t max_certificates = 100;

struct Block {
  std::string_view label;  // "CERTIFICATE"
  std::string_view text;   // BEGIN line to END line; without END line: to the end of the input
  std::size_t position = 0;
  bool closed = false;
};

// The next block at or after `from`. Lines between blocks are comments (RFC 7468 5.2).
std::optional<Block> next_block(std::string_view pem, std::size_t from) {
  constexpr std::string_view begin = "-----BEGIN ";
  for (auto at = pem.find(begin, from); at != std::string_view::npos; at = pem.find(begin, at + 1)) {
    const auto label_at = at + begin.size();
    const auto label_end = pem.find("-----", label_at);
    if (label_end == std::string_view::npos || label_end - label_at > 64) continue;
    Block block{pem.substr(label_at, label_end - label_at), pem.substr(at), at, false};
    const std::string end = fmt::format("-----END {}-----", block.label);
    const auto end_at = pem.find(end, label_end);
    if (end_at != std::string_view::npos) {
      block.text = pem.substr(at, end_at + end.size() - at);
      block.closed = true;
    }
    return block;
  }
  return std::nullopt;
}

std::vector<Block> all_blocks(std::string_view pem) {
  std::vector<Block> blocks;
  for (auto block = next_block(pem, 0); block && blocks.size() <= 2 * max_certificates;) {
    blocks.push_back(*block);
    block = block->closed ? next_block(pem, block->position + block->text.size()) : std::nullopt;
  }
  return blocks;
}

bool is_certificate(const Block& block) {
  return block.label == "CERTIFICATE" || block.label == "X509 CERTIFICATE" || block.label == "TRUSTED CERTIFICATE";
}

bool is_private_key(const Block& block) {
  return block.label.ends_with("PRIVATE KEY");
}

bool is_encrypted(const Block& block) {
  return block.label == "ENCRYPTED PRIVATE KEY" || block.text.find("ENCRYPTED\n") != std::string_view::npos ||
         block.text.find("ENCRYPTED\r") != std::string_view::npos;
}

BioPtr reader_of(const Block& block) {
  return BioPtr(BIO_new_mem_buf(block.text.data(), static_cast<int>(block.text.size())));
}

// Never asks for a pass phrase: OpenSSL's own callback would read the terminal.
int no_password(char*, int, int, void*) {
  return -1;
}

X509Ptr read_certificate(const Block& block) {
  const BioPtr bio = reader_of(block);
  X509Ptr x509(PEM_read_bio_X509_AUX(bio.get(), nullptr, no_password, nullptr));
  ERR_clear_error();
  return x509;
}

bool is_public_key(const Block& block) {
  return block.label == "PUBLIC KEY" || block.label == "RSA PUBLIC KEY";
}

bool is_request(const Block& block) {
  return block.label == "CERTIFICATE REQUEST" || block.label == "NEW CERTIFICATE REQUEST";
}

// The key alone of RFC 8017 A.1.1, as "BEGIN RSA PUBLIC KEY" has it.
PkeyPtr read_rsa_key(BIO* bio) {
  unsigned char* data = nullptr;
  char* name = nullptr;
  char* header = nullptr;
  long size = 0;
  if (PEM_read_bio(bio, &name, &header, &data, &size) != 1) return nullptr;
  const unsigned char* at = data;
  PkeyPtr key(d2i_PublicKey(EVP_PKEY_RSA, nullptr, &at, size));
  OPENSSL_free(name);
  OPENSSL_free(header);
  OPENSSL_free(data);
  return key;
}

// A request holds the key before there is a certificate (RFC 2986 4.1).
PkeyPtr read_requested_key(BIO* bio) {
  X509_REQ* request = PEM_read_bio_X509_REQ(bio, nullptr, no_password, nullptr);
  PkeyPtr key(request == nullptr ? nullptr : X509_REQ_get_pubkey(request));
  X509_REQ_free(request);
  return key;
}

PkeyPtr read_key_of(const Block& block) {
  const BioPtr bio = reader_of(block);
  PkeyPtr key(is_private_key(block)             ? PEM_read_bio_PrivateKey(bio.get(), nullptr, no_password, nullptr)
              : is_request(block)               ? read_requested_key(bio.get()).release()
              : block.label == "RSA PUBLIC KEY" ? read_rsa_key(bio.get()).release()
                                                : PEM_read_bio_PUBKEY(bio.get(), nullptr, no_password, nullptr));
  ERR_clear_error();
  return key;
}

tl::unexpected<ParseError> error(std::string message, std::size_t position = 0) {
  return tl::unexpected(ParseError{std::move(message), position});
}

// What a file without what we want holds instead, in words of ours.
std::string held_instead(std::string_view pem, const std::vector<Block>& blocks, std::string_view wanted) {
  if (blocks.empty()) {
    const std::string form = foreign_form(pem);
    return form.empty() ? "no PEM block" : form;
  }
  for (const Block& block : blocks) {
    if (const std::string form = foreign_block(block.label); !form.empty()) return form;
  }
  const auto holds = [&](auto wish) { return std::ranges::any_of(blocks, wish); };
  std::string_view other = "other PEM blocks";
  if (holds(is_private_key)) {
    other = holds(is_encrypted) ? "an encrypted private key" : "a private key";
  } else if (holds([](const Block& b) { return b.label.ends_with("PUBLIC KEY"); })) {
    other = "a public key";
  } else if (holds(is_request)) {
    other = "a certificate request";
  }
  return fmt::format("holds {} but no {}", other, wanted);
}

std::vector<std::uint8_t> spki_of_key(EVP_PKEY* key) {
  const int size = i2d_PUBKEY(key, nullptr);
  std::vector<std::uint8_t> bytes(size > 0 ? static_cast<std::size_t>(size) : 0);
  unsigned char* out = bytes.data();
  if (!bytes.empty()) i2d_PUBKEY(key, &out);
  return bytes;
}

Parsed<std::vector<std::uint8_t>> spki_of_block(const Block& block) {
  if (is_certificate(block)) {
    const X509Ptr x509 = read_certificate(block);
    if (x509 == nullptr) return error("the certificate does not decode", block.position);
    return spki_of(x509.get());
  }
  if (const std::string form = foreign_block(block.label); !form.empty()) return error(form);
  const std::string_view what = is_private_key(block) ? "private key"
                                : is_request(block)   ? "certificate request"
                                                      : "public key";
  if (is_private_key(block) && is_encrypted(block)) {
    return error(
        "the private key is encrypted; give its certificate, or its public key, which comes from: openssl pkey -in "
        "FILE -pubout -out key.pem",
        block.position);
  }
  const PkeyPtr key = read_key_of(block);
  if (key == nullptr) return error(fmt::format("the {} does not decode", what), block.position);
  return spki_of_key(key.get());
}

}  // namespace

Parsed<std::vector<Certificate>> parse_pem_chain(std::string_view pem) {
  std::vector<Certificate> chain;
  const std::vector<Block> blocks = all_blocks(pem);
  for (const Block& block : blocks) {
    if (!is_certificate(block)) continue;
    const std::size_t number = chain.size() + 1;
    if (number > max_certificates) {
      return error(fmt::format("more than {} certificates", max_certificates), block.position);
    }
    if (!block.closed) return error(fmt::format("certificate {} has no END line", number), block.position);
    const X509Ptr x509 = read_certificate(block);
    if (x509 == nullptr) return error(fmt::format("certificate {} does not decode", number), block.position);
    chain.push_back(certificate_from(x509.get()));
  }
  if (chain.empty()) return error(held_instead(pem, blocks, "certificate"));
  return chain;
}

std::vector<std::vector<std::uint8_t>> private_keys_in(std::string_view pem) {
  std::vector<std::vector<std::uint8_t>> keys;
  for (const Block& block : all_blocks(pem)) {
    if (!is_private_key(block) || is_encrypted(block)) continue;
    if (auto spki = spki_of_block(block)) keys.push_back(std::move(*spki));
  }
  return keys;
}

Parsed<std::vector<std::uint8_t>> spki_from_pem(std::string_view pem) {
  const std::vector<Block> blocks = all_blocks(pem);
  const auto is_key = [](const Block& block) {
    return is_public_key(block) || is_request(block) || (is_private_key(block) && !is_encrypted(block));
  };
  auto found = std::ranges::find_if(blocks, is_key);
  if (found == blocks.end()) found = std::ranges::find_if(blocks, is_certificate);
  if (found == blocks.end()) found = std::ranges::find_if(blocks, is_private_key);
  if (found == blocks.end()) return error(held_instead(pem, blocks, "certificate, public or private key"));
  return spki_of_block(*found);
}

}  // namespace danewatch
