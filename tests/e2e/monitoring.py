"""Real monitoring cores call check_dane over the scenes of the lab: Nagios, NRPE and Icinga, with the definitions we ship.

Run inside the lab: danewatch-lab SCENE... -- python3 monitoring.py SOURCE CHECK_DANE. Every daemon has its own
configuration and directories, runs as nobody, and lives in the lab's network; the distribution's services are never
touched. Status 3: this machine does not allow it, and why.
"""

import os
import pwd
import re
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

PATIENCE = 60
PLUGINS = '/usr/lib/nagios/plugins'
STATES = {0: 'OK', 1: 'WARNING', 2: 'CRITICAL', 3: 'UNKNOWN'}

# Service: (command line of the service, state, beginning of the output, figures that must be read)
CASES = {
    'good': ('check_dane!good.lab', 0, 'DANE OK - mx.good.lab: every certificate shown', {'tlsa_matched': 1, 'tlsa_extra': 0}),
    'stale': ('check_dane!stale.lab', 1, 'DANE WARNING - TLSA 3 1 1 ', {'tlsa_extra': 1, 'tlsa_usable': 2}),
    'shadowed': ('check_dane!agile.lab', 2, 'DANE CRITICAL - TLSA 3 1 2 ', {'endpoints_failed': 1}),
    'bad': ('check_dane!bad.lab', 2, 'DANE CRITICAL - ', {'endpoints_failed': 1, 'tlsa_matched': 0}),
    'none': ('check_dane!null-mx.lab', 3, 'DANE UNKNOWN - null-mx.lab says', {}),
    'quiet': ('check_dane_if_present!null-mx.lab', 0, 'DANE OK - ', {}),
    'web': ('check_dane_port!web.lab!443', 0, 'DANE OK - web.lab', {'tlsa_usable': 1}),
    'starttls': ('check_dane_protocol!mx.good.lab!smtp', 0, 'DANE OK - mx.good.lab', {'tlsa_matched': 1}),
    'days': ('check_dane_days!mx.ta.lab!25!20000!100', 1, 'DANE WARNING - the certificate of mx.ta.lab expires in', {'tlsa_matched': 1}),
    'silent': ('check_dane!blackhole.lab', 2, 'DANE CRITICAL - 45.80.', {'endpoints_failed': 1}),
    'hurried': ('check_dane_quick!slow-dns.lab', 3, 'DANE UNKNOWN - too little time (-t 1): No name server answered', {}),
    'timeout': ('check_dane_quick!blackhole.lab', 3, 'DANE UNKNOWN - timed out after 1 s', {'endpoints_failed': 1}),
}
# Names of the Icinga command's variables, in the order of the arguments of each Nagios command.
ICINGA = {
    'check_dane': ['hostname'],
    'check_dane_if_present': ['hostname'],
    'check_dane_port': ['hostname', 'port'],
    'check_dane_protocol': ['hostname', 'protocol'],
    'check_dane_days': ['hostname', 'port', 'warning', 'critical'],
    'check_dane_quick': ['hostname'],
}


def forbidden(why):
    print(f'not possible here: {why}')
    sys.exit(3)


class Failure(Exception):
    pass


def expect(condition, what):
    if not condition:
        raise Failure(what)


def wait_for(what, ask):
    """Polls until ask() gives something."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        answer = ask()
        if answer:
            return answer
        select.select([], [], [], 0.05)
    raise Failure(f'{what}: nothing in {PATIENCE} seconds')


class Daemons:
    """Programs that end with this one."""

    def __init__(self, folder):
        self.folder = folder
        self.running = []

    def start(self, name, *command):
        log = open(self.folder / f'{name}.out', 'wb')
        self.running.append(subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd='/'))

    def stop(self):
        for process in self.running:
            process.send_signal(signal.SIGTERM)
        for process in self.running:
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def share_the_root(folder):
    """The lab's directory is closed to others; the plugin finds these files through the environment."""
    for name in ('DANEWATCH_TRUST_ANCHOR', 'DANEWATCH_ROOT_HINTS'):
        shared = folder / Path(os.environ[name]).name
        shutil.copyfile(os.environ[name], shared)
        os.environ[name] = str(shared)


def place_plugin(folder, check_dane):
    """Puts check_dane among the installed plugins, for the eyes of this lab alone."""
    plugins = folder / 'plugins'
    plugins.mkdir()
    for plugin in Path(PLUGINS).iterdir():
        shutil.copy2(plugin, plugins / plugin.name)
    shutil.copy2(check_dane, plugins / 'check_dane')
    subprocess.run(['mount', '--bind', plugins, PLUGINS], check=True)


def nagios_objects(source):
    text = (source / 'packaging/nagios/dane.cfg').read_text()
    text += """
define command {
  command_name  check_dane_quick
  command_line  /usr/lib/nagios/plugins/check_dane -H '$ARG1$' -t 1:unknown
}
define timeperiod {
  timeperiod_name  always
  alias            always
""" + ''.join(f'  {day} 00:00-24:00\n' for day in
              ('monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday')) + """}
define contact {
  contact_name                   nobody
  host_notifications_enabled     0
  service_notifications_enabled  0
  host_notification_period       always
  service_notification_period    always
  host_notification_commands     check_dane
  service_notification_commands  check_dane
}
define host {
  host_name           lab
  contacts            nobody
  address             127.0.0.1
  max_check_attempts  1
  check_period        always
}
"""
    for name, (command, *_) in CASES.items():
        text += f"""
define service {{
  host_name            lab
  service_description  {name}
  contacts             nobody
  check_command        {command}
  check_interval       300
  retry_interval       300
  max_check_attempts   1
  check_period         always
}}
"""
    return text


def nagios_main(var, user):
    return f"""
cfg_file={var}/objects.cfg
log_file={var}/nagios.log
status_file={var}/status.dat
object_cache_file={var}/objects.cache
precached_object_file={var}/objects.precache
state_retention_file={var}/retention.dat
temp_file={var}/nagios.tmp
temp_path={var}
check_result_path={var}/results
command_file={var}/nagios.cmd
query_socket={var}/nagios.qh
lock_file={var}/nagios.pid
log_archive_path={var}
nagios_user={user}
nagios_group=nogroup
check_external_commands=0
execute_host_checks=0
enable_notifications=0
check_for_updates=0
use_syslog=0
status_update_interval=1
interval_length=1
service_check_timeout=30
service_inter_check_delay_method=n
max_service_check_spread=1
check_result_reaper_frequency=1
retain_state_information=0
enable_environment_macros=0
process_performance_data=1
service_perfdata_file={var}/perfdata
service_perfdata_file_template=$SERVICEDESC$\\t$SERVICEPERFDATA$
service_perfdata_file_mode=a
service_perfdata_file_processing_interval=0
"""


def nagios_status(path):
    """Services by name, those that were checked."""
    services = {}
    text = path.read_text(errors='replace') if path.exists() else ''
    for block in re.findall(r'servicestatus \{(.*?)\n\t\}', text, re.S):
        fields = dict(line.strip().split('=', 1) for line in block.strip().split('\n') if '=' in line)
        if fields['has_been_checked'] == '1':
            services[fields['service_description']] = fields
    return services


def figures_of(perfdata):
    return {label: value for label, value in re.findall(r'([a-z_]+)=(-?[0-9.]+)', perfdata)}


def check_figures(name, perfdata, wanted):
    seen = figures_of(perfdata)
    for label, value in wanted.items():
        expect(label in seen and float(seen[label]) == value, f'{name}: {label} should be {value} in {perfdata!r}')


def check_nagios(source, folder, daemons, user):
    var = folder / 'nagios'
    (var / 'results').mkdir(parents=True)
    (var / 'objects.cfg').write_text(nagios_objects(source))
    (var / 'nagios.cfg').write_text(nagios_main(var, user))
    subprocess.run(['chown', '-R', f'{user}:nogroup', var], check=True)
    checked = subprocess.run(['/usr/sbin/nagios4', '-v', var / 'nagios.cfg'], capture_output=True, text=True)
    expect(checked.returncode == 0, f'nagios4 -v: {checked.stdout}')
    daemons.start('nagios', '/usr/sbin/nagios4', var / 'nagios.cfg')

    def all_checked():
        seen = nagios_status(var / 'status.dat')
        return seen if len(seen) == len(CASES) else None

    services = wait_for('Nagios', all_checked)
    for name, (_, state, start, figures) in CASES.items():
        seen = services[name]
        expect(int(seen['current_state']) == state, f'Nagios has {name} as {seen["current_state"]}: {seen["plugin_output"]}')
        expect(seen['plugin_output'].startswith(start), f'Nagios shows {name} as {seen["plugin_output"]!r}')
        check_figures(f'Nagios {name}', seen['performance_data'], figures)
    expect('_25._tcp.mx.stale.lab. IN TLSA 3 1 1 ' in services['stale']['long_plugin_output'],
           f'Nagios lost the record to remove: {services["stale"]["long_plugin_output"]!r}')
    expect(float(services['silent']['check_execution_time']) < 10, 'the plugin took longer than its own time')
    handed_on = wait_for('perfdata', lambda: (var / 'perfdata').exists() and (var / 'perfdata').read_text())
    expect(re.search(r'tlsa_extra=1;;;0', handed_on), f'perfdata handed on: {handed_on}')
    print(f'ok  Nagios: {len(CASES)} services')


def check_nrpe(source, folder, daemons, user):
    var = folder / 'nrpe'
    var.mkdir()
    snippet = (source / 'packaging/nagios/nrpe-dane.cfg').read_text()
    # NRPE hands no environment on, so the lab's root is named in the commands.
    root = f'--trust-anchor {os.environ["DANEWATCH_TRUST_ANCHOR"]} --root-hints {os.environ["DANEWATCH_ROOT_HINTS"]}'
    shipped = snippet.replace('#command[', 'command[').replace('example.org', f'stale.lab {root}')
    expect(shipped != snippet, 'the snippet holds no command')
    commands = ''
    for name, (command, *_) in CASES.items():
        words = command.split('!')
        options = {'check_dane_port': '-p', 'check_dane_protocol': '-P'}
        line = f'{PLUGINS}/check_dane {root} -H {words[1]}'
        if words[0] in options:
            line += f' {options[words[0]]} {words[2]}'
        line += {'check_dane_if_present': ' --if-present', 'check_dane_quick': ' -t 1:unknown'}.get(words[0], '')
        line += f' -p {words[2]} -w {words[3]} -c {words[4]}' if words[0] == 'check_dane_days' else ''
        commands += f'command[{name}]={line}\n'
    (var / 'nrpe.cfg').write_text(f"""server_address=127.0.0.1
server_port=15666
allowed_hosts=127.0.0.1
nrpe_user={user}
nrpe_group=nogroup
command_timeout=30
pid_file={var}/nrpe.pid
{shipped}
{commands}""")
    daemons.start('nrpe', '/usr/sbin/nrpe', '-c', var / 'nrpe.cfg', '-f')

    def ask(name):
        return subprocess.run([f'{PLUGINS}/check_nrpe', '-H', '127.0.0.1', '-p', '15666', '-t', '30', '-c', name],
                              capture_output=True, text=True)

    def accepts():
        with socket.socket() as client:
            return client.connect_ex(('127.0.0.1', 15666)) == 0

    wait_for('NRPE', accepts)
    for name, (_, state, start, figures) in CASES.items():
        seen = ask(name)
        expect(seen.returncode == state, f'NRPE has {name} as {seen.returncode}: {seen.stdout}')
        expect(seen.stdout.startswith(start), f'NRPE shows {name} as {seen.stdout!r}')
        check_figures(f'NRPE {name}', seen.stdout.split('\n')[0].partition(' | ')[2], figures)
    expect(ask('check_dane').returncode == 1, 'the shipped NRPE command does not see stale.lab')
    expect('IN TLSA 3 1 1 ' in ask('stale').stdout, 'NRPE lost the record to remove')
    print(f'ok  NRPE: {len(CASES)} commands')


def icinga_services():
    text = ''
    for name, (command, *_) in CASES.items():
        words = command.split('!')
        values = list(zip(ICINGA[words[0]], words[1:]))
        if words[0] == 'check_dane_if_present':
            values.append(('if_present', 'true'))
        if words[0] == 'check_dane_quick':
            values.append(('timeout', '1:unknown'))
        settings = ''.join(f'  vars.dane_{key} = {value if value == "true" else chr(34) + value + chr(34)}\n'
                           for key, value in values)
        text += f"""object Service "{name}" {{
  host_name = "lab"
  check_command = "dane"
  check_interval = 5m
  max_check_attempts = 1
{settings}}}
"""
    return text


def icinga_main(source, var, port):
    return f"""const PluginDir = "{PLUGINS}"
const PluginContribDir = PluginDir
const ManubulonPluginDir = PluginDir
include <itl>
include <plugins>
include "{source}/packaging/icinga2/dane.conf"
const NodeName = "lab"
const ZoneName = NodeName
object Endpoint NodeName {{}}
object Zone ZoneName {{ endpoints = [ NodeName ] }}
object FileLogger "log" {{ severity = "information"; path = "{var}/log/icinga2.log" }}
object CheckerComponent "checker" {{}}
object GraphiteWriter "graphite" {{ host = "127.0.0.1"; port = {port} }}
object PerfdataWriter "perfdata" {{
  service_perfdata_path = "{var}/perf/service"
  host_perfdata_path = "{var}/perf/host"
  service_temp_path = "{var}/service.tmp"
  host_temp_path = "{var}/host.tmp"
  rotation_interval = 1s
  service_format_template = "$service.name$\\t$service.state_id$\\t$service.output$\\t$service.long_output$"
}}
object Host "lab" {{ check_command = "dummy"; enable_active_checks = false }}
{icinga_services()}"""


class Graphite(threading.Thread):
    """Reads what Icinga made of the perfdata."""

    def __init__(self):
        super().__init__(daemon=True)
        self.listener = socket.create_server(('127.0.0.1', 0))
        self.port = self.listener.getsockname()[1]
        self.lines = []

    def run(self):
        client, _ = self.listener.accept()
        for line in client.makefile(errors='replace'):
            self.lines.append(line)

    def value(self, service, label):
        for line in list(self.lines):
            match = re.match(rf'icinga2\.lab\.services\.{service}\.dane\.perfdata\.{label}\.value (\S+) ', line)
            if match:
                return float(match.group(1))
        return None


def check_icinga(source, folder, daemons, user):
    var = folder / 'icinga'
    for part in ('data', 'cache', 'run', 'log', 'spool', 'perf'):
        (var / part).mkdir(parents=True)
    graphite = Graphite()
    graphite.start()
    (var / 'icinga2.conf').write_text(icinga_main(source, var, graphite.port))
    subprocess.run(['chown', '-R', f'{user}:nogroup', var], check=True)
    places = {'DataDir': 'data', 'CacheDir': 'cache', 'InitRunDir': 'run', 'LogDir': 'log', 'SpoolDir': 'spool',
              'PidPath': 'run/pid', 'StatePath': 'data/state', 'ModAttrPath': 'data/modified', 'ObjectsPath': 'cache/objects',
              'VarsPath': 'cache/vars'}
    command = ['/usr/sbin/icinga2', 'daemon', *(f'-D{key}={var}/{path}' for key, path in places.items()),
               f'-DRunAsUser={user}', '-DRunAsGroup=nogroup', '-c', f'{var}/icinga2.conf']
    checked = subprocess.run([*command, '-C'], capture_output=True, text=True)
    expect(checked.returncode == 0, f'icinga2 daemon -C: {checked.stdout}{checked.stderr}')
    daemons.start('icinga', *command)

    def results():
        seen = {}
        for path in (var / 'perf').glob('service*'):
            for line in path.read_text(errors='replace').split('\n'):
                fields = line.split('\t')
                if len(fields) >= 3:
                    seen[fields[0]] = fields
        return seen if len(seen) == len(CASES) else None

    services = wait_for('Icinga', results)
    for name, (_, state, start, figures) in CASES.items():
        seen = services[name]
        expect(int(seen[1]) == state, f'Icinga has {name} as {seen[1]}: {seen[2]}')
        expect(seen[2].startswith(start), f'Icinga shows {name} as {seen[2]!r}')
        for label, value in figures.items():
            got = wait_for(f'Icinga {name} {label}', lambda: (graphite.value(name, label),)
                           if graphite.value(name, label) is not None else None)[0]
            expect(got == value, f'Icinga reads {label} of {name} as {got}')
    print(f'ok  Icinga: {len(CASES)} services')


def main():
    source, check_dane = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
    if os.geteuid() != 0 or Path('/proc/self/uid_map').read_text().split()[2] == '1':
        forbidden('the cores change users, which needs root')
    for program in ('/usr/sbin/nagios4', '/usr/sbin/nrpe', '/usr/sbin/icinga2', f'{PLUGINS}/check_nrpe'):
        if not Path(program).exists():
            forbidden(f'{program} is not installed')
    user = pwd.getpwuid(65534).pw_name
    folder = Path(tempfile.mkdtemp(prefix='danewatch-monitoring-'))
    folder.chmod(0o755)
    daemons = Daemons(folder)
    try:
        share_the_root(folder)
        place_plugin(folder, check_dane)
        check_nagios(source, folder, daemons, user)
        check_nrpe(source, folder, daemons, user)
        check_icinga(source, folder, daemons, user)
    except Failure as failure:
        print(f'FAILED  {failure}')
        for log in sorted(folder.glob('*.out')) + sorted(folder.glob('*/*.log')) + sorted(folder.glob('*/log/*.log')):
            print(f'--- {log.name}\n{log.read_text(errors="replace")[-3000:]}')
        sys.exit(1)
    finally:
        daemons.stop()
        subprocess.run(['umount', PLUGINS], check=False)
        shutil.rmtree(folder, ignore_errors=True)


main()
