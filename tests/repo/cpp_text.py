"""Just enough C++ lexing for rules over source text: no comments, no literals, statements."""

import re

_SKIP = re.compile(
    r'//[^\n]*|/\*.*?\*/'
    r'|R"(?P<tag>[^()\s\\]{0,16})\(.*?\)(?P=tag)"'
    r'|"(?:\\.|[^"\\\n])*"'
    r"|(?<![0-9a-zA-Z_])'(?:\\.|[^'\\\n])+'",
    re.S)
_INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"][^>"\n]+[>"])', re.M)
_TOKEN = re.compile(r'[A-Za-z_]\w*|->|[{}()\[\];]|\S')
_TRAILING_RETURN = re.compile(r'->[\w:<>,&*\s]+$')
_BLOCK_AFTER = {')', ']', 'else', 'do', 'try', ';', '{', '}', ':', 'const', 'override', 'final', 'noexcept', 'mutable', ''}
_TYPE_OR_NAMESPACE = re.compile(r'^(?:template .*> )?(?:namespace|struct|class|enum|union|extern)\b')


def without_comments_and_literals(text):
    """Same length in lines: what is dropped leaves its newlines, a literal leaves an empty one."""

    def blank(match):
        newlines = '\n' * match.group().count('\n')
        return '""' + newlines if match.group()[0] in '"R\'' else newlines

    return _SKIP.sub(blank, text)


def without_preprocessor(text):
    return re.sub(r'^[ \t]*#(?:[^\n]*\\\n)*[^\n]*', '', text, flags=re.M)


def includes(text):
    """[(line, '<unbound.h>' or '"probe/run/probe.hpp"')]"""
    return [(text.count('\n', 0, m.start(1)) + 1, m.group(1)) for m in _INCLUDE.finditer(text)]


class Statement:
    def __init__(self, line):
        self.line = line
        self.words = []
        self.expression_brace = False


def _opens_block(words, inside_parentheses):
    last = words[-1] if words else ''
    if inside_parentheses:  # only a lambda's body can be a block here
        return last in (')', ']', 'mutable', 'noexcept') or bool(_TRAILING_RETURN.search(' '.join(words)))
    text = ' '.join(words)
    return last in _BLOCK_AFTER or bool(_TYPE_OR_NAMESPACE.match(text)) or bool(_TRAILING_RETURN.search(text))


def statements(text):
    """Statements, innermost first. A lambda's body is statements of its own; `T{…}` stays in its statement."""
    code = without_preprocessor(without_comments_and_literals(text))
    done = []
    current = [Statement(1)]  # one per open block
    brackets = []  # '(' '[' 'expression' 'block'

    def finish(line):
        if current[-1].words:
            done.append(current[-1])
        current[-1] = Statement(line)

    line, position = 1, 0
    for match in _TOKEN.finditer(code):
        line += code.count('\n', position, match.start())
        position = match.start()
        token = match.group()
        here = current[-1]
        if not here.words:
            here.line = line
        if token == '{':
            if _opens_block(here.words, bool(brackets) and brackets[-1] != 'block'):
                brackets.append('block')
                current.append(Statement(line))
                continue
            here.expression_brace = True
            brackets.append('expression')
        elif token == '}':
            if brackets and brackets.pop() == 'block':
                finish(line)
                current.pop()
                if not brackets or brackets[-1] == 'block':
                    current[-1].words.append('}')
                    finish(line)
                else:
                    current[-1].words.append('}')
                continue
        elif token in '([':
            brackets.append(token)
        elif token in ')]':
            if brackets:
                brackets.pop()
        elif token == ';' and (not brackets or brackets[-1] == 'block'):
            finish(line)
            continue
        here.words.append(token)
    finish(line)
    return done
