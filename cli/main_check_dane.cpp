#include "cli/commands/commands.hpp"
#include "cli/nagios/nagios.hpp"
#include "cli/system/process.hpp"

int main(int argc, char** argv) {
  danewatch::prepare_process();
  return danewatch::run_nagios(argc, argv, nullptr);
}
