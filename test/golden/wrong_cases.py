"""Cases of wrong.py: a right set of files, and one mistake each.

A case is (file, what stands there, what stands there instead, a word of the message or of its
cure). The mistake is told on the first line that differs; where another is to blame, a § stands in
front of it, or a fifth word stands on it. NEAR: that line or the next, for what is no YAML.
"""

SETTINGS = """\
node: { number: 3 }
directory: { path: directory.yaml }
flows: { path: flows }
secrets: { path: secrets.yaml }
voice: { path: voix }
journal:
  path: journal.db
  ring_n: 65536
acd:
  contacts_max: 1000
  agents_max: 40
  queues_max: 8
  lanes_max: 64
queue:
  ring_site: 20s
  ring_area: 40s
  ring_network: 1min
  offer: 20s
priority:
  normal: 0s
  priority: 10min
  urgent: 30min
phone:
  address: "192.0.2.10, 2001:db8::10"
  networks: 10.0.0.0/8
  port: 5060
  realm: mairie
media: { port_first: 20000, port_last: 39999 }
web: { address: 127.0.0.1, port: 8080, socket: decroche.sock }
log: { level: info }
"""

DIRECTORY = """\
organisation:
  name: Ville de Lisière
  legal_type: etat
  postal: "1 place de la Mairie, 01000 Le Bourg"
  timezone: Europe/Paris
  holidays: metropole
  accessible: ecrit
numbers:
  - number: "04 10 00 00 10"
    tariff: normal
    flow: accueil
    hours: bureau
  - { number: "04 10 00 00 20", flow: direct, hours: bureau }
  - { number: "0262 41 00 10", flow: direct, hours: ile, accessible: ecrit_ile }
hours:
  bureau:
    lun-ven: "09:00-12:30 13:30-17:30"
    sam: "09:00-12:00"
  ecrit: { lun-ven: "08:30-18:00", sam: "09:00-12:00" }
  matin: { lun-ven: "09:00-12:00" }
  bus:
    mar: "09:30-12:00 @Le Bourg"
    ven: ["09:30-12:00 @Le Bourg", "14:00-16:00 @Les Prés, salle des fêtes"]
  ile: { lun-ven: "08:00-16:00" }
  ecrit_ile: { lun-ven: "08:00-16:00" }
exceptions:
  - { date: 2026-11-11, reason: ferie }
  - { date: 2026-12-24, close: "16:00", published: 2026-12-01 }
  - { from: 2027-08-02, until: 2027-08-13, published: 2027-06-01, sites: [bus] }
  - { date: 2027-05-08, open: "09:00-12:00", published: 2027-04-01, sites: [mairie] }
services:
  - { id: accueil, name: Accueil, for: "Ne pas savoir à qui parler." }
  - { id: etat_civil, name: État civil, hours: matin }
  - id: urbanisme
    name: Urbanisme
    hours: matin
    accessible: matin
sites:
  - id: mairie
    name: Mairie
    address: "1 place de la Mairie, 01000 Le Bourg"
    commune: Le Bourg
    area: centre
    hours: bureau
    at: [46.912, 2.437]
    needs: [surdite, langues_anglais]
    phone: "04 10 00 00 30"
    public: oui
    partner: non
  - { id: bus, name: Le bus, area: centre, hours: bus }
  - { id: antenne, name: Antenne de l’île, hours: ile, timezone: Indian/Reunion, holidays: reunion }
  - { id: annexe, name: Annexe de l’île, hours: ecrit_ile, timezone: Indian/Reunion }
communes: [Le Bourg 01000, Les Prés 01000]
agents:
  - id: a01
    name: Nadège
    site: mairie
    skills: [accueil, urbanisme, lang:ar, ecrit]
    phone: "sip:101"
  - { id: a02, name: Yanis, site: bus, skills: [etat_civil], phone: "04 10 00 00 41" }
  - { id: a03, name: Solène, skills: [all], phone: browser }
  - { id: s01, name: Martine, role: supervisor }
shared_lines: ["04 10 00 00 60", "04 10 00 00 61"]
interpreters:
  - { lang: [ar, pt], number: "01 40 00 00 70" }
  - { lang: lsf, number: "01 40 00 00 71" }
trunks:
  - { id: operateur, host: "192.0.2.1:5060" }
  - { id: secours, host: "[2001:db8::1]:5060" }
"""

FLOW = """\
english: true
max_repeat: 1
general: personne
closed: ferme
steps:
  - { id: bonjour, play: [greet.org, greet.english], next: choix }
  - id: choix
    menu: [menu.main]
    slow: menu.main.slow
    keys: { 1: civil, 2: urbanisme }
  - { id: civil, queue: etat_civil, say: [queue.direct] }
  - { id: urbanisme, queue: urbanisme }
  - { id: personne, queue: accueil }
  - { id: ferme, closed: [closed.ways, closed.urgent, closed.bye] }
"""

DIRECT = """\
general: accueil
closed: ferme
steps:
  - { id: bonjour, play: [greet.org], next: accueil }
  - { id: accueil, queue: accueil }
  - { id: ferme, closed: [closed.bye] }
"""

SECRETS = """\
api: { token: "0123456789abcdef" }
agents:
  - id: a01
    secret: "ligne-101-x"
    code: "4821"
  - { id: a02, code: "4822" }
"""

FILES = {'decroche.yaml': SETTINGS, 'directory.yaml': DIRECTORY, 'flows/accueil.yaml': FLOW,
         'flows/direct.yaml': DIRECT, 'secrets.yaml': SECRETS}

NEAR = 'NEAR'
FIRST_NUMBER = '- number: "04 10 00 00 10"'
FIRST_HOURS = '    hours: bureau'
S, D, F, X = 'decroche.yaml', 'directory.yaml', 'flows/accueil.yaml', 'secrets.yaml'

SETTINGS_CASES = [
    (S, 'node: { number: 3 }', 'nod: { number: 3 }', 'node'),
    (S, 'node: { number: 3 }', 'node: 3', 'node'),
    (S, 'node: { number: 3 }', 'node: [3]', 'node'),
    (S, 'node: { number: 3 }', 'node: { numbr: 3 }', 'number'),
    (S, 'node: { number: 3 }', 'node: { number: 3, number: 4 }', 'déjà'),
    (S, 'node: { number: 3 }', 'node: { number: trois }', 'trois'),
    (S, 'log: { level: info }', 'log: { level: loud }', 'loud'),
    (S, 'log: { level: info }', 'log: { level: info }\n§log: { level: info }', 'déjà'),
    (S, 'log: { level: info }', 'log: { level: [info] }', 'level'),
    (S, 'log: { level: info }', 'log: { level: *info }', ''),
    (S, 'log: { level: info }', 'log: &a { level: info }', ''),
    (S, 'log: { level: info }', 'log: !!map { level: info }', ''),
    (S, 'log: { level: info }', 'log: { level: info', '', NEAR),
    (S, 'ring_n: 65536', 'ring_n: 65000', 'puissance'),
    (S, 'ring_n: 65536', 'ring_n: -1', 'ring_n'),
    (S, 'lanes_max: 64', 'lanes_max: 23', 'groupes'),
    (S, 'ring_area: 40s', 'ring_area: 10s', 'voisins'),
    (S, 'ring_network: 1min', 'ring_network: 30s', 'réseau'),
    (S, 'offer: 20s', 'offer: 20', 'unité'),
    (S, 'offer: 20s', 'offer: 20 secnodes', 'unité'),
    (S, 'offer: 20s', 'offer: -20s', 'unité'),
    (S, '  priority: 10min', '  priority: 0s\n§  normal: 5s', ''),
    (S, 'urgent: 30min', 'urgent: 5min', 'urgente'),
    (S, 'address: "192.0.2.10, 2001:db8::10"', 'address: localhost', 'adresse'),
    (S, 'address: "192.0.2.10, 2001:db8::10"', 'address: 192.0.2.256', 'adresse'),
    (S, '"192.0.2.10, 2001:db8::10"', '"192.0.2.10, 192.0.2.11"', 'de chaque famille'),
    (S, '  address: "192.0.2.10, 2001:db8::10"',
     '  address: "192.0.2.10, 2001:db8::10"\n§  advertised: "0.0.0.0"', 'adresse'),
    (S, '  address: "192.0.2.10, 2001:db8::10"',
     '  address: 192.0.2.10\n§  advertised: "2001:db8::1"', 'adresse'),
    (S, 'networks: 10.0.0.0/8', 'networks: 10.0.0.0/33', 'réseaux'),
    (S, 'networks: 10.0.0.0/8', 'networks: tous', 'réseaux'),
    (S, 'realm: mairie', "realm: 'la \"mairie\"'", 'guillemets'),
    (S, 'port: 5060', 'port: 20010', 'plage'),
    (S, 'port: 5060', 'port: 70000', 'bornes'),
    (S, '  port: 5060', '  port: 5060\n§  tls_port: 5060', 'sans TLS'),
    (S, '  port: 5060', '  port: 5060\n§  tls_certificate: rien.pem', 'pas là'),
    (S, '  port: 5060', '  port: 5060\n§  tls_certificate: secrets.yaml', 'PEM'),
    (S, '  port: 5060', '  port: 5060\n§  tls_key: rien.key', 'certificat'),
    (S, '  port: 5060', '  port: 5060\n§  tls_certificate: rien.pem\n  tls_key: rien.key', 'pas là'),
    (S, '  port: 5060', '  port: 5060\n  tls_certificate: rien.pem\n§  tls_key: rien.key', 'clé'),
    (S, '  port: 5060', '  port: 5060\n  tls_certificate: secrets.yaml\n§  tls_key: rien.key', 'clé'),
    (S, '  port: 5060', '  port: 5060\n§  srtp: require', 'TLS'),
    (S, '  port: 5060', '  port: 5060\n  tls_certificate: rien.pem\n§  tls_port: 20010', 'plage'),
    (S, 'port_first: 20000', 'port_first: 20001', 'impair'),
    (S, 'port_last: 39999', 'port_last: 10000', 'plage'),
    (S, 'port_last: 39999', 'port_last: 20009', 'petite'),
    (S, 'address: 127.0.0.1,', 'address: nulle-part,', 'adresse'),
    (S, 'path: journal.db', 'path: directory.yaml', 'même fichier'),
    (S, 'secrets: { path: secrets.yaml }', 'secrets: { path: directory.yaml }', 'même fichier'),
    (S, 'path: journal.db', 'path: ""', 'court'),
    (S, 'path: journal.db', 'path: ' + 'x' * 300, 'long'),
    (S, 'path: journal.db', 'path: { a: b }', 'path'),
    (S, '  path: journal.db', '\tpath: journal.db', '', NEAR),
]

ORGANISATION_CASES = [
    (D, '  name: Ville de Lisière\n', '§', 'name'),
    (D, 'name: Ville de Lisière', 'nom: Ville de Lisière', 'name'),
    (D, 'name: Ville de Lisière', 'name: ""', 'court'),
    (D, 'name: Ville de Lisière', 'name: ' + 'Ville ' * 20, 'long'),
    (D, 'name: Ville de Lisière', 'name: [Ville]', 'name'),
    (D, 'legal_type: etat', 'legal_type: mairie', 'mairie'),
    (D, 'timezone: Europe/Paris', 'timezone: Europe/Pari', 'Europe/Paris'),
    (D, 'timezone: Europe/Paris', 'timezone: Europe/Berlin', 'Europe/Berlin'),
    (D, 'holidays: metropole', 'holidays: metropol', 'metropole'),
    (D, 'holidays: metropole', 'holidays: bavière', 'bavière'),
    (D, 'accessible: ecrit\n', 'accessible: ecrits\n', 'ecrit'),
    (D, '  accessible: ecrit\n', '', 'accessible', 'name: Ville'),
    (D, 'accessible: ecrit\n', 'accessible: [ecrit]\n', 'identifiant'),
    (D, 'organisation:\n', 'organization:\n', ''),
    (D, 'hours:\n  bureau:', 'horaires:\n  bureau:', 'horaires'),
    (D, 'trunks:', 'truncs:', 'trunks'),
    (D, 'communes: [', 'communes: oui\ncommune: [', 'communes'),
    (D, 'organisation:', 'demo: peut-être\norganisation:', 'demo'),
]

NUMBER_CASES = [
    (D, 'number: "04 10 00 00 10"', 'number: "04 10 00 00"', 'numéro'),
    (D, 'number: "04 10 00 00 10"', 'number: accueil', 'numéro'),
    (D, 'number: "04 10 00 00 10"', 'number: "36 46"', 'numéro'),
    (D, 'number: "04 10 00 00 10"', 'number: "05 36 49 00 10"', 'fiction'),
    (D, 'number: "04 10 00 00 10"', 'number: "06 39 98 00 10"', 'fiction'),
    (D, '"04 10 00 00 20"', '"04 10 00 00 10"', 'déjà'),
    (D, '"04 10 00 00 20"', '"+33 4 10 00 00 10"', 'déjà'),
    (D, '"04 10 00 00 20"', '"0033410000010"', 'déjà'),
    (D, '"04 10 00 00 20"', '"04.10.00.00.10"', 'déjà'),
    (D, '"04 10 00 00 20"', '"+262 262 41 00 10", tariff: normal', 'déjà', 'hours: ile'),
    (D, 'tariff: normal', 'tariff: surtaxe', 'surtax'),
    (D, 'tariff: normal', 'tariff: vert', 'vert'),
    (D, 'tariff: normal', 'tariff: gratuit', 'gratuit'),
    (D, '{ number: "04 10 00 00 20", flow', '{ number: "08 90 10 00 20", flow', 'surtax'),
    (D, '{ number: "04 10 00 00 20", flow', '{ number: "0825 10 00 20", flow', 'surtax'),
    (D, '{ number: "04 10 00 00 20", flow', '{ number: "0800 10 00 20", tariff: normal, flow',
     'normal'),
    (D, 'flow: accueil\n', 'flow: acueil\n', 'menu'),
    (D, 'flow: accueil\n', 'flow: ../accueil\n', 'identifiant'),
    (D, 'flow: accueil\n', 'flow: ""\n', 'flow'),
    (D, '    flow: accueil\n', '', 'flow', FIRST_NUMBER),
    (D, '    hours: bureau\n  - {', '  - {', 'hours', FIRST_NUMBER),
    (D, '    hours: bureau\n  - {', '    hours: bureaux\n  - {', 'bureau'),
    (D, '    hours: bureau\n  - {', '    hours: { lun: 8h-9h }\n  - {', 'identifiant'),
    (D, 'accessible: ecrit_ile }', 'accessible: ecri_ile }', 'ecrit_ile'),
    (D, 'accessible: ecrit_ile }', 'accessible: matin }', '2017-875'),
    (D, 'hours: ile, accessible: ecrit_ile }', 'hours: ile }', '2017-875'),
    (D, '    tariff: normal', '    tarif: normal', 'tariff'),
]

HOURS_CASES = [
    (D, 'lun-ven: "09:00-12:30 13:30-17:30"', 'lun-ven: "09:00-12:30 12:00-17:30"', 'chevauch'),
    (D, 'lun-ven: "09:00-12:30 13:30-17:30"', 'lun-ven: "13:30-17:30 09:00-12:30"', 'chevauch'),
    (D, 'lun-ven: "09:00-12:30 13:30-17:30"', 'lun-ven: "09:00-12:30 12:30-17:30"', 'touchent'),
    (D, 'lun-ven: "09:00-12:30 13:30-17:30"',
     'lun-ven: "09:00-10:00 10:30-11:00 11:30-12:00 13:00-14:00 15:00-16:00"', 'nombreuses'),
    (D, 'lun-ven: "09:00-12:30 13:30-17:30"', 'lun-ven: "17:30-09:00"', 'avant'),
    (D, 'lun-ven: "09:00-12:30 13:30-17:30"', 'lun-ven: "09:00-09:00"', 'avant'),
    (D, 'lun-ven: "09:00-12:30 13:30-17:30"', 'lun-ven: "09:00-24:30"', 'lisent'),
    (D, 'lun-ven: "09:00-12:30 13:30-17:30"', 'lun-ven: "09:60-12:00"', 'lisent'),
    (D, 'lun-ven: "09:00-12:30 13:30-17:30"', 'lun-ven: le matin', 'lisent'),
    (D, 'lun-ven: "09:00-12:30 13:30-17:30"', 'lun-ven: ""', 'lisent'),
    (D, 'lun-ven: "09:00-12:30 13:30-17:30"', 'lun-ven: { de: 9h }', 'lisent'),
    (D, 'lun-ven: "09:00-12:30 13:30-17:30"', 'lun-vne: "09:00-12:30"', 'jour'),
    (D, 'lun-ven: "09:00-12:30 13:30-17:30"', 'lundi: "09:00-12:30"', 'jour'),
    (D, 'lun-ven: "09:00-12:30 13:30-17:30"', 'ven-lun: "09:00-12:30"', 'jour'),
    (D, '    sam: "09:00-12:00"', '    ven: "09:00-12:00"', 'déjà'),
    (D, '    sam: "09:00-12:00"', '    lun-ven: "09:00-12:00"', 'déjà'),
    (D, '  matin: { lun-ven: "09:00-12:00" }', '  matin: "09:00-12:00"', 'jours'),
    (D, '  matin: {', '  Matin: { lun: closed }\n  matin: {', 'identifiant'),
    (D, '  matin: {', '  bureau: {', 'déjà'),
    (D, 'mar: "09:30-12:00 @Le Bourg"', 'mar: "09:30-12:00 @Le Bour"', 'passage'),
    (D, 'mar: "09:30-12:00 @Le Bourg"', 'mar: "09:30-12:00 @' + 'Le Bourg ' * 12 + '"', 'lisent'),
    (D, '"14:00-16:00 @Les Prés, salle des fêtes"]', '"11:00-16:00 @Les Prés"]', 'chevauch'),
    (D, '"14:00-16:00 @Les Prés, salle des fêtes"]', '[14h]]', 'lisent'),
    (D, 'ecrit: { lun-ven: "08:30-18:00"', 'ecrit: { lun-ven: "09:30-18:00"', '2017-875', FIRST_HOURS),
    (D, 'ecrit: { lun-ven: "08:30-18:00", sam: "09:00-12:00" }', 'ecrit: { lun-ven: "08:30-18:00" }',
     'samedi', FIRST_HOURS),
    (D, '  ecrit_ile: { lun-ven: "08:00-16:00" }', '  ecrit_ile: { lun-jeu: "08:00-16:00" }',
     'vendredi', 'hours: ile, accessible'),
]

EXCEPTION_CASES = [
    (D, '{ date: 2026-11-11, reason: ferie }', '{ date: 2026-11-12, reason: ferie }', 'férié'),
    (D, '{ date: 2026-11-11, reason: ferie }', '{ date: 2026-11-31, reason: ferie }', 'jour'),
    (D, '{ date: 2026-11-11, reason: ferie }', '{ date: 11/11/2026, reason: ferie }', 'jour'),
    (D, '{ date: 2026-11-11, reason: ferie }', '{ reason: ferie }', 'date'),
    (D, '{ date: 2026-11-11, reason: ferie }', '{ date: 2026-11-11, reason: pont }', 'pont'),
    (D, '{ date: 2026-11-11, reason: ferie }', '{ date: 2026-11-11 }', 'published'),
    (D, '{ date: 2026-11-11, reason: ferie }', '2026-11-11', 'clés'),
    (D, ', published: 2026-12-01 }', ', published: hier }', 'jour'),
    (D, ', published: 2026-12-01 }', ' }', 'published'),
    (D, 'close: "16:00"', 'close: "25:00"', 'close'),
    (D, 'close: "16:00"', 'close: tôt', 'close'),
    (D, 'close: "16:00"', 'close: "16:00", open: "09:00-12:00"', 'open'),
    (D, 'close: "16:00"', 'close: "16:00", hours: buro', 'horaires'),
    (D, 'close: "16:00"', 'close: "16:00", hours: []', 'vide'),
    (D, 'close: "16:00"', 'close: "16:00", hours: ecrit', '2017-875', FIRST_HOURS),
    (D, 'close: "16:00"', 'close: "16:00", from: 2026-12-24', 'date'),
    (D, 'until: 2027-08-13', 'until: 2027-08-01', 'avant'),
    (D, 'until: 2027-08-13', 'until: 2028-08-13', 'an'),
    (D, ', until: 2027-08-13', '', 'date'),
    (D, 'sites: [bus]', 'sites: [bsu]', 'bus'),
    (D, 'sites: [bus]', 'sites: []', 'vide'),
    (D, 'sites: [bus]', 'site: [bus]', 'sites'),
    (D, 'open: "09:00-12:00"', 'open: "12:00-09:00"', 'avant'),
    (D, 'open: "09:00-12:00"', 'open: "09:00-12:00 @Ailleurs"', 'passage'),
]

SERVICE_CASES = [
    (D, '{ id: accueil, name: Accueil,', '{ id: etat_civil, name: Accueil,', 'déjà', 'name: État civil'),
    (D, '{ id: etat_civil, name: État civil, hours: matin }',
     '{ id: etat_civil, name: État civil, hours: matin, recording: 5 % }', 'dossier'),
    (D, '{ id: etat_civil, name: État civil, hours: matin }',
     '{ id: etat_civil, name: État civil, hours: matin, recording: 101 % }', 'recording'),
    (D, '{ id: etat_civil, name: État civil, hours: matin }',
     '{ id: etat_civil, name: État civil, hours: matin, listening: oui }', 'supervisor'),
    (D, '{ id: etat_civil, name: État civil, hours: matin }',
     '{ id: etat_civil, name: État civil, hours: matin, listening: parfois }', 'listening'),
    (D, '{ id: etat_civil, name: État civil, hours: matin }',
     '{ id: etat_civil, name: État civil, hours: matin, code: "5" }', 'code: "52"'),
    (D, '{ id: etat_civil, name: État civil, hours: matin }',
     '{ id: etat_civil, name: État civil, hours: matin, code: "112" }', 'urgence'),
    (D, '{ id: etat_civil, name: État civil, hours: matin }',
     '{ id: etat_civil, name: État civil, hours: matin, code: "101" }', 'ligne'),
    (D, '{ id: etat_civil, name: État civil, hours: matin }',
     '{ id: etat_civil, name: État civil, hours: matin, code: "5a" }', 'quatre chiffres'),
    (D, '{ id: etat_civil, name: État civil, hours: matin }',
     '{ id: etat_civil, name: État civil, hours: matin, code: "123456" }', 'code'),
    (D, '{ id: etat_civil, name: État civil, hours: matin }',
     '{ id: etat-civil, name: État civil, hours: matin }', 'identifiant'),
    (D, '{ id: etat_civil, name: État civil, hours: matin }',
     '{ id: etat_civil, hours: matin }', 'name'),
    (D, '{ id: etat_civil, name: État civil, hours: matin }',
     '{ id: etat_civil, name: État civil, hours: martin }', 'matin'),
    (D, '{ id: etat_civil, name: État civil, hours: matin }',
     '{ id: etat_civil, name: État civil, heures: matin }', 'heures'),
    (D, '{ id: etat_civil, name: État civil, hours: matin }',
     '{ id: etat_civil, name: État civil, hours: bureau, accessible: matin }', '2017-875'),
    (D, '    accessible: matin', '    accessible: matins', 'matin'),
    (D, '    name: Urbanisme\n    hours: matin\n',
     '    name: Urbanisme\n§    hours: bureau\n', '2017-875'),
]

SITE_CASES = [
    (D, '    name: Mairie\n', '', 'name', '- id: mairie'),
    (D, '  - id: mairie', '  - id: la mairie', 'identifiant'),
    (D, '{ id: bus, name', '{ id: mairie, name', 'déjà'),
    (D, 'commune: Le Bourg', 'commune: Le Bour', 'commune'),
    (D, '    hours: bureau\n    at', '    hours: bureaus\n    at', 'bureau'),
    (D, 'at: [46.912, 2.437]', 'at: [46.912]', 'endroit'),
    (D, 'at: [46.912, 2.437]', 'at: [146.912, 2.437]', 'endroit'),
    (D, 'at: [46.912, 2.437]', 'at: nord', 'endroit'),
    (D, 'at: [46.912, 2.437]', 'at: [46.912, est]', 'endroit'),
    (D, 'needs: [surdite,', 'needs: [surdité,', 'surdite'),
    (D, 'needs: [surdite, langues_anglais]', 'needs: surdite', 'liste'),
    (D, 'phone: "04 10 00 00 30"', 'phone: "04 10 00 00"', 'numéro'),
    (D, 'phone: "04 10 00 00 30"', 'phone: "08 90 10 00 30"', 'surtax'),
    (D, 'phone: "04 10 00 00 30"', 'phone: "05 36 49 00 30"', 'fiction'),
    (D, 'public: oui', 'public: parfois', 'oui ou non'),
    (D, 'timezone: Indian/Reunion, holidays', 'timezone: Indian/Réunion, holidays',
     'Indian/Reunion'),
    (D, 'holidays: reunion }', 'holidays: la_reunion }', 'reunion'),
    (D, '{ id: bus, name: Le bus, area: centre, hours: bus }',
     '{ id: bus, name: Le bus, hours: bureau, timezone: Indian/Mayotte }', 'ouvre le téléphone'),
    (D, '{ id: bus, name: Le bus, area: centre, hours: bus }',
     '{ id: bus, name: Le bus, hours: bureau, holidays: alsace_moselle }', 'ouvre le téléphone'),
    (D, 'area: centre\n', 'zone: centre\n', 'zone'),
    (D, 'communes: [Le Bourg 01000,', 'communes: [Le Bourg 01000, Le Bourg 01000,', 'déjà'),
    (D, 'Les Prés 01000]', 'Les Prés 01000, Ailleurs]', 'postal'),
    (D, 'Les Prés 01000]', 'Les Prés 01000, Ailleurs 0100]', 'postal'),
]

AGENT_CASES = [
    (D, '    site: mairie', '    site: marie', 'mairie'),
    (D, '    name: Nadège\n', '', 'name', '- id: a01'),
    (D, '{ id: a02,', '{ id: a01,', 'déjà'),
    (D, '{ id: a03,', '{ id: A03,', 'identifiant'),
    (D, '{ id: a03, name: Solène, skills: [all]', '{ id: s38675, name: S, skills: [all] }\n'
     '§  - { id: s61566, name: Solène, skills: [all]', 'même numéro'),
    (D, 'skills: [etat_civil]', 'skills: [etat_civl]', 'etat_civil'),
    (D, 'skills: [etat_civil]', 'skills: [lang:xx]', 'langue'),
    (D, 'skills: [etat_civil]', 'skills: [etat_civil, etat_civil]', 'deux fois'),
    (D, 'skills: [etat_civil]', 'skills: etat_civil', 'liste'),
    (D, 'skills: [etat_civil], ', '', 'compétence'),
    (D, 'phone: "sip:101"', 'phone: "sip:101@ici"', 'ligne'),
    (D, 'phone: browser', 'phone: "sip:101"', 'ligne'),
    (D, 'phone: browser', 'phone: navigateur', 'numéro'),
    (D, 'phone: browser', 'phone: "04 10 00 00 10"', 'nos numéros'),
    (D, 'phone: browser', 'phone: "+33 4 10 00 00 20"', 'nos numéros'),
    (D, 'phone: browser', 'phone: "06 39 98 00 31"', 'fiction'),
    (D, 'phone: browser', 'phone: "08 99 10 00 31"', 'surtaxé'),
    (D, 'phone: browser', 'phone: "+262 891 23 45 67"', 'surtaxé'),
    (D, 'phone: browser', 'phone: "+881 612 345 678"', 'satellite'),
    (D, 'phone: browser', 'phone: "+33 0899 10 00 31"', 'fixe'),
    (D, 'role: supervisor', 'role: superviseur', 'supervisor'),
    (D, 'role: supervisor', 'robot: true, skills: [all]', 'robot'),
    (D, 'role: supervisor', 'rôle: supervisor', 'rôle'),
]

LINE_CASES = [
    (D, '"04 10 00 00 61"]', '"04 10 00 00 60"]', 'déjà'),
    (D, '"04 10 00 00 61"]', '"+33410000060"]', 'déjà'),
    (D, '"04 10 00 00 61"]', '"04 10 00 00 20"]', 'nos numéros'),
    (D, '"04 10 00 00 61"]', '"CCAS"]', 'numéro'),
    (D, '"04 10 00 00 61"]', '{ number: "04 10 00 00 61" }]', 'numéro'),
    (D, '"04 10 00 00 61"]', '"05 36 49 00 61"]', 'fiction'),
    (D, 'shared_lines: ["04 10 00 00 60", "04 10 00 00 61"]', 'shared_lines: "04 10 00 00 60"',
     'liste'),
    (D, 'lang: [ar, pt]', 'lang: [ar, pt, xx]', 'langue'),
    (D, 'lang: [ar, pt]', 'lang: [arb]', 'ar'),
    (D, 'lang: [ar, pt]', 'lang: [ar, ar]', 'deux fois'),
    (D, 'lang: [ar, pt]', 'lang: []', 'langues'),
    (D, 'lang: [ar, pt], ', '', 'lang'),
    (D, 'lang: [ar, pt]', 'langue: [ar, pt], lang: pt', 'langue'),
    (D, '"01 40 00 00 71"', '"01 40 00 00 70"', 'déjà'),
    (D, '"01 40 00 00 71"', '"04 10 00 00 10"', 'nos numéros'),
    (D, '"01 40 00 00 71"', '"01 99 00 00 71"', 'fiction'),
    (D, '"01 40 00 00 71"', '"08 20 00 00 71"', 'surtaxé'),
    (D, '"01 40 00 00 71"', '"39 39"', 'numéro'),
    (D, 'host: "192.0.2.1:5060"', 'host: sip..operateur.example', 'ne se lit pas'),
    (D, 'host: "192.0.2.1:5060"', 'host: "sip.operateur.example:0"', 'ne se lit pas'),
    (D, 'host: "192.0.2.1:5060"', 'host: sip.operateur.example, register: true', 'usager'),
    (D, '    phone: "sip:101"', '    phone: "sip:101"\n§    encrypted: true', 'TLS'),
    (D, 'host: "192.0.2.1:5060"', 'host: "192.0.2.1", transport: tls, tls_authority: rien.pem',
     'pas là'),
    (D, 'host: "192.0.2.1:5060"', 'host: "192.0.2.1", transport: tls, tls_authority: '
     'secrets.yaml', 'PEM'),
    (D, 'host: "192.0.2.1:5060"', 'host: "192.0.2.1", transport: tls, tls_pin: "AB:CD"', 'SHA-256'),
    (D, 'host: "192.0.2.1:5060"', 'host: "192.0.2.1", transport: tls, tls_key: a.key',
     'pas de certificat'),
    (D, 'host: "192.0.2.1:5060"', 'host: "192.0.2.1", tls_mutual: true', 'transport'),
    (D, 'host: "192.0.2.1:5060"', 'host: "192.0.2.1", srtp: require', 'en clair'),
    (D, 'host: "192.0.2.1:5060"', 'host: "192.0.2.1", srtp: oui', 'oui'),
    (D, 'host: "192.0.2.1:5060"', 'host: sip.operateur.example, user: "a b"', 'signes'),
    (D, 'host: "192.0.2.1:5060"', 'host: 192.0.2.1, channels: 4, outbound: 4', 'voies'),
    (D, 'host: "192.0.2.1:5060"', 'host: "192.0.2.1:99999"', 'lit'),
    (D, 'host: "192.0.2.1:5060"', 'host: "192.0.2.1", priority: 0', 'priority'),
    (D, 'host: "192.0.2.1:5060"', 'host: "192.0.2.1", priority: premier', 'priority'),
    (D, 'host: "192.0.2.1:5060"', 'host: "192.0.2.1", channels: 1000000', 'channels'),
    (D, 'host: "192.0.2.1:5060"', 'host: "192.0.2.1", outbound: 2', 'voies'),
    (D, 'host: "192.0.2.1:5060"', 'host: "0.0.0.0"', 'personne'),
    (D, 'host: "192.0.2.1:5060"', 'hote: "192.0.2.1:5060", host: "192.0.2.7"', 'hote'),
    (D, 'host: "[2001:db8::1]:5060"', 'host: "192.0.2.1"', 'déjà'),
    (D, '{ id: secours,', '{ id: operateur,', 'déjà'),
]

FLOW_CASES = [
    (F, 'english: true', 'english: yes please', 'english'),
    (F, 'english: true', 'anglais: true', 'anglais'),
    (F, 'max_repeat: 1', 'max_repeat: 9', 'max_repeat'),
    (F, 'general: personne', 'general: personn', 'personne'),
    (F, 'general: personne', 'general: choix', 'file'),
    (F, 'closed: ferme', 'closed: personne', 'fermeture'),
    (F, 'closed: ferme\n', '', 'closed', 'english'),
    (F, 'play: [greet.org, greet.english]', 'play: [greet.orga]', 'greet.org'),
    (F, 'play: [greet.org, greet.english]', 'play: [greet.demo, greet.org]', 'démonstration'),
    (F, 'play: [greet.org, greet.english]', 'play: []', 'annonces'),
    (F, 'play: [greet.org, greet.english]', 'play: greet.org', 'annonces'),
    (F, 'play: [greet.org, greet.english]', 'play: [[greet.org]]', 'annonce'),
    (F, 'next: choix', 'next: chois', 'choix'),
    (F, ', next: choix', '', 'next'),
    (F, 'next: choix', 'next: bonjour', 'rond'),
    (F, '  - { id: bonjour, play', '  - { id: choix, play', 'déjà', '- id: choix'),
    (F, '{ id: civil, queue', '{ id: Civil, queue', 'identifiant'),
    (F, '{ id: urbanisme, queue: urbanisme }', '{ id: urbanisme }', 'étape'),
    (F, '{ id: urbanisme, queue: urbanisme }', '{ id: urbanisme, queue: urbanism }', 'urbanisme'),
    (F, '{ id: urbanisme, queue: urbanisme }', '{ id: urbanisme, queue: urbanisme, next: choix }',
     'next'),
    (F, '{ id: urbanisme, queue: urbanisme }',
     '{ id: urbanisme, queue: urbanisme, closed: [closed.bye] }', 'à la fois'),
    (F, '{ id: urbanisme, queue: urbanisme }', '{ queue: urbanisme }', 'nom'),
    (F, 'slow: menu.main.slow', 'slow: menu.main.lent', 'annonce'),
    (F, 'keys: { 1: civil, 2: urbanisme }', 'keys: { 1: civil, 8: urbanisme }', 'touche'),
    (F, 'keys: { 1: civil, 2: urbanisme }', 'keys: { 1: civil, 12: urbanisme }', 'touche'),
    (F, 'keys: { 1: civil, 2: urbanisme }', 'keys: { 1: civil, 2: urbain }', 'urbain'),
    (F, 'keys: { 1: civil, 2: urbanisme }', 'keys: { 1: civil, 1: urbanisme }', 'déjà'),
    (F, 'keys: { 1: civil, 2: urbanisme }', 'keys: []', 'choix'),
    (F, 'keys: { 1: civil, 2: urbanisme }', 'keys: { 1: civil, 2: urbanisme', '', NEAR),
    (F, '    menu: [menu.main]', '    menue: [menu.main]', ''),
]

SECRET_CASES = [
    (X, 'token: "0123456789abcdef"', 'token: court', 'token'),
    (X, 'token: "0123456789abcdef"', 'token: "0123456789 abcdef"', 'requête'),
    (X, 'api: { token: "0123456789abcdef" }\n', '§', 'api'),
    (X, 'api: {', 'apis: {', 'api'),
    (X, '  - id: a01', '  - id: a09', 'a01'),
    (X, 'secret: "ligne-101-x"', 'secret: court', 'secret'),
    (X, 'secret: "ligne-101-x"', "secret: 'ligne-\"101\"'", 'signes'),
    (X, '    secret: "ligne-101-x"\n', '', 'secret', '- id: a01'),
    (X, 'code: "4821"', 'code: "48"', 'code'),
    (X, 'code: "4821"', 'code: "48a1"', 'code'),
    (X, 'code: "4821"', 'code: "482148214"', 'code'),
    (X, 'code: "4822" }', 'secret: "ligne-102-x" }', 'ligne'),
    (X, '{ id: a02, code: "4822" }', '{ id: a02 }', 'a02'),
    (X, '{ id: a02, code: "4822" }', '{ id: a01, code: "4822" }', 'déjà'),
    (X, '{ id: a02, code: "4822" }', '{ code: "4822" }', 'id'),
    (X, 'code: "4822" }', 'pin: "4822" }', ''),
    (X, 'agents:', 'trunks: [{ id: operatuer, secret: s }]\nagents:', 'operateur'),
    (X, 'agents:', 'trunks: [{ id: operateur, secret: s }]\nagents:', 'usager'),
    (X, 'agents:', 'trunks: [{ id: operateur }]\nagents:', 'secret'),
    (X, 'agents:', 'trunks: oui\nagents:', 'liste'),
]

# On the files of the demonstration: fiction and production never meet.
DEMO_CASES = [
    (D, 'host: "127.0.0.1:5070"', 'host: "192.0.2.1:5070"', 'démonstration'),
    (D, 'host: "127.0.0.1:5070"', 'host: "10.0.0.1"', 'démonstration'),
    (D, 'demo: true', 'demo: false', 'fiction', '"05 36 49 00 10"'),
    (D, 'demo: true ', 'démo: true ', 'démo'),
    (D, ', accessible: demo_toujours', '', '2017-875', 'number: "05 36 49 00 10"'),
    (D, 'ecrit:        { lun-ven: "08:30-18:00" }', 'ecrit:        { lun-ven: "08:30-17:59" }',
     'lundi de 17:59 à 18:00', 'hours: plateforme'),
    (D, '@Courvelles"', '@Courvelle"', 'passage'),
    (D, 'needs: [illettrisme]', 'needs: [ilettrisme]', 'illettrisme'),
    (D, 'Orvallon 96300', 'Orvallon 9630', 'postal'),
    (D, 'shared_lines: ["05 36 49 00 60"]', 'shared_lines: ["05 36 49 00 11"]', 'nos numéros'),
    (D, 'tariff: normal, flow: accueil, hours: plateforme',
     'tariff: surtaxe, flow: accueil, hours: plateforme', ''),
    ('flows/direct_retraite.yaml', 'play: [greet.demo, greet.org]', 'play: [greet.org]',
     'démonstration'),
]

ALL = (SETTINGS_CASES + ORGANISATION_CASES + NUMBER_CASES + HOURS_CASES + EXCEPTION_CASES +
       SERVICE_CASES + SITE_CASES + AGENT_CASES + LINE_CASES + FLOW_CASES + SECRET_CASES)
