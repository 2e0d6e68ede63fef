#!/usr/bin/env python3
"""admin.py — who administers, in a real browser: a thing is changed by a form and is in force, what
is wrong changes nothing and is told in its place, two people do not overwrite each other, the
history says who and goes back, words of others stay words.

  admin.py DECROCHE DEMO PEERS [CASE…]
"""
import http.client
import json
import os
import sys
from pathlib import Path

import sms
from accounts import PASSWORD, add
from browser import Browser
from robots import wait_until
from screens import Screens, signs_in
from sms import check

HOME, HERS = "/administration", "cinq autres mots bien longs"
PAGES = ("", "/services", "/horaires", "/fermetures", "/personnes", "/lieux", "/numeros",
         "/operateurs", "/fiches", "/fiche-reponse", "/fiche-reponse?nom=rappel",
         "/sms", "/conservation", "/operateurs",
         "/phrases", "/phrases-en", "/phrases?cherche=greet", "/phrase?nom=greet.org",
         "/phrase?nom=connect.now&voix=en", "/phrase?nom=music.wait",
         "/fichiers", "/historique", "/comptes", "/compte", "/compte?nom=admin",
         "/fiche?liste=services",
         "/fichier?nom=annuaire", "/fichier?nom=parcours-accueil", "/version?n=1",
         "/essai?parcours=accueil", "/essai?parcours=accueil&touches=n2")
NO_PAGES = ("/rien", "/fiche?liste=rien", "/fiche?liste=services&ligne=1", "/essai?parcours=rien",
            "/essai?parcours=accueil&touches=%3Cb%3E",
            "/essai?parcours=accueil&touches=" + 65 * "n",
            "/fiche-reponse?nom=rien", "/fiche-reponse?nom=../secrets",
            "/fichier?nom=fiche-rien", "/fichier?nom=secrets", "/fichier?nom=../secrets",
            "/version?n=999", "/compte?nom=personne", "/phrases-de",
            "/phrase?nom=rien", "/phrase?nom=../x", "/son.wav?nom=rien")
PEERS = None


class Office:
    """A house, and an administrator who is signed in."""

    def __init__(self, decroche, demo, changes=None, **how):
        self.house, self.browser = Screens(decroche, demo, changes), Browser(PEERS)
        self.how = how

    def __enter__(self):
        self.house.__enter__()
        self.browser.__enter__()
        add(self.house, "admin", "administrator")
        self.browser.open(url=self.house.url("/connexion"), **self.how)
        signs_in(self.browser, self.house, "admin", PASSWORD)
        check(wait_until(lambda: self.browser.where() == HOME, 5, 0.1), self.browser.where())
        return self

    def __exit__(self, *why):
        self.browser.__exit__(*why)
        self.house.__exit__(*why)

    def go(self, path):
        return self.browser.go(url=self.house.url(HOME + path))

    def names(self):
        client = http.client.HTTPConnection(*self.house.http, timeout=10)
        client.request("GET", "/api/v1/queues", headers=self.house.headers)
        said = json.load(client.getresponse())
        client.close()
        return [q["name"] for q in said["queues"]]

    @property
    def directory(self):
        return self.house.home / "directory.yaml"


def sound(office, where):
    faults = office.browser.axe()
    check(faults == [], f"{where}: {faults}")


def every_page_is_sound_for_everybody(decroche, demo):
    with Office(decroche, demo) as office:
        check(wait_until(lambda: office.go("/version?n=1") == 200, 10, 0.2))
        for path in PAGES:
            check(office.go(path) == 200, path)
            sound(office, path)
        check(office.browser.errors() == [])
        for path in NO_PAGES:
            check(office.go(path) == 404, path)
    with Office(decroche, demo, width=320, height=640) as office:
        for path in PAGES:
            office.go(path)
            check(office.browser.wide() <= 0, (path, office.browser.wide()))


def change_first(office, page, **fields):
    """Opens the form of the first thing of a list, fills it in, saves."""
    office.go(page)
    office.browser.click(at=".things a")
    for key, text in fields.items():
        office.browser.fill(at=f"[name='f.{key}']", text=text)


def a_form_changes_the_file_and_what_is_in_force(decroche, demo):
    with Office(decroche, demo) as office:
        before = office.directory.read_text()
        change_first(office, "/services", name="Accueil & \"premier\" contact")
        office.browser.fill(at="#note", text="le nom de l’affiche")
        office.browser.click(at="button[value=essayer]")
        office.browser.until(at=".notice", has="Tout est juste")
        check(office.directory.read_text() == before)
        sound(office, "tried")
        office.browser.click(at="button[value=enregistrer]")
        office.browser.until(at=".notice", has="en vigueur")
        check('Accueil & "premier" contact' in office.names(), office.names())
        now = office.directory.read_text()
        changed = [(a, b) for a, b in zip(before.split("\n"), now.split("\n")) if a != b]
        check(len(changed) == 1 and before.count("\n") == now.count("\n"), changed)
        office.go("/historique")
        row = office.browser.texts(at="tbody tr:first-child td")
        check(row[2] == "admin" and row[3] == "annuaire" and "affiche" in row[4], row)
        office.browser.click(at="tbody a")
        check("Accueil et orientation" in office.browser.text(at=".old"))
        sound(office, "a difference")
        office.go("/historique")
        office.browser.click(at="tbody tr:has-text('annuaire'):not(:first-child) a")
        office.browser.click(at="main form button")
        office.browser.until(at=".notice", has="en vigueur")
        check(office.directory.read_text() == before)
        check("Accueil et orientation" in office.names(), office.names())
        office.go("/comptes")
        check("annuaire, version" in office.browser.text(at="section:last-of-type"))
        office.go("/services")      # the same once more
        office.browser.click(at=".things a")
        office.browser.click(at="button[value=enregistrer]")
        office.browser.until(at=".notice", has="Rien n’était à changer")


def what_is_wrong_changes_nothing_and_is_kept_in_the_form(decroche, demo):
    with Office(decroche, demo) as office:
        before = office.directory.read_text()
        change_first(office, "/personnes", skills="sante, inconnue", phone="sip:102")
        office.browser.click(at="button[value=enregistrer]")
        office.browser.until(at=".warning", has="Rien n’a changé")
        told = office.browser.text(at=".warning")
        check("directory.yaml, ligne" in told and "inconnue" in told and
              "a déjà cette ligne" in told, told)
        check("warning" in office.browser.focus(), office.browser.focus())
        check(office.browser.run(expression="document.querySelector(\"[name='f.skills']\").value")
              == "sante, inconnue")
        sound(office, "refused")
        check(office.directory.read_text() == before)
        change_first(office, "/services", name="<script>alert(1)</script>'\" \\ =1+1")
        office.browser.click(at="button[value=enregistrer]")
        office.browser.until(at=".notice", has="en vigueur")
        check("<script>alert(1)</script>" in office.browser.text(at=".things h2"))
        check(office.names()[0] == "<script>alert(1)</script>'\" \\ =1+1", office.names())
        office.browser.go(url=office.house.url("/administration/version?n=1"))
        sound(office, "words of others")


def two_people_do_not_overwrite_each_other(decroche, demo):
    with Office(decroche, demo) as office:
        change_first(office, "/services", name="Le nôtre")
        text = office.directory.read_text().replace("name: Retraite", "name: Retraites")
        office.directory.write_text(text)
        office.browser.click(at="button[value=enregistrer]")
        office.browser.until(at=".warning", has="entre-temps")
        check(office.directory.read_text() == text)
        change_first(office, "/services", name="Le nôtre")
        office.browser.click(at="button[value=enregistrer]")
        office.browser.until(at=".notice", has="en vigueur")
        check({"Le nôtre", "Retraites"} <= set(office.names()), office.names())
        office.go("/historique")    # what was done by hand stands there too
        rows = [r.split("\t") for r in office.browser.texts(at="tbody tr")]
        check(rows[0][2] == "admin" and rows[1][2] == "sur la machine", rows[:3])


def things_come_and_go(decroche, demo):
    with Office(decroche, demo) as office:
        office.go("/fermetures")
        office.browser.click(at="a.button")
        office.browser.fill(at="[name='f.date']", text="2027-05-07")
        office.browser.fill(at="[name='f.published']", text="2027-03-01")
        office.browser.run(expression="document.querySelector(\"[name='f.reason']\").value = "
                                      "'exceptionnel'")
        office.browser.click(at="button[value=enregistrer]")
        office.browser.until(at=".notice, .warning", has=" ")
        check("en vigueur," in office.browser.text(at=".notice, .warning"),
              office.browser.text(at=".notice, .warning"))
        check("2027-05-07" in office.browser.text(at=".things li:last-child"))
        office.browser.click(at=".things li:last-child a")
        office.browser.click(at="button[value=retirer]")
        office.browser.until(at=".notice", has="en vigueur")
        check("2027-05-07" not in office.browser.text(at=".things"))
        office.go("/horaires")
        office.browser.click(at="a.button")
        office.browser.fill(at="#nom", text="nocturne")
        office.browser.fill(at="[name='f.jeu']", text="18:00-21:00")
        office.browser.click(at="button[value=essayer]")
        office.browser.until(at=".notice, .warning", has="changé")
        check("nocturne: { jeu: \"18:00-21:00\" }" not in office.directory.read_text())


def a_file_is_typed_over(decroche, demo):
    with Office(decroche, demo) as office:
        office.go("/fichier?nom=parcours-accueil")
        flow = office.house.home / "flows/accueil.yaml"
        before = flow.read_text()
        office.browser.fill(at="#texte", text=before.replace(":", " ", 1))
        office.browser.click(at="button[value=enregistrer]")
        office.browser.until(at=".warning", has="accueil.yaml, ligne")
        check(flow.read_text() == before)
        office.browser.fill(at="#texte", text="# essayé par la page\n" + before)
        office.browser.click(at="button[value=enregistrer]")
        office.browser.until(at=".notice", has="en vigueur")
        check(flow.read_text() == "# essayé par la page\n" + before)


def a_flow_is_tried_with_keys_and_with_none(decroche, demo):
    with Office(decroche, demo) as office:
        office.go("/fichiers")
        office.browser.click(at="a[href='/administration/essai?parcours=accueil']")
        check("Sans toucher une touche, on attend quelqu’un au bout de" in
              office.browser.text(at=".lead"), office.browser.text(at=".lead"))
        for n, key in enumerate(("n", "1", "2", "n"), 1):
            office.browser.press(keys=[key])
            office.browser.until(at=f".heard li:nth-child({n + 1})", has="")
        heard = office.browser.texts(at=".heard li")
        check("touche 1" in heard[1] and "Retraite" in heard[-1], heard)
        check("Attend quelqu’un de" in heard[-1], heard)
        sound(office, "a flow at its end")
        office.go("/essai?parcours=accueil")
        for _ in range(20):
            if not office.browser.texts(at=".keypad"):
                break
            office.browser.click(at="[data-key='N']")
        heard = office.browser.texts(at=".heard li")
        check("Accueil et orientation" in heard[-1] and len(heard) >= 4, heard)
        said = office.browser.text(at="section > p.cure")
        check(office.browser.text(at=".lead").split("de ", 1)[1].strip(". ") in said, said)


def a_folder_that_may_not_be_written_says_so(decroche, demo):
    if os.geteuid() == 0:
        return      # root may write anywhere
    with Office(decroche, demo) as office:
        change_first(office, "/services", name="Le nôtre")
        os.chmod(office.house.home, 0o500)
        try:
            office.browser.click(at="button[value=enregistrer]")
            office.browser.until(at=".warning", has="droit d’écrire")
        finally:
            os.chmod(office.house.home, 0o700)


def an_answer_sheet_comes_changes_and_goes(decroche, demo):
    with Office(decroche, demo) as office:
        office.go("/fiches")
        check("service" in office.browser.text(at=".things li").lower())
        office.browser.click(at="a.button")
        draft = office.browser.run(expression="document.querySelector('#texte').value")
        office.browser.fill(at="#nom", text="Carte perdue")
        office.browser.fill(at="#texte", text=draft)
        office.browser.click(at="button[value=enregistrer]")
        office.browser.until(at=".warning", has="minuscules")
        office.browser.fill(at="#nom", text="essai_e2e")
        office.browser.click(at="button[value=enregistrer]")
        office.browser.until(at=".warning", has="essai_e2e.md, ligne 2")
        text = draft.replace("titre:", "titre: Essai <b>")
        text = text.replace("responsable:", "responsable: Nous")
        office.browser.fill(at="#texte", text=text + "## Suite\n- [ ] dire <i>ceci</i>\n")
        office.browser.click(at="button[value=essayer]")
        office.browser.until(at=".sheet", has="dire <i>ceci</i>")
        sheet = office.house.home / "fiches/essai_e2e.md"
        check(not sheet.exists())
        sound(office, "a sheet is tried")
        office.browser.click(at="button[value=enregistrer]")
        office.browser.until(at=".notice", has="en vigueur")
        check(sheet.exists() and "Essai <b>" in office.browser.text(at=".things"))
        office.browser.click(at="a[href$='nom=essai_e2e']")
        office.browser.click(at="button[value=retirer]")
        office.browser.until(at=".notice", has="en vigueur")
        check(not sheet.exists() and "Essai <b>" not in office.browser.text(at=".things"))
        office.go("/historique")
        rows = [r.split("\t") for r in office.browser.texts(at="tbody tr")]
        check([r[3] for r in rows[:2]] == ["fiche-essai_e2e"] * 2, rows[:3])
        office.browser.click(at="tbody tr:nth-child(2) a")
        office.browser.click(at="main form button")
        office.browser.until(at=".notice", has="en vigueur")
        check("dire <i>ceci</i>" in sheet.read_text())


def an_account_is_opened_changed_and_closed(decroche, demo):
    with Office(decroche, demo) as office:
        office.go("/comptes")
        office.browser.click(at="section a.button")
        office.browser.fill(at="#nom", text="N Vasseur")
        office.browser.fill(at="#affiche", text="Nadège <b>V.</b>")
        office.browser.click(at="[name=agent_role]")
        office.browser.click(at="[name=tout]")
        office.browser.click(at="button[value=ajouter]")
        office.browser.until(at=".warning", has="a-z 0-9")
        office.browser.fill(at="#nom", text="n.vasseur")
        office.browser.click(at="button[value=ajouter]")
        office.browser.until(at=".notice", has="jamais")
        secret = office.browser.text(at="#secret")
        check(len(secret) == 19 and secret.count("-") == 3, secret)
        check(office.browser.text(at="h1") == "n.vasseur")
        sound(office, "a password is shown")
        office.go("/compte?nom=n.vasseur")
        check(secret not in office.browser.text(at="main"))
        with Browser(PEERS) as hers:
            hers.open(url=office.house.url("/connexion"))
            signs_in(hers, office.house, "n.vasseur", secret)
            hers.until(at=".warning", has="provisoire")
            check(hers.axe() == [], hers.axe())
            hers.fill(at="#mot_de_passe", text=secret)
            hers.fill(at="#nouveau", text=HERS)
            hers.fill(at="#encore", text=HERS)
            hers.press(keys=["Enter"])
            check(wait_until(lambda: hers.where() != "/connexion", 5, 0.1), hers.where())
            office.go("/compte?nom=n.vasseur")
            check("Sessions ouvertes : 1" in
                  office.browser.text(at="main").replace("\u00a0", " "))
            office.browser.click(at="button[value=fermer]")
            office.browser.until(at="main", has="Ce compte est fermé")
            hers.go(url=office.house.url("/agent"))
            check(wait_until(lambda: hers.where() == "/connexion", 5, 0.1), hers.where())
        office.browser.fill(at="#lieux", text="nulle_part")
        office.browser.run(expression="document.querySelector('[name=tout]').checked = false")
        office.browser.click(at="button[value=enregistrer]")
        office.browser.until(at=".warning", has="aucun site")
        office.go("/compte?nom=admin")
        office.browser.click(at="button[value=fermer]")
        office.browser.until(at=".warning", has="dernier compte administrateur")
        sound(office, "the last administrator")
        office.go("/comptes")
        log = office.browser.text(at="section:last-of-type")
        check("compte ajouté" in log and "compte fermé" in log, log)
        check("<b>V.</b>" in log, log)


def words_are_typed_spoken_and_taken_back(decroche, demo):
    with Office(decroche, demo, changes={"voice": {"own": "voix"}}) as office:
        office.go("/phrase?nom=greet.org")
        before = office.browser.text(at="blockquote")
        sound(office, "a sentence")
        office.browser.fill(at="#mots", text="Bonjour,\tici la\nmairie <b>neuve</b>.")
        office.browser.click(at="button[value=enregistrer]")
        office.browser.until(at=".notice", has="en vigueur")
        tsv = office.house.home / "voix/fr/text.tsv"
        line = "greet.org\t\tBonjour, ici la mairie <b>neuve</b>.\n"
        check(tsv.read_text() == line, tsv.read_text())
        check(wait_until(lambda: office.go("/phrase?nom=greet.org") == 200 and "synthèse" in
                         office.browser.text(at=".facts"), 15, 0.5))
        check("mairie <b>neuve</b>" in office.browser.text(at="blockquote"))
        sound(office, "a sentence that was spoken")
        played = office.browser.run(expression="""fetch(document.querySelector('audio').src)
            .then(async r => [r.status, r.headers.get('content-type'),
                              (await r.arrayBuffer()).byteLength])""")
        check(played[:2] == [200, "audio/wav"] and played[2] > 8000, played)
        office.browser.fill(at="#mots", text="Autre.")
        office.browser.click(at="button[value=enregistrer]")
        office.browser.until(at=".notice", has="en vigueur")
        check(tsv.read_text() == "greet.org\t\tAutre.\n", tsv.read_text())
        office.go("/historique")
        office.browser.click(at="tbody tr:nth-child(2) a")
        office.browser.click(at="main form button")
        office.browser.until(at=".notice", has="en vigueur")
        check(tsv.read_text() == line, tsv.read_text())
        office.go("/phrase?nom=greet.org")
        office.browser.fill(at="#mots", text="")
        office.browser.click(at="button[value=enregistrer]")
        office.browser.until(at=".notice", has="en vigueur")
        check(not tsv.exists())
        office.go("/phrase?nom=greet.org")
        check(office.browser.text(at="blockquote") == before)


def a_sentence_is_recorded_by_the_microphone(decroche, demo):
    with Office(decroche, demo, changes={"voice": {"own": "voix"}}, microphone=440) as office:
        office.go("/phrase?nom=greet.org")
        sound(office, "a recorder")
        office.browser.click(at=".recorder button")
        office.browser.until(at=".recorder [role=status]", has="Parlez")
        sound(office, "it records")
        check(wait_until(lambda: office.browser.run(
            expression="document.querySelector('.recorder meter').value") > 0, 10, 0.2), "no level")
        check(wait_until(lambda: False, 2.5, 0.5) is False)     # of a tone
        office.browser.click(at=".recorder button:nth-child(2)")
        office.browser.until(at=".recorder [role=status]", has="Rien n’est encore envoyé")
        sound(office, "it has recorded")
        office.browser.click(at=".recorder button:nth-child(4)")
        office.browser.until(at=".notice", has="en vigueur")
        check((office.house.home / "voix/fr/greet.org.wav").exists())
        check("Votre enregistrement" in office.browser.text(at=".facts") or
              "votre" in office.browser.text(at=".facts").lower(),
              office.browser.text(at=".facts"))
        check(office.browser.errors() == [])


def pictures(decroche, demo):
    """Only where somebody looks at them."""
    if os.environ.get("DECROCHE_TEST") != "long":
        return
    folder = Path(PEERS).parent / "screens"
    folder.mkdir(exist_ok=True)
    for name, size in {"1280x800": (1280, 800), "390x844": (390, 844)}.items():
        with Office(decroche, demo, width=size[0], height=size[1]) as office:
            change_first(office, "/services", name="Accueil")
            office.browser.shot(path=str(folder / f"admin-fiche-{name}.png"))
            office.browser.click(at="button[value=enregistrer]")
            office.browser.until(at=".notice", has="en vigueur")
            for page in ("", "/essai?parcours=accueil&touches=n2", "/services", "/historique",
                         "/fichiers", "/comptes", "/fiches", "/compte", "/phrases",
                         "/sms", "/conservation", "/operateurs",
                         "/phrase?nom=greet.org", "/compte?nom=admin", "/fiche-reponse?nom=rappel"):
                office.go(page)
                stem = page.split("?")[0].replace("/", "-")
                office.browser.shot(path=str(folder / f"admin{stem}-{name}.png"))
            office.go("/historique")
            office.browser.click(at="tbody a")
            office.browser.shot(path=str(folder / f"admin-version-{name}.png"))


CASES = [every_page_is_sound_for_everybody, a_form_changes_the_file_and_what_is_in_force,
         what_is_wrong_changes_nothing_and_is_kept_in_the_form,
         two_people_do_not_overwrite_each_other, things_come_and_go, a_file_is_typed_over,
         a_flow_is_tried_with_keys_and_with_none, an_answer_sheet_comes_changes_and_goes,
         an_account_is_opened_changed_and_closed,
         words_are_typed_spoken_and_taken_back, a_sentence_is_recorded_by_the_microphone,
         a_folder_that_may_not_be_written_says_so, pictures]


if __name__ == "__main__":
    PEERS = str(Path(sys.argv.pop(3)).resolve())
    Browser(PEERS).close()      # skips the whole where there is none
    sys.exit(sms.main(CASES))
