// The record language of the rule book: "3 1 1 leaf cut 31" to TLSA records (see rulebook.json, "about").
//
// Thread rule: one thread.
#pragma once

#include <algorithm>
#include <sstream>
#include <string>
#include <vector>

#include "probe/openssl/certificate.hpp"
#include "tests/conformance/rulebook_world.hpp"

namespace danewatch::rulebook {

class RecordReader {
 public:
  RecordReader(World& world, const std::string& text) : world_(world), words_(text) {}

  std::vector<TlsaRecord> read() {
    std::string first;
    words_ >> first;
    if (first == "rdata") return {from_rdata()};
    record_.usage = number(first);
    record_.selector = number(word());
    record_.matching_type = number(word());
    what_ = word();
    set_data(record_.selector, record_.matching_type, 0);
    while (words_ >> first) change(first);
    if (!repeated_.empty()) return repeated_;
    return {record_};
  }

 private:
  std::string word() {
    std::string text;
    if (!(words_ >> text)) throw std::runtime_error("the record ends early");
    return text;
  }

  static std::uint8_t number(const std::string& text) { return static_cast<std::uint8_t>(std::stoi(text)); }

  TlsaRecord from_rdata() {
    std::string hex;
    words_ >> hex;
    return tlsa_from_rdata("", from_hex(hex).value());
  }

  void set_data(int selector, int matching_type, int salt) {
    if (what_ == "wrong") {
      record_.data = pki::unrelated_tlsa(3, selector, matching_type, salt).data;
    } else if (what_ == "nothing") {
      record_.data = association_data(matching_type, {});
    } else if (what_ != "empty") {
      const auto& certificate = world_.certificate(what_);
      // Unknown numbers are given real data, or nothing could go wrong with them.
      record_.data = pki::tlsa_for(certificate, 3, std::min(selector, 1), matching_type > 2 ? 1 : matching_type).data;
    }
  }

  void change(const std::string& name) {
    if (name == "as") {
      const int selector = std::stoi(word());
      set_data(selector, std::stoi(word()), 0);
    } else if (name == "cut") {
      record_.data.resize(std::stoul(word()));
    } else if (name == "plus") {
      record_.data.resize(record_.data.size() + std::stoul(word()));
    } else if (name == "hexed") {
      const std::string hex = to_hex(record_.data);
      record_.data.assign(hex.begin(), hex.end());
    } else if (name == "pem") {
      const std::string pem = pki::certificate_pem(world_.certificate(what_).der);
      record_.data = association_data(record_.matching_type, {pem.begin(), pem.end()});
    } else if (name == "odd-key") {
      make_algorithm_unknown();
    } else if (name == "times") {
      repeat(std::stoi(word()));
    } else {
      throw std::runtime_error("unknown word in a record: " + name);
    }
  }

  // 1.2.840.10045.2.1 (an elliptic curve key) becomes the unassigned 1.2.840.10045.2.127.
  void make_algorithm_unknown() {
    const std::vector<std::uint8_t> known{0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01};
    const auto found = std::ranges::search(record_.data, known);
    if (found.empty()) throw std::runtime_error("no elliptic curve key in the record");
    *(found.end() - 1) = 0x7f;
  }

  void repeat(int times) {
    for (int salt = 0; salt < times; ++salt) {
      if (what_ == "wrong") set_data(record_.selector, record_.matching_type, salt);
      repeated_.push_back(record_);
    }
  }

  World& world_;
  std::istringstream words_;
  std::string what_;
  TlsaRecord record_;
  std::vector<TlsaRecord> repeated_;
};

}  // namespace danewatch::rulebook
