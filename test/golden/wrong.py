#!/usr/bin/env python3
"""Wrong configurations: each must be refused by `decroche check` with exit 1, in the right file, on
the right line, with a cure.

    wrong.py PROGRAM SCHEMA [NAME]     SCHEMA: schema/settings.toml; NAME: only cases with this word

The written cases are in wrong_cases.py. Those of single settings are made from the schema: another
form, below, above and unknown, for each key.
"""
import concurrent.futures
import json
import os
import subprocess
import sys
import tempfile
import threading
import tomllib
from pathlib import Path

import wrong_cases as cases

CASES_MIN = 200


def write(folder, files):
    (folder / 'flows').mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text)
    (folder / 'secrets.yaml').chmod(0o600)


def check(program, folder):
    r = subprocess.run([program, 'check', '--json', '-c', folder / 'decroche.yaml'],
                       capture_output=True, text=True, timeout=60)
    objects = [json.loads(x) for x in r.stdout.splitlines()]
    return r.returncode, [o for o in objects if 'what' in o and not o.get('warning')], r


def line_of(text, at):
    return text.count('\n', 0, at) + 1


def demonstration(folder):
    """The files of demo/, with its own prompts or none."""
    names = ['directory.yaml', 'secrets.yaml', 'decroche.yaml']
    names += [f'flows/{p.name}' for p in folder.glob('flows/*.yaml')]
    return {name: (folder / name).read_text() for name in names}


def changed(case, files):
    """The files of a case, and the lines on which the mistake may be told."""
    name, old, new, _, *blamed = case
    before = files[name]
    assert before.count(old) >= 1, f'not there: {case}'
    at = before.index(old)
    mark = new.find('§')
    text = before[:at] + new.replace('§', '') + before[at + len(old):]
    common = len(os.path.commonprefix([old, new]))
    where = line_of(text, at + (mark if mark >= 0 else common))
    if blamed and blamed[0] != cases.NEAR:
        where = line_of(text, text.index(blamed[0]))
    lines = range(where, where + 2) if blamed == [cases.NEAR] else [where]
    return dict(files, **{name: text}), lines


def wrong_values(key):
    """Values that this key of the schema cannot have."""
    kind, low, high = key['type'], key.get('min', 0), key.get('max')
    if kind == 'u32':
        yield from ('beaucoup', '1.5', '[1]')
        yield str(high + 1)
        if low:
            yield str(low - 1)
    elif kind == 'ms':
        yield from ('longtemps', '7', '{ s: 1 }', '999999j')
    elif kind == 'bool':
        yield from ('peut-être', '[oui]')
    elif kind == 'enum':
        yield from ('autrement', '[]')
    else:
        yield from ('x' * (high + 1), '[a]')


def generated(schema):
    """(key, file, lines) for each key of the settings: a file of that key alone."""
    for folder, keys in tomllib.loads(schema.read_text()).items():
        for key, row in keys.items():
            if not isinstance(row, dict):
                continue
            for value in wrong_values(row):
                text = f'node: {{ number: 0 }}\n{folder}:\n  {key}: {value}\n'
                if folder == 'node':
                    text = f'log: {{ level: info }}\n{folder}:\n  {key}: {value}\n'
                yield (cases.S, '', f'{folder}.{key}', ''), dict(cases.FILES, **{cases.S: text}), [3]
            text = f'{folder}:\n  {key}x: 1\n'
            yield (cases.S, '', '', key), dict(cases.FILES, **{cases.S: text}), [2]


class Folder(threading.local):
    """One for each thread: only what differs from the last case is written."""

    def __init__(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.path, self.files = Path(self.temporary.name), {}

    def hold(self, files):
        write(self.path, {k: v for k, v in files.items() if self.files.get(k) != v})
        self.files = files
        return self.path


FOLDER = Folder()


def judge(program, case, files, lines):
    """What is wrong with the answer; None when nothing is. And how many errors were told."""
    code, errors, r = check(program, FOLDER.hold(files))
    name, word = case[0], case[3]
    right = [e for e in errors if e['file'].endswith('/' + name) and e['line'] in lines and
             e['column'] and e['cure'] and word in e['what'] + e['cure']]
    if code == 1 and right and all(e['cure'] for e in errors):
        return None, len(errors)
    told = [(e['file'].rsplit('/', 1)[-1], e['line'], e['what'], e['cure']) for e in errors]
    return f'{case} expected on {list(lines)}: exit {code}, {told} {r.stderr}', len(errors)


def main():
    program, schema = sys.argv[1], Path(sys.argv[2]).resolve()
    demo = demonstration(schema.parents[1] / 'demo')
    for files in (cases.FILES, demo):
        with tempfile.TemporaryDirectory() as t:
            write(Path(t), files)
            code, errors, r = check(program, Path(t))
            if code or errors:
                print('FAILED: the right files are refused:', r.stdout, r.stderr)
                return 1
    rows = [(c, *changed(c, cases.FILES)) for c in cases.ALL] + list(generated(schema))
    rows += [(c, *changed(c, demo)) for c in cases.DEMO_CASES]
    rows = [x for x in rows if len(sys.argv) < 4 or sys.argv[3] in str(x[0])]
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda x: judge(program, *x), rows))
    failed = [a for a, _ in answers if a]
    for a in failed:
        print('FAILED:', a)
    alone = sum(n == 1 for _, n in answers)
    print(f'{len(rows)} wrong configurations ({len(cases.ALL) + len(cases.DEMO_CASES)} written), {len(failed)} badly told, '
          f'{alone} with one message alone')
    return 1 if failed or (len(sys.argv) < 4 and len(cases.ALL) < CASES_MIN) else 0


if __name__ == '__main__':
    sys.exit(main())
