"""The history of a fiche: who, why, word by word, as of an instant, and back to a version."""

import re
from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from allo3939.accounts.enums import Role
from knowledge.models import Fiche, Proposition
from knowledge.publish import withdraw
from tests.knowledge.test_admin import approved, approved_by, edited, theme, typed, written

__all__ = ["theme", "typed"]  # fixtures


def two_versions(client, typed):
    fiche = approved(client, typed)
    written(client, fiche, "_soumettre", a_dire="Vous déposez le dossier en ligne.",
            importance="changement", motif="Téléservice")  # fmt: skip
    approved_by(Proposition.objects.get(etat="a_relire"))
    return Fiche.objects.get(pk=fiche.pk)


def history(client, fiche, **query):
    html = client.get(reverse("admin:knowledge_fiche_history", args=[fiche.pk]), query)
    return html.content.decode().replace("\xa0", " ")


def test_each_line_tells_who_why_and_how_much_it_matters(client, login, typed):
    login(Role.REDACTEUR, poste="Poste 9")
    fiche = two_versions(client, typed)
    html = history(client, fiche)
    for told in ("Poste 9", "Téléservice", "Changement de réponse", "Fiche à écrire"):
        assert told in html


def test_what_a_line_changed_is_shown_word_by_word(client, login, typed):
    login(Role.REDACTEUR)
    fiche = two_versions(client, typed)
    html = history(client, fiche, ligne=fiche.history.first().history_id)
    assert re.search(r"<ins>.*ligne\.", html)
    assert re.search(r"<del>.*chez un notaire\.", html)
    assert "<ins>" not in history(client, fiche, ligne="x")


def test_what_agents_had_at_any_instant(client, login, typed):
    login(Role.REDACTEUR)
    fiche = two_versions(client, typed)
    rows = list(fiche.history.all())
    day = timedelta(days=1)
    for age, row in enumerate(rows):
        row.history_date = timezone.now() - day * (2 * age + 1)
        row.save()

    def at(days):
        typed = timezone.localtime(timezone.now() - day * days).strftime("%Y-%m-%dT%H:%M")
        return history(client, fiche, le=typed)

    assert "les agents avaient la version 2" in at(0)
    assert "les agents avaient la version 1" in at(2)
    assert "ne trouvaient pas cette fiche : elle était brouillon" in at(4)
    assert "n'existait pas" in at(90)
    withdraw(fiche, by=None)
    archived = fiche.history.first()
    archived.history_date = timezone.now() - timedelta(minutes=2)
    archived.save()
    assert "elle était archivée" in at(0)
    assert "Cet instant est à venir" in at(-1)
    assert "avaient" not in at(-1).partition("Montrer")[2].partition("<table")[0]
    assert "Écrivez une date" in history(client, fiche, le="2026-99-99T10:00")


def test_a_past_version_is_read_as_agents_had_it(client, login, typed):
    login(Role.REDACTEUR)
    fiche = two_versions(client, typed)
    first = fiche.history.filter(version=1, etat="publiee").get()
    url = reverse("admin:knowledge_fiche_simple_history", args=[fiche.pk, first.history_id])
    assert "chez un notaire" in client.get(url).content.decode()
    assert client.post(url, {"titre": "x"}).status_code == 405
    other = reverse("admin:knowledge_fiche_simple_history", args=[fiche.pk, 999_999])
    assert client.get(other).status_code == 404


def test_going_back_to_a_version_is_a_proposition(client, login, typed):
    login(Role.REDACTEUR)
    fiche = two_versions(client, typed)
    first = fiche.history.filter(version=1, etat="publiee").get()
    url = reverse("admin:knowledge_fiche_history", args=[fiche.pk])
    assert client.post(url, {"_revenir": "999999"}).status_code == 404
    response = client.post(url, {"_revenir": first.history_id})
    assert response.url == reverse("admin:knowledge_fiche_change", args=[fiche.pk])
    assert edited(client, fiche)["a_dire"].endswith("chez un notaire.")
    assert Proposition.objects.in_writing().get().origine == "retour"
    fiche.refresh_from_db()
    assert fiche.version == 2
    again = client.post(url, {"_revenir": first.history_id}, follow=True)
    assert "Vous écrivez déjà une proposition" in again.content.decode()


def test_the_page_costs_the_same_queries_for_two_and_twenty_versions(client, login, typed):
    login(Role.REDACTEUR)
    fiche = two_versions(client, typed)
    history(client, fiche)
    with CaptureQueriesContext(connection) as few:
        history(client, fiche)
    for number in range(20):
        fiche.titre, fiche.version = f"Titre {number}", 3 + number
        fiche.save()
    with CaptureQueriesContext(connection) as many:
        history(client, fiche)
    assert len(few) == len(many)


def test_nobody_else_reads_it(client, login, typed):
    login(Role.REDACTEUR)
    fiche = approved(client, typed)
    login(Role.PARTENAIRE, username="du secteur")
    url = reverse("admin:knowledge_fiche_history", args=[fiche.pk])
    assert client.get(url).status_code == 403
