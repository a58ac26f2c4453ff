// second-opinion DANEWATCH LIST [SEED [FOLDER]]: do posttls-finger and openssl s_client judge as danewatch does?
//
// Exit status: 0 every difference is listed and every listed one occurs, 1 not so, 3 no namespaces here, 70 broken.
#include <fmt/format.h>

#include <charconv>
#include <cstring>

#include "tests/lab/name_space.hpp"
#include "tests/second_opinion/comparison.hpp"

int main(int argc, char** argv) {
  using namespace danewatch;
  if (argc < 3) {
    fmt::print(stderr, "usage: second-opinion DANEWATCH LIST [SEED [FOLDER]]\n");
    return 64;
  }
  second_opinion::Wanted wanted;
  if (argc > 3) std::from_chars(argv[3], argv[3] + std::strlen(argv[3]), wanted.seed);
  if (argc > 4) wanted.evidence = std::filesystem::absolute(argv[4]);
  try {
    return second_opinion::compare(argv[1], argv[2], wanted) ? 0 : 1;
  } catch (const lab::Forbidden& error) {
    fmt::print(stderr, "second-opinion: {}\n", error.what());
    return 3;
  } catch (const std::exception& error) {
    fmt::print(stderr, "second-opinion: {}\n", error.what());
    return 70;
  }
}
