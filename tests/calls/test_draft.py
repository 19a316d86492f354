"""From a call to the fiche that did not do."""

import pytest
from django.urls import reverse

from allo3939.accounts.models import Secteur
from calls import draft, escalate, record
from calls.models import Transfert
from knowledge.models import Fiche, Proposition


@pytest.fixture
def fiche(make_fiche, secteur):
    return make_fiche(
        "A39-0002", titre="Succession contestée", nature="escalade", cible=secteur,
        secteur=secteur, definition="Désaccord entre héritiers.", mots_cles=["héritage"],
    )  # fmt: skip


@pytest.fixture
def informateur(login):
    return login("informateur")


@pytest.fixture
def transfert(make_agent, secteur, fiche, informateur):
    """Accepted by the informateur; the line of the conseiller is already through the guard."""
    appel = record.pick_up(make_agent("teleconseiller", poste="Poste 214"))
    demande = record.current_question(appel)
    record.open_fiche(demande, fiche=fiche, words="partage bloqué entre frères")
    asked = escalate.request(
        demande,
        secteur=secteur,
        motif="fiche_insuffisante",
        fiche=fiche,
        precision="rien sur l'indivision",
    )
    escalate.accept(asked, by=informateur)
    return Transfert.objects.for_card().get(pk=asked.pk)


def address(transfert):
    return reverse("secteur-ecrire", args=[transfert.pk])


def test_correcting_the_fiche_opens_a_proposition_filled_from_the_call(
    client, transfert, informateur, fiche
):
    answer = client.post(address(transfert), {"reference": "A39-0002"})

    assert answer.url == reverse("redaction-fiche", args=["A39-0002"])
    proposition = Proposition.objects.get()
    assert (proposition.auteur, proposition.fiche, proposition.origine) == (
        informateur,
        fiche,
        "appel",
    )
    assert proposition.champs == {"mots_cles": ["héritage", "partage bloqué entre frères"]}
    assert proposition.motif == "Un appel\u00a0: rien sur l'indivision"
    assert proposition.contexte["question"] == "partage bloqué entre frères"
    assert proposition.contexte["motif"] == "Fiche insuffisante"


def test_nothing_that_identifies_goes_with_it(client, transfert):
    carte = transfert.carte | {
        "question": "Mme Martin Lucie 06 12 34 56 78 partage",
        "dit": "Votre dossier, Mme Martin Lucie.",
        "situation": ["Rappeler au 06 12 34 56 78"],
    }
    Transfert.objects.update(carte=carte, precision="rappeler lucie.martin@exemple.fr")

    client.post(address(transfert), {"reference": "A39-0002"})

    proposition = Proposition.objects.get()
    kept = f"{proposition.contexte} {proposition.champs} {proposition.motif}"
    for text in ("Martin", "06 12", "lucie", "Le Mans", "Poste 214"):
        assert text not in kept
    assert set(proposition.contexte) == {"question", "situation", "dit", "motif", "precision"}


def test_a_fiche_that_is_missing_is_begun_in_the_sector(client, transfert, secteur):
    answer = client.post(address(transfert))

    created = Fiche.objects.get(etat="brouillon")
    assert answer.url == reverse("redaction-fiche", args=[created.reference])
    assert (created.secteur, created.nature) == (secteur, "reponse")
    proposition = created.propositions.get()
    assert created.titre == "Partage bloqué entre frères"
    assert proposition.champs["mots_cles"] == ["partage bloqué entre frères"]
    assert proposition.motif == "Un appel\u00a0: rien sur l'indivision"


def test_asked_twice_it_is_begun_once(client, transfert):
    for _ in range(2):
        client.post(address(transfert))
        client.post(address(transfert), {"reference": "A39-0002"})

    assert Proposition.objects.count() == 2
    assert Fiche.objects.filter(etat="brouillon").count() == 1


def test_what_the_agent_was_writing_is_left_as_it_is(client, transfert, informateur, fiche):
    from knowledge import propose

    proposition = propose.open_proposition(fiche, by=informateur)
    edited = propose.as_typed(proposition)
    edited.titre = "Un titre en cours"
    propose.save(proposition, by=informateur, edited=edited, lue=None, revision=0, motif="à moi")

    client.post(address(transfert), {"reference": "A39-0002"})

    kept = Proposition.objects.get()
    assert (kept.champs, kept.motif, kept.contexte) == (
        {"titre": "Un titre en cours"},
        "à moi",
        {},
    )


def test_a_fiche_of_another_sector_is_not_found(client, transfert, make_fiche, make_secteur):
    make_fiche("A39-0009", secteur=make_secteur("fiscalite"))
    make_fiche("A39-0010")

    for reference in ("A39-0009", "A39-0010", "A39-0999"):
        assert client.post(address(transfert), {"reference": reference}).status_code == 404
    assert client.post(address(transfert), {"reference": "<script>"}).status_code == 400
    assert not Proposition.objects.exists()


def test_a_call_that_somebody_else_took_is_not_found(client, login, transfert):
    login("informateur", username="collègue")
    assert client.post(address(transfert)).status_code == 404
    other = Secteur.objects.create(slug="x", nom="X", numero_transfert="1")
    login("informateur", username="ailleurs", secteur=other)
    assert client.post(address(transfert)).status_code == 404


def test_the_card_in_hand_and_the_closed_calls_lead_to_their_fiche(client, transfert, informateur):
    page = client.get(reverse("secteur")).content.decode()
    assert "Corriger A39-0002" in page
    assert "Écrire la fiche" in page

    escalate.transfer(transfert, by=informateur, mode="transfert")
    escalate.finish(transfert, by=informateur, result="repondu", level_1="non")
    page = client.get(reverse("secteur")).content.decode()
    assert "Corriger A39-0002" in page
    assert "Écrire la fiche" not in page

    Transfert.objects.update(niveau_1="fiche_a_creer")
    assert "Écrire la fiche" in client.get(reverse("secteur")).content.decode()


def test_the_fiches_of_twenty_calls_are_found_in_one_query(
    transfert, informateur, django_assert_num_queries
):
    with django_assert_num_queries(1):
        found = draft.attach_fiches([transfert] * 20, agent=informateur)
    assert {fiche.reference for each in found for fiche in each.corrigeables} == {"A39-0002"}
