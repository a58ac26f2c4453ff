"""The rules of the house that no compiler checks. Each yields (path, line, what is wrong)."""

import re
from pathlib import PurePosixPath

import cpp_text

# A place says what a file may do. Folders from left to right: a folder includes what is left of it, never what is right
# of it, and `store` and `exporters` nothing of each other.
ORDER = ['resolver', 'probe', 'store', 'exporters', 'cli']
SIDE_BY_SIDE = {'store', 'exporters'}

# Every room, and the rooms of its own folder that it may include; each stands below those it includes, so that there is
# no circle. PURE rooms know no Asio, OpenSSL, libunbound, SQL, logger or clock, and no header of a room that may: but for
# those that open with `Pure:` and are held to the same.
PURE = True
ROOMS = {
    'resolver/dns': (PURE, ()),
    'resolver/target': (PURE, ('dns',)),
    'resolver': (not PURE, ('dns', 'target')),
    'resolver/wire': (PURE, ('', 'dns', 'target')),
    'resolver/walk': (not PURE, ('', 'dns', 'target')),
    'resolver/servers': (not PURE, ('', 'dns', 'target', 'wire', 'walk')),
    'resolver/zone': (not PURE, ('', 'dns', 'target', 'wire')),
    'resolver/unbound': (not PURE, ('', 'dns', 'target', 'wire')),
    'probe/evidence': (PURE, ()),
    'probe/starttls': (PURE, ('evidence',)),
    'probe/report': (PURE, ('evidence',)),
    'probe/findings': (PURE, ('evidence', 'report')),
    'probe/judgement': (PURE, ('evidence', 'report', 'findings')),
    'probe/life': (PURE, ('evidence', 'report')),
    'probe/rollover': (PURE, ('evidence', 'report', 'life')),
    'probe/observe': (not PURE, ('evidence', 'report')),
    'probe/openssl': (not PURE, ('evidence', 'starttls', 'report', 'observe')),
    'probe/predict': (not PURE, ('evidence', 'report', 'findings', 'judgement', 'observe')),
    'probe/run': (not PURE, ('evidence', 'report', 'findings', 'judgement', 'life', 'observe')),
    'store/bundle': (PURE, ()),
    'store/sqlite': (not PURE, ()),
    'exporters/words': (PURE, ()),
    'exporters/text': (PURE, ('words',)),
    'exporters/remedy': (PURE, ('words',)),
    'exporters/junit': (PURE, ('words', 'text')),
    'exporters/page': (PURE, ('words',)),
    'exporters/nagios': (PURE, ('words', 'text')),
    'exporters/metrics': (PURE, ('words',)),
    'exporters/self': (not PURE, ('metrics',)),
    'exporters/http': (not PURE, ()),
    'exporters/board': (not PURE, ('metrics', 'http')),
    'exporters/json': (PURE, ('words', 'board')),
    'cli/system': (not PURE, ()),
    'cli/options': (not PURE, ('system',)),
    'cli/config': (not PURE, ('system', 'options')),
    'cli/commands': (not PURE, ('system', 'options')),
    'cli/nagios': (not PURE, ('system', 'options', 'commands')),
    'cli/serve': (not PURE, ('system', 'options', 'config', 'commands')),
    'cli': (not PURE, ('system', 'options', 'commands', 'nagios', 'serve')),
}

# Header prefix -> the only rooms whose files may include it.
LIBRARIES = {
    '<unbound.h>': ['resolver/unbound'],
    '<ldns/': ['resolver/wire'],
    '<openssl/': ['probe/openssl', 'exporters/http'],
    '<prometheus/': ['exporters/metrics'],
    '<boost/beast': ['exporters/http'],
    '<boost/asio/ssl': ['exporters/http'],
    '<CLI/': ['cli/options', 'cli/nagios'],
    '<yaml-cpp/': ['cli/config'],
    '<systemd/': ['cli/serve'],
    '<zlib.h>': ['exporters/http'],
    '<crypt.h>': ['exporters/http'],
    '<nlohmann/': ['exporters/json', 'store/bundle'],
    '<sqlite3.h>': ['store/sqlite'],
}
SOURCES_ONLY = ('<ldns/',)  # defines `true` and `false` as macros: never in a header

IMPURE_HEADERS = ('<boost/asio', '<boost/beast', '<openssl/', '<unbound.h>', '<spdlog/', '<syslog.h>', '<systemd/',
                  '<sqlite3.h>', '<SQLiteCpp/', '<libpq-fe.h>', '<postgresql/', '<pqxx/', '<boost/log/', '<iostream>',
                  '<filesystem>', '<ctime>', '<time.h>', '<fstream>', '<thread>', '<future>', '<semaphore>', '<pthread.h>',
                  '<condition_variable>', '<random>', '<csignal>', '<signal.h>', '<netdb.h>', '<netinet/', '<poll.h>',
                  '<dirent.h>', '<sys/', '<unistd.h>', '<fcntl.h>')
CLOCKS = re.compile(r'::\s*now\b|_clock\s*\{|\bstd\s*::\s*clock\b|\b(?:gettimeofday|clock_gettime|timespec_get)\b|\bstd\s*::\s*time\s*\(|(?<![.>])\btime\s*\(\s*(?:nullptr|NULL|0|&\w+)\s*\)')
# The rooms and the file that read the machine's clocks themselves (ARCHITECTURE.md, Decisions).
OWN_CLOCKS = ('cli/system/system_clock.hpp', 'probe/openssl', 'resolver/unbound', 'exporters/http', 'exporters/self')
OUTSIDE = re.compile(r'\b(?:fopen|freopen|popen|getenv|secure_getenv|v?f?printf|fputs|puts|putchar|fwrite|perror|v?syslog|openlog|fmt\s*::\s*print)\s*\(')

TYPE = re.compile(r'^(?:struct|class|enum class) (\w+)(?: final)?\s*(?::[^:;][^;{]*)?\{', re.M)
SLEEPS = re.compile(r'\bsleep_for\b|\bsleep_until\b|\bu?sleep\s*\(|\bnanosleep\b')
UNFINISHED = re.compile(r'\b(?:TO' + r'DO|FIX' + r'ME|X' + r'XX)\b')
LINK = re.compile(r'\[[^\]]*\]\(([^)\s#]+)[^)]*\)')

COMMENT = re.compile(r'(?:^|\s)(?://|#)\s(.*)')
DOCUMENT = re.compile(r'\b([A-Z]{2,}(?:[_-][A-Z]+)*)\.md\b')
# A paper and its part; not a DNS record (numbers in a row), nor a column of a table (spaces in a row).
CHAPTER = re.compile(r'\b([A-Z]{5,})(?: |\n\s*)(?:[A-Z]-?\d{1,2}\b|§?\s?\d+(?:\.\d+)*\b(?! \d))')
ROW = re.compile(r'\b([A-Z]-\d\d)\b')
SCENE = re.compile(r'\bscene `([a-z0-9-]+)`')
TEST = re.compile(r'`([A-Z][a-z]\w*\.[A-Z]\w+)`')
# A file of the source, with its folders or without; NAME and * stand for anything.
SOURCE = re.compile(r'(?<![\w/.*$}-])((?:[\w*-]+/)*[\w*-]+\.(?:cpp|hpp|py|mjs|cmake|sh|yaml))\b')
# A row of a table of rooms: its folder, what it is for, whether it is pure, the rooms of its own folder that it uses.
ROOM = re.compile(r'(?m)^\| `([a-z]+(?:/[a-z]+)?)` \|[^|\n]+\| (pure)? *\|([a-z ]*)\|$')


def product(tree):
    return {path: text for path, text in tree.items()
            if path.split('/')[0] in ORDER and path.endswith(('.cpp', '.hpp'))}


def cpp(tree):
    return {path: text for path, text in tree.items() if path.endswith(('.cpp', '.hpp'))}


def room_of(path):
    """'probe/findings' of 'probe/findings/match.cpp'; 'cli' of 'cli/main.cpp'."""
    return path.rsplit('/', 1)[0]


def files_of(room, tree):
    return [path for path in product(tree) if room_of(path) == room]


def _allowed_rooms(room):
    folder = room.split('/')[0]
    _, uses = ROOMS[room]
    return {room, *(f'{folder}/{use}'.rstrip('/') for use in uses)}


def _may_include(room, other):
    folder, theirs = room.split('/')[0], other.split('/')[0]
    if folder == theirs:
        return other in _allowed_rooms(room)
    return ORDER.index(theirs) < ORDER.index(folder) and not {folder, theirs} <= SIDE_BY_SIDE


def _table_is_sound():
    seen = []
    for room, (_, _) in ROOMS.items():
        missing = [other for other in _allowed_rooms(room) if other != room and other not in seen]
        if missing:
            raise ValueError(f'ROOMS: {room} stands above {", ".join(missing)}')
        seen.append(room)


_table_is_sound()


def _inner_problem(path, header, tree):
    """A header that opens with `Inner:` is for its own room, and the tests of that room."""
    if not tree.get(header, '').startswith('// Inner:'):
        return None
    room = room_of(header)
    at_home = room_of(path) in (room, f'tests/unit/{room}', f'tests/{room.split("/")[0]}')
    return None if at_home else f'{header} is an inner header of {room}/'


def layering(tree):
    for path in tree:
        if path.split('/')[0] in ORDER and path.endswith(('.h', '.hh', '.ipp', '.inl', '.cc', '.cxx')):
            yield path, 1, 'sources are .cpp, headers .hpp: the rules read nothing else'
    for path, text in product(tree).items():
        room = room_of(path)
        if room not in ROOMS:
            yield path, 1, f'{room}/ is no room: ROOMS in tests/repo/rules.py has them'
            continue
        for line, header in cpp_text.includes(text):
            other = room_of(header[1:-1])
            if header[0] == '<' and other in ROOMS or '..' in header[1:-1].split('/'):
                yield path, line, f'{header}: own headers stand in quotes, by their path from the root'
            if header[0] == '"' and other in ROOMS and not _may_include(room, other):
                yield path, line, f'{room}/ must not include {other}/'
            if header.startswith('"tests/'):
                yield path, line, 'the product must not include tests/'
            for prefix, rooms in LIBRARIES.items():
                if header.startswith(prefix) and room not in rooms:
                    yield path, line, f'{header} belongs into {", ".join(rooms)} alone'
            if header.startswith(SOURCES_ONLY) and path.endswith('.hpp'):
                yield path, line, f'{header} belongs into a .cpp'
    for path, text in cpp(tree).items():
        for line, header in cpp_text.includes(text):
            problem = _inner_problem(path, header[1:-1], tree)
            if problem:
                yield path, line, problem


def _through_tests(path, tree, seen):
    """Own headers that `path` includes, itself or by headers of tests/."""
    for _, header in cpp_text.includes(tree.get(path, '')):
        name = header[1:-1]
        if header[0] == '"' and name not in seen:
            seen.add(name)
            if name.startswith('tests/'):
                _through_tests(name, tree, seen)
    return seen


def _is_about(path, place, tree):
    """It has the name of a file of that place, or includes a header of it."""
    named = path.rsplit('/', 1)[1].removesuffix('_test.cpp')
    return (any(f'{place}/{named}.{kind}' in tree for kind in ('cpp', 'hpp'))
            or any(name.startswith(f'{place}/') for name in _through_tests(path, tree, set())))


def mirror(tree):
    """A unit test is about what lies where it lies: tests/unit/FOLDER/ROOM. tests/cli is about the programs as a whole and
    about the rooms of cli/, of which each has few tests: there is no folder for each room, but nothing else either."""
    for path in cpp(tree):
        if path.startswith('tests/cli/') and path.endswith('_test.cpp'):
            runs = {'tests/cli/program.hpp', 'tests/support/process.hpp'} & _through_tests(path, tree, set())
            if not runs and not _is_about(path, 'cli', tree):
                yield path, 1, 'neither runs a program nor is about a room of cli/'
        if not path.startswith('tests/unit/'):
            continue
        place = room_of(path).removeprefix('tests/unit').lstrip('/')
        if not place or not any(other.startswith(f'{place}/') for other in cpp(tree)):
            yield path, 1, f'tests/unit/{place} mirrors no folder of the source'
        elif path.endswith('_test.cpp') and not _is_about(path, place, tree):
            yield path, 1, f'is not about {place}/: it has the name of none of its files, and includes no header of it'
    names = {}
    for path in cpp(tree):
        if path.endswith('_test.cpp') and names.setdefault(path.rsplit('/', 1)[1], path) != path:
            yield path, 1, f'{names[path.rsplit("/", 1)[1]]} has the same name: each is an executable'


def _is_pure(path, tree):
    """By its place; in a room that is not pure, a header that opens with `Pure:` answers for itself and its .cpp."""
    stem = path.rsplit('.', 1)[0]
    return ROOMS.get(room_of(path), (not PURE, ()))[0] or tree.get(f'{stem}.hpp', '').startswith('// Pure:')


def purity(tree):
    """A pure file includes pure headers alone. Each of those is held to the same, so nothing hides behind another header."""
    for path, text in product(tree).items():
        if not _is_pure(path, tree):
            continue
        for line, header in cpp_text.includes(text):
            if header.startswith(IMPURE_HEADERS):
                yield path, line, f'pure, but includes {header}'
            if header[0] == '"' and not _is_pure(header[1:-1], tree):
                yield path, line, f'pure, but includes {header[1:-1]}: its room is not, and it does not open with `Pure:`'
        code = cpp_text.without_comments_and_literals(text)
        for match in CLOCKS.finditer(code):
            yield path, code.count('\n', 0, match.start()) + 1, 'pure, but reads a clock: time is an argument'
        for match in OUTSIDE.finditer(code):
            yield path, code.count('\n', 0, match.start()) + 1, 'pure, but looks outside: files and settings are arguments, and others print'


def clocks(tree):
    """One Clock is real, and everybody is handed a Clock: but for the rooms whose libraries wait by clocks of their own."""
    for path, text in product(tree).items():
        if path in OWN_CLOCKS or room_of(path) in OWN_CLOCKS:
            continue
        code = cpp_text.without_comments_and_literals(text)
        for match in CLOCKS.finditer(code):
            yield path, code.count('\n', 0, match.start()) + 1, 'reads a clock: a Clock is an argument (resolver/clock.hpp)'


def pure_rooms(tree):
    """How many files each pure room has: an empty one would be a rule about nothing."""
    return {room: len(files_of(room, tree)) for room, (pure, _) in ROOMS.items() if pure}


def co_await(tree):
    """GCC 12 destroys temporaries of such statements twice (ARCHITECTURE.md)."""
    for path, text in cpp(tree).items():
        for statement in cpp_text.statements(text):
            awaits = statement.words.count('co_await')
            if awaits > 1:
                yield path, statement.line, 'more than one co_await in a statement'
            if awaits and statement.expression_brace:
                yield path, statement.line, 'braces in a statement with co_await: name the value first'


def budgets(tree):
    for path, text in cpp(tree).items():
        limit = 120 if path.endswith('.hpp') else 60 if path == 'cli/main.cpp' else 400
        lines = text.count('\n')
        if lines > limit:
            yield path, lines, f'{lines} lines, at most {limit}: split it by meaning'


def one_type(tree):
    """Two types of one name in one namespace are undefined behaviour, and the linker chooses."""
    seen = {}
    for path, text in sorted(product(tree).items()):
        if not path.endswith('.hpp'):
            continue
        code = cpp_text.without_comments_and_literals(text)
        where = (re.findall(r'^namespace ([\w:]+)', code, re.M) or [''])[-1]
        for match in TYPE.finditer(code):
            name = f'{where}::{match.group(1)}'
            if seen.setdefault(name, path) != path:
                yield path, code.count('\n', 0, match.start()) + 1, f'{name} is also a type of {seen[name]}'


def headers(tree):
    for path, text in cpp(tree).items():
        if path.endswith('.hpp') and not text.startswith('//'):
            yield path, 1, 'a header opens with what it is'
        if path.endswith('.hpp') and '\n#pragma once\n' not in text:
            yield path, 1, 'no #pragma once'
        for line, header in cpp_text.includes(text):
            if header in ('<boost/asio.hpp>', '<boost/beast.hpp>'):
                yield path, line, 'include the single headers'


def no_sleep(tree):
    for path, text in cpp(tree).items():
        if not path.startswith('tests/'):
            continue
        code = cpp_text.without_comments_and_literals(text)
        for match in SLEEPS.finditer(code):
            yield path, code.count('\n', 0, match.start()) + 1, 'tests wait for events, never for time'


def finished(tree):
    for path, text in tree.items():
        for match in UNFINISHED.finditer(text):
            yield path, text.count('\n', 0, match.start()) + 1, f'{match.group()}: finish it or open an issue'


def documents(tree):
    """Links lead somewhere; the version of the build has a section in the change log."""
    folders = {str(parent) for path in tree for parent in PurePosixPath(path).parents}
    for path, text in tree.items():
        if not path.endswith('.md'):
            continue
        for match in LINK.finditer(text):
            target = match.group(1)
            if re.match(r'[a-z]+:', target):
                continue
            parts = []
            for part in (PurePosixPath(path).parent / target).parts:
                parts = parts[:-1] if part == '..' else parts + [part]
            if '/'.join(parts) not in tree and '/'.join(parts) not in folders:
                yield path, text.count('\n', 0, match.start()) + 1, f'link to nowhere: {target}'
    version = re.search(r'project\(danewatch VERSION (\S+)', tree.get('CMakeLists.txt', ''))
    if version and f'## [{version.group(1)}]' not in tree.get('CHANGELOG.md', ''):
        yield 'CHANGELOG.md', 1, f'no section for {version.group(1)}'


def _blocks(yaml):
    """The text of each scene by its name."""
    return {part.split(':', 1)[0]: part for part in re.split(r'(?m)^(?=[a-z][a-z0-9-]*:)', yaml)}


def _tests(tree):
    return {f'{suite}.{name}' for file, text in tree.items() if file.endswith('_test.cpp')
            for suite, name in re.findall(r'(?m)^TEST(?:_F|_P)?\((\w+), (\w+)\)', text)}


def faults(tree):
    """The table of faults names scenes and tests that are there, and every scene that says what it says of it."""
    path = 'tests/lab/faults.md'
    tests = _tests(tree)
    named = set()
    for number, row in enumerate(tree.get(path, '').splitlines(), 1):
        columns = [column.strip() for column in row.split('|')]
        if len(columns) != 5 or columns[3] in ('proof', '---'):
            continue
        words = [word for said in re.findall(r'`([a-z][a-z/-]+)`', columns[2]) for word in said.split('/')]
        for scene, file in re.findall(r'scene ([a-z0-9-]+)(?: \((\w+\.yaml)\))?', columns[3]):
            block = _blocks(tree.get(f'tests/lab/{file or "faults.yaml"}', '')).get(scene, '')
            named.add(scene)
            if not all(word in block for word in words):
                yield path, number, f'scene {scene} does not say {" ".join(words)}'
        for test in re.findall(r'`(\w+\.\w+)`', columns[3]):
            if test not in tests:
                yield path, number, f'there is no test {test}'
    for scene in _blocks(tree.get('tests/lab/faults.yaml', '')):
        if scene and not scene.startswith('#') and scene not in named:
            yield path, 1, f'scene {scene} is not in the table'


def _prose(path, text):
    """A document as it is, of anything else the comments; line by line in the same places."""
    if path.endswith('.md'):
        return text
    return '\n'.join(comment.group(1) if (comment := COMMENT.search(line)) else '' for line in text.split('\n'))


def _is_there(mention, names):
    """`names`: every path, and every end of it."""
    if mention in names:
        return True
    pattern = re.sub(r'\b[A-Z]{3,}(?=[_./])', '*', mention)
    whole = re.compile(re.escape(pattern).replace(r'\*', '[^/]*'))
    return '*' in pattern and any(whole.fullmatch(name) for name in names)


def _cited(tree):
    """(path, line, what is cited, whether it is there)"""
    names = {'/'.join(parts[start:]) for parts in (path.split('/') for path in tree) for start in range(len(parts))}
    documents = {PurePosixPath(path).stem for path in tree if path.endswith('.md')}
    rows = set(re.findall(r'(?m)^\| ([A-Z]-\d\d) \|', tree.get('tests/conformance/rows.md', '')))
    scenes = {name for path, text in tree.items() if path.startswith('tests/') and path.endswith('.yaml')
              for name in _blocks(text)}
    tests = _tests(tree)
    for path, text in tree.items():
        prose = _prose(path, text)
        places = [(text, DOCUMENT, documents), (prose, CHAPTER, documents), (prose, ROW, rows)]
        if path.endswith('.md'):
            places += [(text, SCENE, scenes), (text, TEST, tests)]
        for place, pattern, known in places:
            for match in pattern.finditer(place):
                yield path, place.count('\n', 0, match.start()) + 1, match.group(), match.group(1) in known
        for match in SOURCE.finditer(prose):
            yield path, prose.count('\n', 0, match.start()) + 1, match.group(1), _is_there(match.group(1), names)


def references(tree):
    """Comments and documents cite RFCs and what is in the repository: its files, rows, scenes and tests."""
    for path, line, what, there in _cited(tree):
        if not there and path != 'tests/repo/samples.py':  # which holds what the rule must object to
            yield path, line, f'there is no {" ".join(what.split())} in this repository'


def rooms(tree):
    """The tables of ARCHITECTURE.md tell of every room what ROOMS says; what is pure can be fuzzed."""
    told = {}
    fuzzed = tree.get('tests/fuzz/CMakeLists.txt', '')
    text = tree.get('ARCHITECTURE.md', '')
    for match in ROOM.finditer(text):
        room, pure, uses = match.groups()
        told[room] = (bool(pure), set(uses.split()))
        if not files_of(room, tree):
            yield 'ARCHITECTURE.md', text.count('\n', 0, match.start()) + 1, f'there is no room {room}/'
    for room, (pure, uses) in ROOMS.items():
        folder = room.split('/')[0]
        real = (pure, {use or folder for use in uses})
        if files_of(room, tree) and told.get(room) != real:
            yield 'ARCHITECTURE.md', 1, (f'{room}/ has no row like: | `{room}` | what it is for | {"pure" if pure else ""} '
                                         f'| {" ".join(sorted(real[1]))} |')
        if pure and files_of(room, tree) and f'{room}/*.cpp' not in fuzzed:
            yield 'tests/fuzz/CMakeLists.txt', 1, f'{room}/*.cpp is not among the pure rooms'


RULES = {rule.__name__: rule for rule in
         (layering, mirror, purity, clocks, co_await, budgets, one_type, headers, no_sleep, finished, documents, faults, references, rooms)}
