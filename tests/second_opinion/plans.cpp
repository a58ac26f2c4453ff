#include "tests/second_opinion/plans.hpp"

#include <array>

namespace danewatch::second_opinion {
namespace {

using Names = std::vector<std::string>;

constexpr SysTime past{std::chrono::seconds{1748736000}};    // 2025-06-01
constexpr SysTime future{std::chrono::seconds{2366841600}};  // 2045-01-01

void ordinary(Sketch&, const std::string&) {}

constexpr std::array table{
    Plan{"ordinary", ordinary},
    Plan{"root not sent",
         [](Sketch& sketch, const std::string&) {
           sketch.sent = {"leaf", "middle"};
         }},
    Plan{"leaf alone", [](Sketch& sketch, const std::string&) { sketch.sent = {"leaf"}; }},
    Plan{"intermediate not sent",
         [](Sketch& sketch, const std::string&) {
           sketch.sent = {"leaf", "root"};
         }},
    Plan{"self-signed",
         [](Sketch& sketch, const std::string&) {
           sketch.self_signed = true;
           sketch.sent = {"leaf"};
         }},
    Plan{"self-signed CA",
         [](Sketch& sketch, const std::string&) {
           sketch.self_signed = sketch.leaf.ca = true;
           sketch.sent = {"leaf"};
         }},
    Plan{"leaf expired", [](Sketch& sketch, const std::string&) { sketch.leaf.not_after = past; }},
    Plan{"leaf not yet valid", [](Sketch& sketch, const std::string&) { sketch.leaf.not_before = future; }},
    Plan{"intermediate expired", [](Sketch& sketch, const std::string&) { sketch.middle.not_after = past; }},
    Plan{"root expired", [](Sketch& sketch, const std::string&) { sketch.root.not_after = past; }},
    Plan{"other name", [](Sketch& sketch, const std::string&) { sketch.leaf.dns_names = {"mail.elsewhere.lab"}; }},
    Plan{"name of the domain", [](Sketch& sketch, const std::string& domain) { sketch.leaf.dns_names = {domain}; }},
    Plan{"no name", [](Sketch& sketch, const std::string&) { sketch.leaf.dns_names.clear(); }},
    Plan{"wildcard", [](Sketch& sketch, const std::string&) { sketch.leaf.dns_names = {"*.second.lab"}; }},
    Plan{"wildcard in a label", [](Sketch& sketch, const std::string&) { sketch.leaf.dns_names = {"h*.second.lab"}; }},
    Plan{"common name alone",
         [](Sketch& sketch, const std::string&) {
           std::swap(sketch.leaf.common_name, sketch.leaf.dns_names.front()), sketch.leaf.dns_names.clear();
         }},
    Plan{"out of order",
         [](Sketch& sketch, const std::string&) {
           sketch.sent = {"leaf", "root", "stranger", "middle"};
         }},
    Plan{"for clients", [](Sketch& sketch, const std::string&) { sketch.leaf.extended_key_usage = "clientAuth"; }},
    Plan{"path too long", [](Sketch& sketch, const std::string&) { sketch.root.path_length = 0; }},
    Plan{"name excluded", [](Sketch& sketch, const std::string&) { sketch.root.excluded_dns = "second.lab"; }},
    Plan{"no authority", [](Sketch& sketch, const std::string&) { sketch.middle.ca = false; }},
    Plan{"weak key", [](Sketch& sketch, const std::string&) { sketch.weak_key = true; }},
    Plan{"weak signature", [](Sketch& sketch, const std::string&) { sketch.leaf.sha1 = true; }},
    Plan{"root signed by another",
         [](Sketch& sketch, const std::string&) {
           sketch.root_again = true;
           sketch.sent = {"leaf", "middle", "cross"};
         }},
    Plan{"two roots of one name",
         [](Sketch& sketch, const std::string&) {
           sketch.root_again = true;
           sketch.sent = {"leaf", "middle", "cross", "root", "stranger"};
         }},
    Plan{"root signed by another, once",
         [](Sketch& sketch, const std::string&) {
           sketch.root_again = true;
           sketch.cross_until = past;
           sketch.sent = {"leaf", "middle", "cross", "stranger"};
         }},
    Plan{"records of reserves", [](Sketch& sketch, const std::string&) { sketch.reserves = 3; }},
    Plan{"records of a wildcard", [](Sketch& sketch, const std::string&) { sketch.wildcard_records = true; }},
    Plan{"greets late",
         [](Sketch& sketch, const std::string&) { sketch.manners.greets_after = std::chrono::milliseconds(1500); }},
    Plan{"refuses EHLO",
         [](Sketch& sketch, const std::string&) {
           sketch.manners.says = {{"EHLO", "550 5.7.1 Helo command rejected: not your name"}};
         }},
    Plan{"suites that few have",
         [](Sketch& sketch, const std::string&) {
           sketch.manners.highest = TlsVersion::tls1_2;
           sketch.manners.ciphers = "CAMELLIA:ARIA";
         }},
};

}  // namespace

std::span<const Plan> plans() {
  return table;
}

}  // namespace danewatch::second_opinion
