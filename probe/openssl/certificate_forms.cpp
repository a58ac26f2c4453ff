// Files that hold what is asked for in a form that cannot be read here: what they are, and how to convert them.

#include <algorithm>
#include <array>

#include "probe/openssl/certificate_file.hpp"

namespace danewatch {
namespace {

struct Form {
  std::string_view begins;  // of the content, or the label of a PEM block
  std::string_view advice;
};

constexpr std::string_view ssh =
    "this is an OpenSSH key; the public key of an RSA or ECDSA one comes from: ssh-keygen -e -m PKCS8 -f FILE >key.pem";
constexpr std::string_view pkcs7 =
    "this is PKCS#7; its certificates come from: openssl pkcs7 -in FILE -print_certs -out chain.pem";

constexpr std::array blocks{
    Form{"OPENSSH PRIVATE KEY", ssh},
    Form{"SSH2 ", ssh},
    Form{"PKCS7", pkcs7},
    Form{"CMS",
         "this is CMS; its certificates come from: openssl cms -in FILE -inform PEM -verify -noverify -certsout "
         "chain.pem"},
    Form{"X509 CRL", "this is a revocation list, which holds no certificate"},
};

constexpr std::string_view bare =
    "this is base64 without its BEGIN and END lines; give what it stands for: base64 -d FILE >FILE.der";

constexpr std::array contents{
    Form{"LS0tLS1CRUdJTi", "this is PEM in base64 once more; give what it stands for: base64 -d FILE >FILE.pem"},
    Form{"MII", bare},
    Form{"MIG", bare},
    Form{"MFkw", bare},
    Form{"ssh-", ssh},
    Form{"ecdsa-sha2-", ssh},
    Form{"---- BEGIN SSH2 ", ssh},
    Form{"PuTTY-User-Key-File",
         "this is a PuTTY key; convert it with: puttygen FILE -O private-openssh -o key, then "
         "ssh-keygen -e -m PKCS8 -f key >key.pem"},
    Form{"\xfe\xed\xfe\xed",
         "this is a Java keystore; its certificates come from: keytool -list -rfc -keystore FILE >chain.pem"},
    Form{"\xff\xfe", "this is UTF-16 text; convert it with: iconv -f UTF-16 -t UTF-8 FILE >chain.pem"},
    Form{"\xfe\xff", "this is UTF-16 text; convert it with: iconv -f UTF-16 -t UTF-8 FILE >chain.pem"},
};

template <class Forms>
std::string advice_for(const Forms& forms, std::string_view text) {
  const auto found = std::ranges::find_if(forms, [&](const Form& form) { return text.starts_with(form.begins); });
  return found == forms.end() ? "" : std::string(found->advice);
}

bool is_asn1_sequence(std::string_view content) {
  return content.size() > 3 && content[0] == '\x30' && (static_cast<unsigned char>(content[1]) & 0x80U) != 0;
}

constexpr std::string_view object_pkcs7{"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07", 10};  // RFC 2315 14
constexpr std::string_view object_pkcs5{"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x05", 10};  // RFC 8018 A
constexpr std::string_view version_3{"\x02\x01\x03", 3};

// By what stands at the front: PKCS#12 (RFC 7292 4) is a version 3 and then PKCS#7, an encrypted key (RFC 5958 3)
// an algorithm of PKCS#5.
std::string der_form(std::string_view content) {
  const std::string_view front = content.substr(0, 40);
  const auto at = front.find(object_pkcs7);
  const auto version = front.find(version_3);
  if (at != std::string_view::npos && version < at) {
    return "this is PKCS#12; its certificates come from: openssl pkcs12 -in FILE -nokeys -out chain.pem";
  }
  if (at != std::string_view::npos) {
    return "this is PKCS#7; its certificates come from: openssl pkcs7 -inform DER -in FILE -print_certs -out chain.pem";
  }
  if (front.find(object_pkcs5) != std::string_view::npos) {
    return "this is an encrypted private key; its public key comes from: openssl pkey -in FILE -pubout -out key.pem";
  }
  return "this looks like DER, but is not a certificate, request or key that can be read";
}

}  // namespace

std::string foreign_block(std::string_view label) {
  return advice_for(blocks, label);
}

std::string foreign_form(std::string_view content) {
  if (content.empty()) return "no PEM block: the file is empty";
  if (is_asn1_sequence(content)) return der_form(content);
  return advice_for(contents, content);
}

}  // namespace danewatch
