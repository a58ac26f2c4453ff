// This process and its limits.
#include "cli/system/process.hpp"

#include <gtest/gtest.h>

namespace danewatch {
namespace {

TEST(Process, TooLittleAddressSpaceIsSaidAtTheStart) {
  EXPECT_EQ(address_space_error(90'000'000),
            "this process may have 90 MB of address space, 128 MB are needed: raise the limit (ulimit -v)");
  EXPECT_EQ(address_space_error(128'000'000), std::nullopt);
  EXPECT_EQ(address_space_error(UINT64_MAX), std::nullopt);
}

}  // namespace
}  // namespace danewatch
