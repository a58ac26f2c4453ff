#!/usr/bin/python3
"""libraries.py PROGRAM: check_dane needs exactly these shared libraries: a third of what the plugin costs is loading them."""

import re
import subprocess
import sys

# Debian 12's, measured. Debian 13 renames packages (libssl3t64), not libraries; not measured there.
NEEDED = ['libcrypto.so.3', 'libunbound.so.8', 'libldns.so.3', 'libidn2.so.0', 'libssl.so.3', 'libm.so.6', 'libc.so.6']
LOADER = re.compile(r'ld-linux.*')
SANITIZERS = re.compile(r'lib([at]san|ubsan)\.so\.\d+')
# The C++ library and fmt are compiled into what people install (then libm is needed), and shared beside sanitizers.
SHARED_THEN = re.compile(r'lib(stdc\+\+|gcc_s|m|fmt)\.so\.\d+')


def needed_by(program):
    dynamic = subprocess.run(['readelf', '-d', program], capture_output=True, text=True, check=True, timeout=60).stdout
    return [name for name in re.findall(r'\(NEEDED\).*\[(.+?)\]', dynamic) if not LOADER.fullmatch(name)]


def check_libraries(program):
    needed, wanted = needed_by(program), NEEDED
    if any(SANITIZERS.fullmatch(name) for name in needed):
        needed = [name for name in needed if not SANITIZERS.fullmatch(name) and not SHARED_THEN.fullmatch(name)]
        wanted = [name for name in wanted if not SHARED_THEN.fullmatch(name)]
    yield from (f'check_dane needs {name}, which makes each of its runs slower' for name in needed if name not in wanted)
    yield from (f'check_dane no longer needs {name}: take it off the list' for name in wanted if name not in needed)
    if needed[:1] != wanted[:1]:
        yield f'{wanted[0]} does not come first, where most symbols are looked for'


if __name__ == '__main__':
    problems = list(check_libraries(sys.argv[1]))
    print('\n'.join(problems))
    sys.exit(1 if problems else 0)
