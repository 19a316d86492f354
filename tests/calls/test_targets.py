"""A case that leads on: to another fiche, to a sector, to an outside body; and not knowing."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from allo3939.accounts.models import Secteur
from calls import desk, escalate, record
from calls.models import OrientationDonnee
from knowledge.compose import compose
from knowledge.target import find_target

HTMX = {"headers": {"HX-Request": "true"}}
CIBLES = {
    "fiche": {"fiche": "A39-0003"},
    "secteur": {"secteur": "travail"},
    "exterieur": {
        "exterieur": {
            "titre": "Défenseur des droits",
            "telephone": "3928",
            "url": "https://www.defenseurdesdroits.fr",
        }
    },
}


@pytest.fixture
def travail(db):
    return Secteur.objects.create(slug="travail", nom="Travail", ordre=2, numero_transfert="39399")


@pytest.fixture
def leading(make_fiche, travail, secteur):
    """A fiche whose cases lead to each kind of target, in the order of `CIBLES`; then an answer;
    « Ne sait pas » is the last."""
    make_fiche("A39-0003", titre="Saisir le médiateur")
    choices = [*CIBLES, "reponse"]
    return make_fiche(
        "A39-0001",
        titre="Litige",
        secteur=secteur,
        parcours={
            "questions": [
                {
                    "code": "q",
                    "texte": "De quoi s'agit-il ?",
                    "choix": [{"code": code, "libelle": code.title()} for code in choices],
                    "aide": "Regardez le contrat.",
                }
            ],
            "issues": [
                *(
                    {
                        "titre": code,
                        "si": {"q": [code]},
                        "a_dire": f"Je vous dis {code}.",
                        "cible": cible,
                    }
                    for code, cible in CIBLES.items()
                ),
                {"titre": "réponse", "si": {"q": ["reponse"]}, "a_dire": "Voici."},
                {"titre": "à chercher", "inconnu": True, "a_dire": "Rappelez-nous."},
            ],
        },
    )


@pytest.fixture
def at_case(client, demande, leading):
    """Open the fiche and answer; the html that the console answers, ordinary spaces."""

    def choose(code):
        rank = 5 if code == "nsp" else [*CIBLES, "reponse"].index(code) + 1
        record.open_fiche(demande, fiche=leading)
        response = client.post(reverse("console-choix"), {"choix": rank}, **HTMX)
        return response.content.decode().replace("\xa0", " ")

    return choose


def test_a_case_may_open_another_fiche_in_the_same_call(client, at_case, demande):
    html = at_case("fiche")
    assert "Saisir le médiateur" in html
    address = reverse("console-suite")
    assert f'hx-post="{address}"' in html
    assert 'hx-vals=\'{"reference": "A39-0003"}\'' in html
    assert 'data-a39-touche="Enter"' in html

    client.post(address, {"reference": "A39-0003"}, **HTMX)

    first, second = demande.consultations.all()
    assert [first.fiche.reference, second.fiche.reference] == ["A39-0001", "A39-0003"]
    assert second.depuis == first


def test_a_fiche_archived_meanwhile_is_not_offered(at_case, leading, make_fiche):
    type(leading).objects.filter(reference="A39-0003").update(etat="archivee")
    html = at_case("fiche")
    assert "A39-0003, qui n'est plus publiée" in html.replace("&#x27;", "'")
    assert '"reference": "A39-0003"' not in html


def test_a_case_may_designate_the_sector_and_the_sentence(client, at_case, demande, travail):
    html = at_case("secteur")
    assert "Secteur <b>Travail</b>" in html
    assert "Secteur : Travail" in html

    panel = client.get(reverse("console-escalade"), **HTMX).content.decode()

    first = panel.index('value="travail"')
    assert first < panel.index('value="justice"')
    assert "checked" in panel[first : panel.index('value="justice"')]
    assert "Je vous dis secteur." in panel
    assert "vers Travail" in panel.replace("\xa0", " ")


def test_the_fiches_own_sector_comes_second(at_case, demande, travail, secteur, leading):
    at_case("secteur")
    cible = find_target({"secteur": "travail"})
    assert [route.secteur.slug for route in escalate.routes(leading, cible=cible)][:2] == [
        "travail",
        "justice",
    ]


def test_the_sentence_said_is_the_cases_own_for_its_sector_only(at_case, demande, travail, secteur):
    at_case("secteur")
    consultation = demande.consultations.get()
    there = escalate.request(
        demande, secteur=travail, motif="trop_complexe", fiche=consultation.fiche
    )
    assert escalate.sentence(there) == "Je vous dis secteur."
    there.secteur = secteur
    assert "informateur du secteur Justice" in escalate.sentence(there)


def test_a_question_closed_at_a_sectors_case_counts_for_that_sector(at_case, demande, travail):
    at_case("secteur")
    record.close(demande.appel, outcome="RE")
    demande.refresh_from_db()
    assert demande.secteur == travail


def test_an_outside_body_is_dictated_then_given(client, at_case, demande):
    html = at_case("exterieur")
    for words in ("Défenseur des droits", "39 28", "https://www.defenseurdesdroits.fr"):
        assert words in html
    assert record.propose_outcome(demande) == "RE"

    html = client.post(reverse("console-exterieur"), **HTMX).content.decode()

    given = demande.orientations.get()
    assert str(given) == "Défenseur des droits"
    assert given.dit == "Défenseur des droits, 3928, https://www.defenseurdesdroits.fr"
    assert 'id="issue-OR" type="radio" name="issue" value="OR" data-a39-code="OR" checked' in html
    assert "Défenseur des droits · donné" in html
    assert reverse("console-exterieur") not in html
    assert escalate.describe_card(demande)["organismes"] == ["Défenseur des droits"]

    client.post(reverse("console-exterieur"), **HTMX)
    assert demande.orientations.count() == 1
    record.close(demande.appel, outcome="OR")


def test_nothing_is_given_where_no_outside_body_is_named(client, at_case, demande):
    at_case("reponse")
    response = client.post(reverse("console-exterieur"), **HTMX)
    assert response.status_code == 422
    assert not OrientationDonnee.objects.exists()


def test_giving_outside_a_call_changes_nothing(client, login):
    login()
    assert client.post(reverse("console-exterieur"), **HTMX).status_code == 422
    assert not OrientationDonnee.objects.exists()


@pytest.mark.parametrize("role", ["informateur", "redacteur", "superviseur"])
def test_only_level_1_gives(client, login, role, secteur):
    login(role)
    assert client.post(reverse("console-exterieur")).status_code == 403


def test_an_answer_has_no_target(at_case):
    assert 'class="cible"' not in at_case("reponse")


def test_not_knowing_goes_into_the_log_with_its_question(at_case, demande):
    html = at_case("nsp")
    assert demande.consultations.get().situation == ["De quoi s'agit-il\xa0: ne sait pas"]
    assert "Regardez le contrat." in html
    assert "Rappelez-nous." in html


def test_the_console_offers_not_knowing_on_the_zero(client, demande, leading):
    record.open_fiche(demande, fiche=leading)
    html = client.get(reverse("console")).content.decode()
    assert 'value="5"' in html
    assert 'data-a39-chiffre="9"' in html


def test_the_desk_costs_one_more_query_at_most_for_a_target(login, demande, leading):
    counts = []
    for rank in (4, 1, 2, 3):
        consultation = record.open_fiche(demande, fiche=leading)
        record.choose(consultation, rank=rank)
        with CaptureQueriesContext(connection) as queries:
            desk.read_desk(demande.appel.agent)
        counts.append(len(queries))
    assert counts == [counts[0], counts[0] + 1, counts[0] + 1, counts[0]]


def test_the_database_refuses_an_orientation_to_nobody_or_to_two(demande, make_organisme):
    common = {"demande": demande, "donnee_le": demande.commence_le}
    for fields in ({}, {"organisme": make_organisme(), "exterieur": "Autre"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            OrientationDonnee.objects.create(**common, **fields)


@pytest.mark.usefixtures("always_open")
def test_a_case_of_an_escalation_fiche_leads_on_too(client, demande, leading, make_fiche, secteur):
    escalade = make_fiche(
        "A39-0009",
        nature="escalade",
        titre="Litige au travail",
        cible=secteur,
        a_dire="Je vous passe la justice.",
        definition="Un différend avec l'employeur.",
        exemples_dans=["Mon patron ne paie pas."],
        exemples_hors=["Où est l'inspection ? → annuaire"],
        confondu_avec=["travail"],
        parcours=leading.parcours,
    )
    escalade.contenu = compose(escalade)
    escalade.save()
    record.open_fiche(demande, fiche=escalade)
    html = client.get(reverse("console")).content.decode().replace("\xa0", " ")
    for words in ("Un différend avec l", "Mon patron ne paie pas.", "<b>Travail</b>"):
        assert words in html
    panel = client.get(reverse("console-escalade"), **HTMX).content.decode()
    for words in (
        "Je vous passe la justice.",
        "Mon patron ne paie pas.",
        "À ne pas confondre avec",
    ):
        assert words in panel

    client.post(reverse("console-choix"), {"choix": 2}, **HTMX)

    panel = client.get(reverse("console-escalade"), **HTMX).content.decode()
    assert "Je vous dis secteur." in panel
    assert panel.index('value="travail"') < panel.index('value="justice"')
