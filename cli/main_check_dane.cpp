#include "cli/commands.hpp"
#include "cli/nagios.hpp"
#include "cli/process.hpp"

int main(int argc, char** argv) {
  danewatch::prepare_process();
  return danewatch::run_nagios(argc, argv);
}
