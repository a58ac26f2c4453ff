#include "tests/lab/run.hpp"

int main(int argc, char** argv) {
  return danewatch::lab::run({argv + 1, argv + argc});
}
