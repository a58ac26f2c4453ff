"""What `danewatch check --remedy` prints is the remedy of the report, as zone lines and for nsupdate."""

from looks import run

SEMICOLON = ';'


def output(program, trial, *words):
    return run([program, 'check', '--remedy', str(trial.number), trial.look.target, *trial.look.args, *words], trial.look)


def is_record(line):
    return ' IN TLSA ' in line and not line.startswith('; ')


def without_ttl(line):
    words = line.split()
    return ' '.join(word for at, word in enumerate(words) if at != 1 or not word.isdigit())


def zone_lines(text):
    """Added as it stands, removed behind a semicolon."""
    lines = [line for line in text.splitlines() if is_record(line)]
    return [('remove', line[1:]) if line.startswith(SEMICOLON) else ('add', without_ttl(line)) for line in lines]


def updates(text):
    steps = []
    for line in text.splitlines():
        words = line.lstrip(SEMICOLON).split()
        if words[:2] == ['update', 'add']:
            steps.append(('add', without_ttl(' '.join(words[2:]))))
        if words[:2] == ['update', 'delete']:
            steps.append(('remove', ' '.join(words[2:])))
    return steps


def misprints(program, trial):
    """A sentence for each; what is in words only must be refused."""
    got = output(program, trial)
    if not trial.steps:
        return [] if (got.returncode, got.stdout) == (64, '') else [f'{trial}: printed: {got.stdout}']
    script = output(program, trial, '--format', 'nsupdate')
    limits = ['there are more records', 'too short']
    if script.returncode == 64 and any(limit in script.stderr for limit in limits):
        script = None
    wrong = []
    if got.returncode != 0 or tuple(zone_lines(got.stdout)) != trial.steps:
        wrong.append(f'{trial}\n  printed:\n{got.stdout}{got.stderr}')
    if script and (script.returncode != 0 or tuple(updates(script.stdout)) != trial.steps or '\nprereq ' not in script.stdout):
        wrong.append(f'{trial}\n  for nsupdate:\n{script.stdout}{script.stderr}')
    return wrong
