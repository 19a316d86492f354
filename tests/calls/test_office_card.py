"""The card of an office in the console, and the commune that leads to it."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from lxml import html

from calls import record
from calls.desk import Guichet
from calls.models import Appel
from orientation.hours import Ouverture
from orientation.models import Commune, Organisme
from orientation.templatetags import annuaire

HTMX = {"headers": {"HX-Request": "true"}}
WEEK = [{"jour": day, "debut": "09:00", "fin": "12:00", "commentaire": ""} for day in range(7)]


def text(source):
    return " ".join(html.fromstring(source).text_content().split()).replace("\u00a0", " ")


def card(**fields):
    body = {
        "id": uuid.uuid4(),
        "nom": "Mairie - Le Mans",
        "types": ["mairie"],
        "commune_nom": "Le Mans",
        "departement_code": "72",
        "adresse": {"lignes": ["Place Saint-Pierre"], "code_postal": "72000", "commune": "Le Mans"},
    }
    known = {name: fields.pop(name) for name in list(fields) if hasattr(Organisme, name)}
    guichet = Guichet(Organisme(**(body | known)), **fields)
    return text(render_to_string("orientation/_organisme_carte.html", {"guichet": guichet}))


def test_the_card_says_the_office_then_how_to_reach_it():
    shown = card(
        phrase="La mairie du Mans est ouverte jusqu'à 12 h.",
        ouverture=Ouverture("ouvert"),
        garantie="competence",
        pourquoi="compétence déclarée pour Le Mans",
        telephones=[{"numero": "0261910101", "description": "standard"}],
        courriels=["mairie@exemple.fr"],
        sites=["https://www.lemans.fr/"],
        formulaires=["https://www.lemans.fr/contact"],
        plages=[day | {"commentaire": "Sur rendez-vous"} for day in WEEK],
    )
    parts = (
        *(
            "Ouvert",
            "À DIRE La mairie du Mans est ouverte jusqu'à 12 h.",
            "02 61 91 01 01 standard",
        ),
        *("mairie@exemple.fr", "Formulaire de contact", "www.lemans.fr", "Place Saint-Pierre"),
        *("Il faut prendre rendez-vous.", "d'ordinaire : 9 h – 12 h", "Lundi"),
        *("Compétence déclarée pour Le Mans", "Date de mise à jour inconnue"),
    )
    places = [shown.find(part) for part in parts]
    assert -1 not in places
    assert places == sorted(places)


def test_unknown_hours_are_told_by_words_and_not_only_by_a_colour():
    shown = card(phrase="Je n'ai pas d'horaires sûrs.", ouverture=Ouverture("inconnu"))
    assert "Horaires à vérifier" in shown
    assert "Pas d'horaires dans l'annuaire." in shown
    assert "l'annuaire ne dit pas s'il en faut un" in shown


@pytest.mark.parametrize(
    ("pourquoi", "reason"),
    [
        ("", "Compétence non garantie même commune"),
        (
            "même département, à 12 km, compétence non garantie",
            "Compétence non garantie même département, à 12 km ·",
        ),
    ],
)
def test_a_competence_that_is_not_guaranteed_is_labelled(pourquoi, reason):
    assert reason in card(garantie="commune", pourquoi=pourquoi)


def test_a_body_found_by_search_says_nothing_of_its_competence():
    assert "ompétence" not in card()


def test_the_card_tells_how_old_it_is(make_agent):
    agent = make_agent("redacteur", poste="Poste 3")
    when = timezone.localtime().replace(year=2026, month=3, day=2)
    shown = card(source_modifiee_le=when, verifie_le=when, verifie_par=agent)
    assert f"Vérifié le 2 mars 2026 par {agent.designation}" in shown
    assert "Mis à jour par la source le 2 mars 2026" in shown


@pytest.mark.parametrize(
    ("sentence", "kept"),
    [
        ("ouvre à 13 h 30.", "ouvre à 13\u00a0h\u00a030."),
        ("jusqu'à 19 h ; ensuite", "jusqu'à 19\u00a0h ; ensuite"),
        ("3 heures", "3 heures"),
    ],
)
def test_an_hour_is_never_cut_at_the_end_of_a_line(sentence, kept):
    assert annuaire.insecable(sentence) == kept


# --- The way to it ------------------------------------------------------------------------------


def ask(client, words):
    response = client.post(reverse("console-communes"), {"commune": words}, **HTMX)
    return text(response.content.decode())


def test_each_line_of_the_list_tells_the_communes_apart(client, appel, commune):
    shown = ask(client, "le mans")
    for part in ("Le Mans", "72000, 72100", "Sarthe (72)", "145 000 hab."):
        assert part in shown.replace("\u202f", " ")


def test_a_guess_is_marked_for_the_keyboard_to_wait(client, appel, commune):
    response = client.post(reverse("console-communes"), {"commune": "le mens"}, **HTMX)
    assert "data-a39-verifier" in response.content.decode()
    response = client.post(reverse("console-communes"), {"commune": "le mans"}, **HTMX)
    assert "data-a39-verifier" not in response.content.decode()


def test_a_cedex_is_explained(client, appel, commune):
    assert "72039 est un code CEDEX" in ask(client, "72039 cedex 9")


def test_a_name_of_no_commune_says_what_to_do(client, appel, commune):
    assert "vérifiez l'orthographe, ou donnez le code postal" in ask(client, "xyzzy")


def test_the_commune_is_kept_for_the_call_and_forgotten_with_it(client, appel, commune, login):
    client.post(reverse("console-commune", args=[commune.pk]), **HTMX)
    record.close(Appel.objects.get(), outcome="AB")

    client.post(reverse("console-appel"), **HTMX)

    assert Appel.objects.open().get().commune is None
    assert 'value="Le Mans"' not in client.get(reverse("console")).content.decode()


def test_the_sentence_shown_is_the_one_recorded(
    client, demande, fiche_reponse, commune, make_organisme
):
    make_organisme()
    record.choose(record.open_fiche(demande, fiche=fiche_reponse), rank=1)

    response = client.post(reverse("console-commune", args=[commune.pk]), **HTMX)

    said = demande.orientations.get().dit
    assert said.startswith("La mairie du Mans est ouverte")
    assert said in text(response.content.decode())
    assert 'data-a39-dicter="#dictee-' in response.content.decode()


def queries(client, address):
    with CaptureQueriesContext(connection) as captured:
        client.post(address, **HTMX)
    return len(captured)


def test_as_many_queries_for_one_body_as_for_six_and_whoever_verified_it(
    client, demande, fiche_reponse, commune, make_organisme, make_agent
):
    first = make_organisme()
    record.choose(record.open_fiche(demande, fiche=fiche_reponse), rank=1)
    alone = reverse("console-commune", args=[commune.pk])
    given = reverse("console-organisme", args=[first.pk])
    queries(client, alone)
    counts = queries(client, alone), queries(client, given)

    Organisme.objects.update(verifie_le=timezone.now(), verifie_par=make_agent("redacteur"))
    for rank in range(5):
        make_organisme(f"Mairie annexe {rank}")
    assert (queries(client, alone), queries(client, given)) == counts


def test_a_body_chosen_among_several_leaves_the_fiche_as_it_is(
    client, demande, fiche_reponse, commune, make_organisme
):
    make_organisme("Mairie annexe")
    chosen = make_organisme()
    record.choose(record.open_fiche(demande, fiche=fiche_reponse), rank=1)
    client.post(reverse("console-commune", args=[commune.pk]), **HTMX)
    given = reverse("console-organisme", args=[chosen.pk])

    response = client.post(given, headers={"HX-Request": "true", "HX-Target": "lieu"})

    page = response.content.decode()
    assert page.lstrip().startswith('<section id="lieu"')
    assert 'id="lecture"' not in page
    assert f'id="lieu-{chosen.pk}"' in page
    assert '<ol id="demandes" class="demandes" hx-swap-oob="true">' in page
    assert 'id="journal"' not in page  # nor the note being written
    assert demande.orientations.get().organisme == chosen
    assert f"- {chosen.nom}" in page  # what is copied says it too


def test_another_commune_settles_in_as_many_queries(
    client, demande, fiche_reponse, commune, make_organisme
):
    make_organisme()
    record.choose(record.open_fiche(demande, fiche=fiche_reponse), rank=1)
    other = Commune.objects.create(
        code_insee="72003", nom="Allonnes", nom_recherche="allonnes", type="commune-actuelle",
        departement=commune.departement, codes_postaux=["72700"],
    )  # fmt: skip
    client.post(reverse("console-commune", args=[commune.pk]), **HTMX)
    assert demande.orientations.count() == 1

    client.post(reverse("console-commune", args=[other.pk]), **HTMX)

    assert Appel.objects.get().commune == other
    assert not demande.orientations.filter(donnee_le__lt=timezone.now() - timedelta(days=1))
    assert "Le Mans (72)" not in [str(item.commune) for item in demande.orientations.all()]
