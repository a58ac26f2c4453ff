// A second opinion on our reader of mail: GMime, over mails that are generated.
#include <glib.h>
#include <gmime/gmime.h>
#include <gtest/gtest.h>

#include <functional>
#include <random>

#include "store/tlsrpt/mime.hpp"
#include "tests/support/packed.hpp"

namespace danewatch {
namespace {

using tlsrpt::Part;

constexpr int mails = 2000;

// Mail as senders and gateways write it: any nesting, encoding, line end, folding and form of a name.
class Generator {
 public:
  explicit Generator(unsigned seed) : random_(seed) { line_end_ = chance(2) ? "\r\n" : "\n"; }

  std::string mail() {
    return "From: TLS <tls@sender.example>" + line_end_ + "Subject: report" + fold() + "of a day" + line_end_ +
           entity(0);
  }

 private:
  unsigned below(unsigned limit) { return static_cast<unsigned>(random_() % limit); }
  bool chance(unsigned of) { return below(of) == 0; }
  std::string one_of(std::initializer_list<const char*> words) {
    return *(words.begin() + below(static_cast<unsigned>(words.size())));
  }
  std::string fold() { return chance(3) ? line_end_ + one_of({" ", "\t", "   "}) : " "; }
  std::string letters(unsigned most) {
    std::string result;
    for (unsigned i = below(most) + 1; i > 0; --i) result += static_cast<char>('a' + below(26));
    return result;
  }

  // A parameter in one of the forms that are in use (RFC 2045 5.1, RFC 2231).
  std::string name_parameter(const std::string& key) {
    const std::string first = letters(20);
    const std::string last = letters(20);
    switch (below(5)) {
      case 0:
        return ";" + fold() + key + "=" + first + last;
      case 1:
        return ";" + fold() + key + "=\"" + first + "!" + last + " (1).json.gz\"";
      case 2:
        return ";" + fold() + key + "*0=\"" + first + "!\";" + fold() + key + "*1=\"" + last + "\"";
      case 3:
        return ";" + fold() + key + "*=utf-8''" + first + "%21" + last;
      default:
        return ";" + fold() + key + "*0*=utf-8'en'" + first + "%21;" + fold() + key + "*1=" + last;
    }
  }

  std::string body(const std::string& encoding) {
    std::string octets;
    for (unsigned i = below(300); i > 0; --i) octets += static_cast<char>(below(256));
    if (encoding == "base64") return with_line_ends(base64(octets));
    if (encoding == "quoted-printable") return quoted_printable(octets);
    return letters(60) + line_end_ + letters(60) + (chance(2) ? line_end_ : "");
  }

  std::string with_line_ends(const std::string& text) const {
    if (line_end_ == "\r\n") return text;
    std::string result;
    for (const char c : text) {
      if (c != '\r') result += c;
    }
    return result;
  }

  std::string quoted_printable(const std::string& octets) {
    static constexpr char hex[] = "0123456789ABCDEF";
    std::string result;
    std::size_t column = 0;
    for (const char c : octets) {
      const auto octet = static_cast<unsigned char>(c);
      const bool plain = octet > 32 && octet < 127 && octet != '=';
      result += plain ? std::string(1, c) : std::string{'=', hex[octet / 16], hex[octet % 16]};
      column += plain ? 1 : 3;
      if (column < 60 + below(10)) continue;
      result += "=" + line_end_;
      column = 0;
    }
    return result;
  }

  std::string leaf() {
    const auto encoding = one_of({"base64", "quoted-printable", "7bit", "8bit", "binary"});
    const auto type = one_of(
        {"application/tlsrpt+gzip", "application/gzip", "Application/JSON", "text/plain", "application/octet-stream"});
    std::string head = "Content-Type: " + type + (chance(3) ? name_parameter("name") : "") + line_end_;
    if (chance(2)) head += "Content-Disposition: attachment" + name_parameter("filename") + line_end_;
    head += one_of({"Content-Transfer-Encoding: ", "content-transfer-encoding:   "}) + encoding + line_end_;
    return head + line_end_ + body(encoding);
  }

  std::string multipart(unsigned depth) {
    const std::string boundary = one_of({"b", "--=_b", "b (1)", "b'b:"}) + letters(10) + std::to_string(++boundaries_);
    std::string result = "Content-Type: multipart/" + one_of({"mixed", "report; report-type=tlsrpt", "alternative"}) +
                         ";" + fold() + "boundary=\"" + boundary + "\"" + line_end_ + line_end_;
    if (chance(2)) result += "a preamble" + line_end_;
    for (unsigned i = below(3) + 1; i > 0; --i) {
      result += "--" + boundary + (chance(5) ? "  " : "") + line_end_ + entity(depth + 1) + line_end_;
    }
    result += "--" + boundary + "--" + line_end_;
    return chance(2) ? result + "an epilogue" + line_end_ : result;
  }

  std::string entity(unsigned depth) {
    if (depth < 4 && chance(2)) return multipart(depth);
    if (depth > 0 && depth < 4 && chance(8)) return "Content-Type: message/rfc822" + line_end_ + line_end_ + mail();
    return leaf();
  }

  std::mt19937 random_;
  unsigned boundaries_ = 0;  // no two are the same: whose a line is would be anybody's guess
  std::string line_end_;
};

std::string octets_of(GMimePart* part) {
  GMimeDataWrapper* content = g_mime_part_get_content(part);
  if (content == nullptr) return {};
  GMimeStream* stream = g_mime_stream_mem_new();
  g_mime_data_wrapper_write_to_stream(content, stream);
  const GByteArray* octets = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream));
  std::string result(reinterpret_cast<const char*>(octets->data), octets->len);
  g_object_unref(stream);
  return result;
}

void add_parts(GMimeObject* object, std::vector<Part>& into) {
  if (GMIME_IS_MULTIPART(object)) {
    for (int i = 0; i < g_mime_multipart_get_count(GMIME_MULTIPART(object)); ++i) {
      add_parts(g_mime_multipart_get_part(GMIME_MULTIPART(object), i), into);
    }
  } else if (GMIME_IS_MESSAGE_PART(object)) {
    add_parts(g_mime_message_get_mime_part(g_mime_message_part_get_message(GMIME_MESSAGE_PART(object))), into);
  } else if (GMIME_IS_PART(object)) {
    char* type = g_mime_content_type_get_mime_type(g_mime_object_get_content_type(object));
    char* lower = g_ascii_strdown(type, -1);
    const char* name = g_mime_part_get_filename(GMIME_PART(object));
    into.push_back({lower, name == nullptr ? "" : name, octets_of(GMIME_PART(object))});
    g_free(lower);
    g_free(type);
  }
}

std::vector<Part> parts_by_gmime(const std::string& text) {
  GMimeStream* stream = g_mime_stream_mem_new_with_buffer(text.data(), text.size());
  GMimeParser* parser = g_mime_parser_new_with_stream(stream);
  GMimeMessage* message = g_mime_parser_construct_message(parser, nullptr);
  std::vector<Part> parts;
  if (message != nullptr) {
    add_parts(g_mime_message_get_mime_part(message), parts);
    g_object_unref(message);
  }
  g_object_unref(parser);
  g_object_unref(stream);
  return parts;
}

TEST(Gmime, AgreesOnGeneratedMail) {
  g_mime_init();
  std::size_t compared = 0;
  for (unsigned seed = 0; seed < mails; ++seed) {
    const std::string text = Generator(seed).mail();
    const auto theirs = parts_by_gmime(text);
    const auto ours = tlsrpt::parse_mail(text).parts;
    ASSERT_EQ(ours.size(), theirs.size()) << "seed " << seed << "\n" << text;
    for (std::size_t i = 0; i < ours.size(); ++i) {
      ASSERT_EQ(ours[i].type, theirs[i].type) << "seed " << seed << "\n" << text;
      ASSERT_EQ(ours[i].file_name, theirs[i].file_name) << "seed " << seed << "\n" << text;
      ASSERT_EQ(ours[i].octets, theirs[i].octets) << "seed " << seed << ", part " << i << "\n" << text;
      ++compared;
    }
  }
  EXPECT_GT(compared, 4000U);
  g_mime_shutdown();
}

}  // namespace
}  // namespace danewatch
