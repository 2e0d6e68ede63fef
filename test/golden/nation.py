#!/usr/bin/env python3
"""`decroche check` of the directory of a whole country: 3,000 sites, each with hours of its own,
two agents a site, half of them with a line and a secret, a number for every ten sites. It must be
right, and cost at most a second; the figure is printed as "name value unit".

    nation.py PROGRAM PROMPTS [CSV] [sanitized]

CSV: the real sites of France services (list of 1 August 2024, Licence Ouverte 2.0): their names,
addresses and hours are read too, when the file is there. Their own oddities (hours that overlap, a
surcharged number) must each be told with its line, and nothing else.
"""
import csv
import os
import random
import re
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

SITES = 3000
SECONDS_MAX = 1.0
DAYS = ('lun', 'mar', 'mer', 'jeu', 'ven', 'sam')
OVERSEAS = (('971', 'America/Guadeloupe'), ('972', 'America/Martinique'), ('973', 'America/Cayenne'),
            ('974', 'Indian/Reunion'), ('976', 'Indian/Mayotte'), ('975', 'America/Miquelon'),
            ('988', 'Pacific/Noumea'), ('987', 'Pacific/Tahiti'))
FLOW = 'general: bonjour\nclosed: ferme\nsteps:\n  - { id: bonjour, queue: s00 }\n' \
       '  - { id: ferme, closed: [closed.ways] }\n'


def hours(chance):
    """One week, always within 08:00-19:00."""
    week = {}
    for day in DAYS[:chance.choice((5, 5, 6))]:
        morning = f'{chance.choice(("08:30", "09:00", "08:00"))}-12:{chance.choice(("00", "30"))}'
        afternoon = f'13:{chance.choice(("00", "30"))}-{chance.choice(("17:00", "17:30", "18:00"))}'
        week[day] = chance.choice((morning, f'{morning} {afternoon}', f'{morning} {afternoon}'))
    return '{ ' + ', '.join(f'{d}: "{h}"' for d, h in week.items()) + ' }'


def invented(chance):
    """The lines of a directory of SITES sites."""
    out = {k: [] for k in ('hours', 'sites', 'agents', 'numbers', 'communes', 'exceptions')}
    for i in range(SITES):
        zone = '' if i % 30 else ', timezone: ' + OVERSEAS[i // 30 % len(OVERSEAS)][1]
        place = f' @Bourg-{i:04}, place de la Mairie' if i % 20 == 0 else ''
        week = hours(chance)
        if place:
            week = re.sub(r'"([^"]*)"', rf'"\1{place}"', week)
        out['hours'].append(f'  h{i:04}: {week}')
        out['sites'].append(
            f'  - {{ id: l{i:04}, name: "France services de Bourg-{i:04}", area: zone_{i // 8}, '
            f'address: "{i % 90 + 1} rue de la République, {i + 1000:05} Bourg-{i:04}", '
            f'commune: Bourg-{i:04}, hours: h{i:04}, at: [{41 + i % 10}.{i:04}, {i % 9}.{i:04}], '
            f'needs: [illettrisme]{zone} }}')
        out['communes'].append(f'  - Bourg-{i:04} {i // 3 + 1000:05}')
        for k in range(2):
            a = 2 * i + k
            phone = f', phone: "sip:p{a:05}"' if k else ''
            out['agents'].append(f'  - {{ id: a{a:05}, name: "Agent {a}", site: l{i:04}, '
                                 f'skills: [s{i % 20:02}, s{(i + 7) % 20:02}, lang:en, ecrit]{phone} }}')
        if i % 10 == 0:
            out['numbers'].append(f'  - {{ number: "04 10 {i // 100:02} {i % 100:02} 00", flow: '
                                  f'accueil, hours: plateforme }}')
            out['exceptions'].append(f'  - {{ date: 2026-12-24, close: "16:00", published: '
                                     f'2026-11-01, sites: [l{i:04}] }}')
    return out


def real(path):
    """The same from the file of the sites of France services."""
    out = {k: [] for k in ('hours', 'sites', 'agents', 'numbers', 'communes', 'exceptions')}
    with open(path, newline='', encoding='utf-8') as f:
        rows = list(csv.DictReader(f))

    def text(s):
        return '"' + ' '.join(s.split()).replace('\\', '\\\\').replace('"', '\\"') + '"'

    for i, row in enumerate(rows):
        week = {}
        for day, column in zip(DAYS, ('lundi', 'mardi', 'mercredi', 'jeudi', 'vendredi', 'samedi')):
            spans = row['h_' + column].replace(' - ', '-').replace(' / ', ' ').strip()
            if spans:
                week[day] = spans
        inner = ', '.join(f'{d}: "{h}"' for d, h in week.items()) or 'lun: closed'
        out['hours'].append(f'  h{i:04}: {{ {inner} }}')
        zone = next((f', timezone: {z}' for d, z in OVERSEAS if d == row['insee_dep']), '')
        phone = f', phone: {text(row["telephone"])}' if row['telephone'] else ''
        out['sites'].append(f'  - {{ id: l{i:04}, name: {text(row["lib_fs"][:90])}, address: '
                            f'{text(row["adresse"][:60])}, hours: h{i:04}, '
                            f'at: [{row["latitude"]}, {row["longitude"]}]{zone}{phone} }}')
    return out, rows


def write(folder, lists, prompts):
    """A whole set of files; returns the settings' path."""
    secrets = [f'  - {{ id: {m[1]}, secret: "secret-of-{m[1]}" }}' for m in
               (re.match(r'  - \{ id: (\w+).*sip:', a) for a in lists['agents']) if m]
    directory = ['organisation: { name: Services publics, legal_type: etat, accessible: ecrit }',
                 'services:']
    directory += [f'  - {{ id: s{i:02}, name: Service {i}, hours: plateforme }}' for i in range(20)]
    directory += ['hours:', '  plateforme: { lun-ven: "08:30-18:00" }',
                  '  ecrit: { lun-ven: "08:00-19:00" }'] + lists['hours']
    agents = lists['agents'] or ['  - { id: a0, name: Anne, skills: [s00, ecrit] }']
    lists = dict(lists, agents=agents)
    for key in ('sites', 'agents', 'numbers', 'communes', 'exceptions'):
        if lists[key]:
            directory += [key + ':'] + lists[key]
    (folder / 'flows').mkdir()
    (folder / 'flows/accueil.yaml').write_text(FLOW)
    (folder / 'directory.yaml').write_text('\n'.join(directory) + '\n')
    (folder / 'secrets.yaml').write_text('\n'.join(['api: { token: "0123456789abcdef0123" }'] +
                                                   (['agents:'] if secrets else []) + secrets))
    (folder / 'secrets.yaml').chmod(0o600)
    (folder / 'decroche.yaml').write_text(f'voice: {{ path: {os.path.relpath(prompts, folder)} }}\n')
    return folder / 'decroche.yaml'


def check(program, settings):
    """Exit code, what was said, processor seconds."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    r = subprocess.run([program, 'check', '-c', settings], capture_output=True, text=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return r.returncode, r.stdout, (after.ru_utime + after.ru_stime -
                                    before.ru_utime - before.ru_stime)


def expect(is_true, what):
    if not is_true:
        print('FAILED:', what)
        sys.exit(1)


def try_invented(program, prompts, is_timed):
    with tempfile.TemporaryDirectory() as t:
        folder = Path(t)
        settings = write(folder, invented(random.Random(3000)), prompts)
        tries = [check(program, settings) for _ in range(3)]
        code, said, _ = tries[0]
        seconds = min(x[2] for x in tries)
        size = (folder / 'directory.yaml').stat().st_size
        expect(code == 0 and said.startswith('tout est en ordre\u00a0: 20 services, 3000 lieux, '
                                             '6000 agents, 300 num'), said[:2000])
        print(f'check_sites {SITES} sites\ncheck_agents 6000 agents\ncheck_bytes {size} bytes')
        print(f'check_seconds {seconds:.3f} s')
        expect(not is_timed or seconds <= SECONDS_MAX, f'{seconds} s of processor for one check')
        lines = (folder / 'directory.yaml').read_text().splitlines()
        k = next(i for i, x in enumerate(lines) if 'id: l2999,' in x)
        lines[k] = lines[k].replace('hours: h2999', 'hours: h3999')
        (folder / 'directory.yaml').write_text('\n'.join(lines))
        code, said, _ = check(program, settings)
        expect(code == 1 and f'directory.yaml:{k + 1}:' in said and 'h3999' in said, said[:2000])


def try_real(program, prompts, path):
    lists, rows = real(path)
    with tempfile.TemporaryDirectory() as t:
        folder = Path(t)
        settings = write(folder, lists, prompts)
        lines = (folder / 'directory.yaml').read_text().splitlines()
        odd = 0
        for _ in range(40):  # twenty errors are said at once: set right, look again
            code, said, seconds = check(program, settings)
            found = re.findall(r'directory\.yaml:(\d+):(\d+): (.*)', said)
            if code == 0:
                break
            expect(code == 1 and found, said[:2000])
            for line, _, what in found:
                k = int(line) - 1
                odd += 1
                if 'numéro' in what:
                    lines[k] = re.sub(r', phone: "[^"]*"', '', lines[k])
                else:
                    expect('heures' in what, what)
                    lines[k] = re.sub(r'\{.*\}', '{ lun: "09:00-12:00" }', lines[k])
            (folder / 'directory.yaml').write_text('\n'.join(lines))
        expect(code == 0 and f'{len(rows)} lieux' in said, said[:2000])
        print(f'real_sites {len(rows)} sites\nreal_lines_refused {odd} lines')
        print(f'real_check_seconds {seconds:.3f} s')
        expect(0 < odd < len(rows) // 10, f'{odd} lines were refused')


def main():
    program, prompts, rest = sys.argv[1], Path(sys.argv[2]), sys.argv[3:]
    is_timed = 'sanitized' not in rest
    try_invented(program, prompts, is_timed)
    if rest and Path(rest[0]).is_file():
        try_real(program, prompts, rest[0])
    return 0


if __name__ == '__main__':
    sys.exit(main())
