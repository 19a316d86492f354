"""What the form of a proposition asks while it is typed: to be kept, to find fiches to link."""

import pytest
from django.urls import reverse

from allo3939.accounts.enums import Role
from allo3939.accounts.models import Secteur
from knowledge.models import Fiche, Proposition
from tests.knowledge.test_admin import CHANGE, approved, create, edited, theme, typed, written

__all__ = ["theme", "typed"]  # fixtures
SAVE = "edition-enregistrer"


def save(client, fiche=None, **fields):
    return client.post(reverse(SAVE, args=[fiche.reference] if fiche else []), fields)


def test_what_is_typed_is_kept_at_a_pause(client, login, typed):
    login(Role.REDACTEUR)
    fiche = approved(client, typed)
    sent = edited(client, fiche) | {"a_dire": "Vous déposez le dossier."}
    told = save(client, fiche, **sent).json()
    assert told["revision"] == 1
    assert told["etat"].startswith("Enregistré à ")
    assert Proposition.objects.in_writing().get().champs == {"a_dire": "Vous déposez le dossier."}
    again = save(client, fiche, **sent | {"revision": 1, "a_dire": "Vous le déposez."}).json()
    assert again["revision"] == 2
    fiche.refresh_from_db()
    assert fiche.version == 1


def test_nothing_changed_opens_nothing(client, login, typed):
    login(Role.REDACTEUR)
    fiche = approved(client, typed)
    assert save(client, fiche, **edited(client, fiche)).json()["etat"] == "Rien à enregistrer."
    assert not Proposition.objects.in_writing().exists()


def test_a_new_fiche_is_created_by_its_first_saving(client, login, typed):
    login(Role.REDACTEUR)
    assert save(client, **typed | {"titre": " "}).status_code == 422
    told = save(client, **typed).json()
    fiche = Fiche.objects.get()
    assert told["page"] == reverse(CHANGE, args=[fiche.pk])
    assert told["adresses"]["enregistrer"] == reverse(SAVE, args=[fiche.reference])
    assert Proposition.objects.get().champs["a_dire"].startswith("Vous déposez")


def test_a_field_that_is_not_valid_is_kept_as_typed(client, login, typed):
    login(Role.REDACTEUR)
    fiche = approved(client, typed)
    told = save(client, fiche, **edited(client, fiche) | {"verifiee_le": "hier"}).json()
    assert told["etat"].endswith("À corriger\u00a0: Saisissez une date valide.")
    assert Proposition.objects.in_writing().get().saisie["verifiee_le"] == ["hier"]
    assert edited(client, fiche)["verifiee_le"] == "hier"


def test_another_window_is_told_and_nothing_is_lost(client, login, typed):
    login(Role.REDACTEUR)
    fiche = approved(client, typed)
    stale = edited(client, fiche)
    written(client, fiche, titre="La première")
    refused = save(client, fiche, **stale | {"titre": "La seconde"})
    assert refused.status_code == 409
    assert "autre fenêtre" in refused.json()["etat"]
    assert Proposition.objects.in_writing().get().champs == {"titre": "La première"}


def test_who_else_writes_is_told_at_each_saving(client, login, typed):
    login(Role.REDACTEUR)
    fiche = approved(client, typed)
    login(Role.REDACTEUR, username="autre", poste="Poste 7")
    written(client, fiche, titre="Le sien")
    login(Role.REDACTEUR, username="troisième")
    told = save(client, fiche, **edited(client, fiche) | {"a_dire": "Le mien."}).json()
    for words in ("Poste 7", "brouillon", "titre"):
        assert words in told["autres"]


def test_a_partenaire_keeps_what_the_sector_owns_and_no_more(client, login, typed, make_agent):
    login(Role.REDACTEUR)
    fiche = approved(client, typed)
    other = Secteur.objects.create(slug="fiscalite", nom="Fiscalité", ordre=5)
    sent = edited(client, fiche) | {"titre": "Le sien", "secteur": other.pk}
    login(Role.PARTENAIRE, username="du secteur")
    assert save(client, fiche, **sent).status_code == 200
    assert Proposition.objects.in_writing().get().champs == {"titre": "Le sien"}
    login(Role.PARTENAIRE, username="d'ailleurs", secteur=other)
    for name in ("enregistrer", "controle", "apercu", "dessin"):
        url = reverse(f"edition-{name}", args=[fiche.reference])
        assert client.post(url, sent).status_code == 404


@pytest.mark.parametrize("role", [Role.TELECONSEILLER, Role.SUPERVISEUR, Role.ADMINISTRATEUR])
def test_nobody_else_writes(client, login, typed, role):
    login(role)
    assert save(client, **typed).status_code == 403
    assert client.get(reverse("edition-liens"), {"q": "pacs"}).status_code == 403
    assert not Fiche.objects.exists()


def test_fiches_to_link_are_found_by_their_words(client, login, typed):
    login(Role.REDACTEUR)
    approved(client, typed)
    create(client, typed | {"titre": "Un brouillon de Pacs"}, "_save")
    url = reverse("edition-liens")
    found = client.get(url, {"q": "conclure pacs"}).json()["fiches"]
    assert found == [{"reference": "A39-1001", "titre": "Conclure un Pacs"}]
    assert client.get(url, {"q": " "}).json()["fiches"] == []
    assert client.post(url).status_code == 405
