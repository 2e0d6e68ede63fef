#!/usr/bin/env python3
"""docs/annuaire.md: its smallest directory is right, its other examples are right within it, and it
names every key and every word that the reader knows.

    annuaire.py PROGRAM ROOT
"""
import re
import subprocess
import sys
import tempfile
from pathlib import Path

FLOW = 'general: accueil\nclosed: ferme\nsteps:\n  - { id: bonjour, play: [greet.org], next: ' \
       'accueil }\n  - { id: accueil, queue: accueil }\n  - { id: ferme, closed: [closed.bye] }\n'
SECRETS = 'api: { token: "0123456789abcdef" }\n'
SECRET_OF_A01 = 'agents: [{ id: a01, secret: "ligne-101-x" }]\n'
# What examples name without showing it
BESIDE = {
    'hours': '  montaubry: { lun: 9h-10h }\n  antenne: { lun: 9h-10h }\n  bureau: { lun: 9h-10h }\n'
             '  bus: { mar: "9h-10h @Rochemarne" }\n',
    'communes': 'communes: [Montaubry 96000, Rochemarne 96210, Courvelles 96210, '
                'Belleraude 96210]\n',
    'services': '  - { id: accueil, name: a }\n  - { id: sante, name: a }\n'
                '  - { id: retraite, name: a }\n',
    'sites': '  - { id: montaubry, name: a, hours: montaubry }\n'
             '  - { id: bus, name: a, hours: bus }\n',
    'numbers': '  - { number: "04 10 00 00 10", flow: accueil, hours: bureau }\n',
}


def check(program, root, directory):
    with tempfile.TemporaryDirectory() as t:
        folder = Path(t)
        (folder / 'flows').mkdir()
        (folder / 'flows/accueil.yaml').write_text(FLOW)
        (folder / 'secrets.yaml').write_text(SECRETS + (SECRET_OF_A01 if 'sip:101' in directory else ''))
        (folder / 'secrets.yaml').chmod(0o600)
        (folder / 'directory.yaml').write_text(directory)
        (folder / 'decroche.yaml').write_text(f'voice: {{ path: {root}/prompts }}\n')
        r = subprocess.run([program, 'check', '-c', folder / 'decroche.yaml'],
                           capture_output=True, text=True, timeout=60)
        return r.returncode, r.stdout


def lists(block):
    """The lists of a block, by key, each with its own key line."""
    parts = re.split(r'(?m)^(?=[a-z_]+:)', block)
    return {p.split(':', 1)[0]: p for p in parts if p.strip()}


def whole(block):
    """An example with all that it names."""
    own = lists(block)
    out = own.pop('organisation', '') or 'organisation: { name: x, legal_type: prive }\n'
    if '…' in out:
        out = 'organisation: { name: x, legal_type: etat, accessible: ecrit }\n'
    for key, text in BESIDE.items():
        if key == 'hours' and key in own:
            rest = [x for x in text.splitlines(True)
                    if not re.search(rf'(?m)^{x.split(":")[0]}:', own[key])]
            out += own.pop(key) + ''.join(rest)
        elif key in own:
            out += own.pop(key)
        else:
            out += text if text.startswith(key) else f'{key}:\n{text}'
    return out + ''.join(own.values())


def words(source, name):
    block = re.search(rf'{name}\[[^\]]*\] = {{(.*?)}};', source, re.S).group(1)
    return re.findall(r'"([^"]+)"', block)


def main():
    program, root = sys.argv[1], Path(sys.argv[2]).resolve()
    doc = (root / 'docs/annuaire.md').read_text()
    blocks = re.findall(r'```yaml\n(.*?)```', doc, re.S)
    code, said = check(program, root, blocks[0])
    failed = []
    if code or not said.startswith('tout est en ordre'):
        failed.append(f'the smallest directory: {said}')
    for block in blocks[1:]:
        code, said = check(program, root, whole(block))
        if code:
            failed.append(f'{block}\n{said}\n{whole(block)}')
    known = []
    for source in sorted((root / 'src/config').glob('directory*.c')):
        text = source.read_text()
        known += re.findall(r'\.name = "(\w+)"|CONFIG_LATER\("(\w+)"\)|SITE\("(\w+)"|DATE\((\w+)\),',
                            text)
    keys = {w for row in known for w in row if w}
    directory = (root / 'src/config/directory.c').read_text()
    places = (root / 'src/config/directory_places.c').read_text()
    keys |= set(words(directory, 'directory_zone_words') +
                words(directory, 'directory_holiday_words') + words(places, 'need_words'))
    failed += [f'not in docs/annuaire.md: {k}' for k in sorted(keys) if not
               re.search(rf'(?<![\w]){re.escape(k)}(?![\w])', doc)]
    for f in failed:
        print('FAILED:', f)
    print(f'{len(blocks)} examples, {len(keys)} words')
    return 1 if failed or len(blocks) < 8 or len(keys) < 70 else 0


if __name__ == '__main__':
    sys.exit(main())
