#include "probe/judgement/known_faults.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <vector>

namespace danewatch {
namespace {

constexpr std::string_view made = "November 2026";

struct Fault {
  std::string_view library;
  std::string_view cve;
  std::array<std::string_view, 2> upstream;  // the first good version of one branch, and of another
  std::string_view debian_12;                // the first good package; empty: there was none
  std::string_view debian_13;
};

// Of each version that mends several the gravest one. From the changelogs of the packages, and libunbound's own.
constexpr std::array faults{
    Fault{"libunbound", "CVE-2023-50387", {"1.19.1"}, "1.17.1-2+deb12u2", "1.22.0"},
    Fault{"libunbound", "CVE-2024-8508", {"1.21.1"}, "1.17.1-2+deb12u3", "1.22.0"},
    Fault{"libunbound", "CVE-2026-33278", {"1.25.1"}, "", "1.22.0-2+deb13u3"},
    Fault{"libunbound", "CVE-2026-56416", {"1.25.2"}, "", "1.26.1-0+deb13u1"},
    Fault{"libunbound", "CVE-2026-81642", {"1.26.1"}, "", "1.26.1-0+deb13u1"},
    Fault{"libunbound", "CVE-2026-96405", {"1.26.2"}, "", "1.26.2-0+deb13u1"},
    Fault{"OpenSSL", "CVE-2026-28387", {"3.0.20", "3.5.6"}, "3.0.19-1~deb12u2", "3.5.5-1~deb13u2"},
};

// A tilde sorts before all, even the end; letters before other signs.
int weight(char c) {
  if (c == '~') return -1;
  if (std::isdigit(static_cast<unsigned char>(c)) != 0 || c == '\0') return 0;
  return std::isalpha(static_cast<unsigned char>(c)) != 0 ? c : c + 256;
}

char front(std::string_view text) {
  return text.empty() ? '\0' : text.front();
}

bool is_digit(std::string_view text) {
  return std::isdigit(static_cast<unsigned char>(front(text))) != 0;
}

std::string_view take_digits(std::string_view& text) {
  const auto end = std::min(text.find_first_not_of("0123456789"), text.size());
  std::string_view digits = text.substr(0, end);
  text.remove_prefix(end);
  digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size()));
  return digits;
}

// Of the part before the last hyphen, or of the one behind it.
int compare_parts(std::string_view left, std::string_view right) {
  while (!left.empty() || !right.empty()) {
    while ((!left.empty() && !is_digit(left)) || (!right.empty() && !is_digit(right))) {
      const int difference = weight(front(left)) - weight(front(right));
      if (difference != 0) return difference;
      left.remove_prefix(1);
      right.remove_prefix(1);
    }
    const std::string_view one = take_digits(left), other = take_digits(right);
    if (one.size() != other.size()) return one.size() < other.size() ? -1 : 1;
    if (const int difference = one.compare(other); difference != 0) return difference;
  }
  return 0;
}

struct Version {
  std::string_view epoch = "0", upstream, revision = "0";

  explicit Version(std::string_view text) {
    if (const auto colon = text.find(':'); colon != std::string_view::npos) {
      epoch = text.substr(0, colon);
      text.remove_prefix(colon + 1);
    }
    const auto hyphen = text.rfind('-');
    upstream = text.substr(0, hyphen);
    if (hyphen != std::string_view::npos) revision = text.substr(hyphen + 1);
  }
};

std::string_view branch_of(std::string_view version) {
  const auto dot = version.find('.');
  return version.substr(0, dot == std::string_view::npos ? dot : version.find('.', dot + 1));
}

bool is_less(std::string_view left, std::string_view right) {
  return compare_debian_versions(left, right) < 0;
}

// Empty where this release had none, or is none of Debian's that are known here.
std::string_view mending_package(const Fault& fault, const LibraryInUse& library) {
  if (!library.package) return "";
  return library.release == 12 ? fault.debian_12 : library.release == 13 ? fault.debian_13 : "";
}

// Of a branch without a version of its own in the table nothing is said.
bool is_open_upstream(const Fault& fault, const LibraryInUse& library) {
  if (fault.upstream[1].empty()) return is_less(library.version, fault.upstream[0]);
  return std::ranges::any_of(fault.upstream, [&](std::string_view good) {
    return branch_of(good) == branch_of(library.version) && is_less(library.version, good);
  });
}

bool has(const LibraryInUse& library, const Fault& fault) {
  const auto package = mending_package(fault, library);
  return package.empty() ? is_open_upstream(fault, library) : is_less(library.package.value_or(""), package);
}

std::string_view latest(const std::vector<std::string_view>& versions) {
  const auto found = std::ranges::max_element(versions, is_less);
  return found == versions.end() ? "" : *found;
}

std::string fix_of(const LibraryInUse& library, const std::vector<const Fault*>& open, bool mended) {
  std::vector<std::string_view> packages, of_13, upstream;
  for (const Fault* fault : open) {
    packages.push_back(mending_package(*fault, library));
    of_13.push_back(fault->debian_13);
    const bool second = !fault->upstream[1].empty() && branch_of(fault->upstream[1]) == branch_of(library.version);
    upstream.push_back(fault->upstream[second ? 1 : 0]);
  }
  if (mended) return fmt::format("Update it: {} of Debian {} has the fixes.", latest(packages), library.release);
  if (library.release == 12 && library.package)
    return fmt::format(
        "Debian 12 had no update that mends all of them in {}: look for one, and look at zones of strangers "
        "from Debian 13 ({} or later).",
        made, latest(of_13));
  return fmt::format("Update it to {}, or to a package that has the fixes.", latest(upstream));
}

}  // namespace

int compare_debian_versions(std::string_view left, std::string_view right) {
  const Version one(left), other(right);
  if (const int epoch = compare_parts(one.epoch, other.epoch); epoch != 0) return epoch;
  if (const int upstream = compare_parts(one.upstream, other.upstream); upstream != 0) return upstream;
  return compare_parts(one.revision, other.revision);
}

std::optional<LibraryFaults> known_faults(const LibraryInUse& library) {
  std::vector<const Fault*> open;
  for (const Fault& fault : faults) {
    if (fault.library == library.name && has(library, fault)) open.push_back(&fault);
  }
  if (open.empty()) return std::nullopt;
  const bool mended =
      std::ranges::none_of(open, [&](const Fault* fault) { return mending_package(*fault, library).empty(); });
  std::vector<std::string_view> names;
  for (const Fault* fault : open) names.push_back(fault->cve);
  const std::string version = library.package.value_or(library.version);
  return LibraryFaults{mended || !library.package ? Severity::warning : Severity::info,
                       fmt::format("{} {} has {} that hostile zones or servers can use: {}.", library.name, version,
                                   open.size() == 1 ? "a known fault" : "known faults", fmt::join(names, ", ")),
                       fix_of(library, open, mended)};
}

}  // namespace danewatch
