"""A sector's people write on a fiche, or a new one, by the rédacteurs' form."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from lxml import html

from knowledge import propose
from knowledge.models import Fiche, Lacune, Proposition, RechercheManquee, Theme

NEW = "/redaction/fiches/nouvelle/"


@pytest.fixture(params=["partenaire", "informateur"])
def agent(request, login):
    return login(request.param)


@pytest.fixture
def fiche(make_fiche):
    return make_fiche()


def address(fiche):
    return reverse("redaction-fiche", args=[fiche.reference])


def fields(content):
    """The form of the page, as a browser would send it."""
    document = html.fromstring(content)
    form = next(each for each in document.forms if "data-a39-edition" in each.attrib)
    return {name: value for name, value in form.form_values() if not name.startswith("_")}


def typed(client, where, **changes):
    return fields(client.get(where).content.decode()) | changes


def text(answer):
    return " ".join(answer.content.decode().split())


def test_what_is_typed_is_kept_then_submitted(client, agent, fiche):
    where = address(fiche)
    data = typed(client, where, a_dire="Demandez l'acte en ligne.", motif="Service en ligne")

    answer = client.post(where, data | {"_enregistrer": "1"})
    assert answer.url == where
    kept = Proposition.objects.get()
    assert (kept.auteur, kept.champs, kept.motif, kept.etat) == (
        agent,
        {"a_dire": "Demandez l'acte en ligne."},
        "Service en ligne",
        "brouillon",
    )

    answer = client.post(where, typed(client, where) | {"_soumettre": "1"})
    kept.refresh_from_db()
    assert (answer.url, kept.etat) == (kept.get_absolute_url(), "a_relire")
    fiche.refresh_from_db()
    assert fiche.a_dire == "L'acte se demande à la mairie du lieu de naissance."


def test_looking_at_the_form_opens_nothing(client, agent, fiche):
    client.get(address(fiche))
    client.post(address(fiche), typed(client, address(fiche)) | {"_enregistrer": "1"})
    assert not Proposition.objects.exists()


def test_the_owner_is_not_in_the_form(client, agent, fiche):
    data = typed(client, address(fiche))
    assert "secteur" not in data
    assert "titre" in data


def test_themes_of_other_sectors_are_not_offered(client, agent, fiche, autre):
    Theme.objects.create(code="impots", titre="Taxe foncière", secteur=autre)
    Theme.objects.create(code="niveau-1", titre="Vie courante")
    page = text(client.get(address(fiche)))
    assert "Taxe foncière" not in page
    assert "Vie courante" in page


def test_what_keeps_it_from_being_submitted_is_said_and_what_is_typed_is_kept(client, agent, fiche):
    data = typed(client, address(fiche), a_dire=" ".join(["mot"] * 90))
    answer = client.post(address(fiche), data | {"_soumettre": "1"})
    assert answer.status_code == 422
    assert "Dites en quelques mots pourquoi." in text(answer)
    assert Proposition.objects.get().champs["a_dire"].count("mot") == 90


def test_a_new_fiche_is_the_sectors_draft(client, agent, secteur):
    answer = client.post(NEW, typed(client, NEW, titre="Livret perdu") | {"_enregistrer": "1"})
    created = Fiche.objects.get()
    assert answer.url == address(created)
    assert (created.titre, created.secteur, created.etat) == (
        "Livret perdu",
        secteur,
        "brouillon",
    )
    assert client.get(reverse("fiche", args=[created.reference])).status_code == 404


def test_what_a_reviewer_asks_is_above_the_form(client, agent, fiche, write, relectrice):
    proposition = write(agent, fiche, submit=True, titre="Autre titre")
    propose.send_back(proposition, by=relectrice, commentaire="Citez l'article.")
    page = text(client.get(address(fiche)))
    assert "À corriger, dit Poste 2 · Paris" in page
    assert "Citez l&#x27;article." in page


def test_one_that_waits_is_told(client, agent, fiche, write):
    proposition = write(agent, fiche, submit=True, titre="Autre titre")
    page = text(client.get(address(fiche)))
    assert "Vous avez déjà une proposition sur cette fiche" in page
    assert proposition.get_absolute_url() in page


def test_others_who_write_are_told(client, agent, fiche, write, relectrice):
    write(relectrice, fiche, titre="Titre de la rédaction")
    page = text(client.get(address(fiche)))
    assert "travaille sur cette fiche" in page
    assert "<b>Poste 2 · Paris</b>" in page


def test_a_collision_leads_to_the_merge(client, agent, fiche, write, relectrice):
    write(relectrice, fiche, titre="Titre de la rédaction", submit=True)
    data = typed(client, address(fiche), titre="Mon titre", motif="Plus court")
    answer = client.post(address(fiche), data | {"_soumettre": "1"})
    mine = Proposition.objects.get(auteur=agent)
    assert answer.url == reverse("redaction-proposition-fusion", args=[mine.pk])


def test_a_second_window_is_told_and_overwrites_nothing(client, agent, fiche, write):
    write(agent, fiche, titre="Un titre")
    data = typed(client, address(fiche), titre="Perdu")
    write(agent, fiche, titre="Un titre plus long")
    answer = client.post(address(fiche), data | {"_enregistrer": "1"})
    assert answer.status_code == 409
    assert "autre fenêtre" in text(answer)
    assert Proposition.objects.get().champs == {"titre": "Un titre plus long"}


def test_it_is_taken_back_from_the_form(client, agent, fiche, write):
    proposition = write(agent, fiche, titre="Autre titre")
    answer = client.post(address(fiche), typed(client, address(fiche)) | {"_retirer": "1"})
    proposition.refresh_from_db()
    assert (answer.url, proposition.etat) == (proposition.get_absolute_url(), "retiree")


def test_of_an_imported_fiche_only_what_the_desk_adds_is_written(client, agent, secteur):
    imported = Fiche.objects.create(
        reference="F1432", nature="reponse", origine="service_public", titre="Acte",
        secteur=secteur, etat="publiee", publiee_le="2026-01-01T00:00Z",
    )  # fmt: skip
    where = address(imported)
    data = typed(client, where, note="Dire le délai.", motif="Demandé souvent", titre="Forcé")
    client.post(where, data | {"_soumettre": "1"})
    kept = Proposition.objects.get()
    assert (kept.etat, kept.champs) == ("a_relire", {"note": "Dire le délai."})


def test_what_a_call_said_stands_above_the_form(client, agent, fiche):
    propose.open_proposition(
        fiche, by=agent, origine="appel", contexte={"question": "partage bloqué", "precision": ""}
    )
    page = text(client.get(address(fiche)))
    assert "Née d'un appel" in page
    assert "« partage bloqué »" in page


def test_another_sectors_fiche_is_not_found(client, agent, make_fiche, autre):
    for fiche in (make_fiche("A39-0902", owner=autre), make_fiche("A39-0903", owner=None)):
        assert client.get(address(fiche)).status_code == 404
        assert client.post(address(fiche), {"titre": "Forcé"}).status_code == 404


def test_queries_of_the_form_are_constant(client, login, fiche, make_agent, write):
    login("partenaire")

    def asked():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address(fiche)).status_code == 200
        return len(queries)

    def fill(numbers):
        for n in numbers:
            write(make_agent("informateur", username=f"collègue {n}"), fiche, titre=f"Titre {n}")

    fill([0])
    one = asked()
    fill(range(1, 20))
    assert asked() == one


def test_a_gap_of_the_sector_is_filled_on_its_fiche_or_by_a_new_one(client, agent, fiche, secteur):
    lacking = Lacune.objects.create(titre="Acte perdu", cles=["acte"], fiche=fiche)
    none = Lacune.objects.create(titre="Livret de famille perdu", cles=["livret"])
    RechercheManquee.objects.create(
        texte="livret perdu", genre="pas_de_fiche", cle="livret", fiche=fiche, lacune=none,
        le=timezone.now(),
    )  # fmt: skip

    answer = client.post(reverse("redaction-lacune", args=[lacking.pk]))
    assert answer.url == address(fiche)
    answer = client.post(reverse("redaction-lacune", args=[none.pk]))
    created = Fiche.objects.get(etat="brouillon")
    assert answer.url == address(created)
    assert (created.titre, created.secteur) == ("Livret de famille perdu", secteur)
    assert "livret perdu" in text(client.get(address(created)))


def test_a_gap_of_another_sector_is_not_found(client, agent, make_fiche, autre):
    elsewhere = Lacune.objects.create(
        titre="Ailleurs", cles=["x"], fiche=make_fiche("A39-0902", owner=autre)
    )
    alone = Lacune.objects.create(titre="Nulle part", cles=["y"])
    for lacune in (elsewhere, alone):
        assert client.post(reverse("redaction-lacune", args=[lacune.pk])).status_code == 404
    assert not Proposition.objects.exists()
