"""What an agent says of a body: fixed rules, nothing guessed."""

import tomllib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from orientation.hours import PARIS, Ouverture, opening
from orientation.models import Fermeture, Organisme
from orientation.say import access, in_place, name, of_place, sentence, sur_rendez_vous

PHONE = [{"numero": "0199003052", "description": ""}]


def plage(jour, debut, fin, commentaire=""):
    return {"jour": jour, "debut": debut, "fin": fin, "commentaire": commentaire}


VILLAGE = [plage(1, "09:00", "12:00"), plage(1, "18:00", "19:00"), plage(2, "09:00", "12:00")]


def at(*moment):
    return datetime(*moment, tzinfo=PARIS)


def body(nom="Mairie - Fontaine-le-Port", kind="mairie", commune="Fontaine-le-Port", **fields):
    given = {"etat": "present", "telephones": PHONE, "plages": VILLAGE} | fields
    return Organisme(nom=nom, types=[kind] if kind else [], commune_nom=commune, **given)


def said(moment, organisme=None, **options):
    organisme = organisme or body()
    found = opening(
        organisme.plages, at=moment, commentaire=organisme.commentaire_plages, **options
    )
    return sentence(organisme, found, at=moment).replace("\u00a0", " ")


def test_an_open_body_is_said_open_until_when_and_when_next():
    assert said(at(2026, 11, 24, 18, 30)) == (
        "La mairie de Fontaine-le-Port est ouverte jusqu'à 19 h ; ensuite, demain à 9 h."
    )


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (at(2026, 11, 24, 14), "est fermée ; elle ouvre aujourd'hui à 18 h."),
        (at(2026, 11, 28, 14), "est fermée ; elle ouvre mardi à 9 h."),
        (
            at(2026, 12, 25, 10),
            "est fermée aujourd'hui, jour férié (Noël) ; elle ouvre mardi à 9 h.",
        ),
    ],
)
def test_a_closed_body_says_when_it_opens(moment, expected):
    assert said(moment) == f"La mairie de Fontaine-le-Port {expected}"


def test_a_far_day_is_said_in_full():
    christmas = body(commentaire_plages="Fermé du 20 décembre au 3 janvier")
    assert said(at(2026, 12, 18, 18), christmas).endswith("; elle ouvre mardi 5 janvier à 9 h.")
    august = body(plages=[plage(6, "09:00", "12:00")], commentaire_plages="Fermé en juillet")
    assert said(at(2027, 7, 3, 18), august).endswith("; elle ouvre dimanche 1er août à 9 h.")


def test_a_strike_is_named():
    strike = Fermeture(
        motif="grève nationale", du=at(2026, 11, 24), au=at(2026, 11, 25), certitude="ferme"
    )
    assert said(at(2026, 11, 24, 10), fermetures=[strike]) == (
        "La mairie de Fontaine-le-Port est fermée (grève nationale) ; elle ouvre demain à 9 h."
    )
    strike.certitude = "a_verifier"
    assert said(at(2026, 11, 24, 10), fermetures=[strike]) == (
        "Je n'ai pas d'horaires sûrs pour la mairie de Fontaine-le-Port (grève nationale) : "
        "mieux vaut appeler avant de vous déplacer. Prochaine ouverture sûre : demain à 9 h."
    )
    # At night it is closed whoever works.
    assert said(at(2026, 11, 24, 23), fermetures=[strike]) == (
        "La mairie de Fontaine-le-Port est fermée ; elle ouvre demain à 9 h."
    )


def test_hours_that_are_not_sure_are_never_said_open():
    unsure = body(plages=[plage(1, "18:00", "19:00", "hors vacances scolaires")])
    assert said(at(2026, 11, 24, 18, 30), unsure) == (
        "Je n'ai pas d'horaires sûrs pour la mairie de Fontaine-le-Port : "
        "mieux vaut appeler avant de vous déplacer."
    )
    assert said(at(2026, 11, 24, 10), unsure) == (
        "La mairie de Fontaine-le-Port est fermée ; elle ouvre en principe aujourd'hui à 18 h : "
        "mieux vaut appeler avant de vous déplacer."
    )


def test_without_a_phone_one_is_not_told_to_call():
    assert said(at(2026, 11, 24, 10), body(plages=[], telephones=[])).endswith(
        "mieux vaut vérifier avant de vous déplacer."
    )


def test_without_any_opening_ahead_none_is_promised():
    assert said(at(2026, 11, 24, 10), body(plages=[plage(0, "", "", "fermé")])) == (
        "La mairie de Fontaine-le-Port est fermée. "
        "Je n'ai pas d'heure d'ouverture sûre : mieux vaut appeler avant de vous déplacer."
    )


def test_what_never_closes_is_said_so():
    always = body(
        "Commissariat de police - Nîmes",
        "commissariat_police",
        "Nîmes",
        plages=[plage(day, "00:00", "23:59") for day in range(7)],
    )
    assert said(at(2026, 12, 25, 3), always) == (
        "Le commissariat de police de Nîmes est ouvert en permanence."
    )


def test_overseas_hours_are_said_to_be_local():
    reunion = body("Caisse d'allocations familiales (CAF) de La Réunion", "caf", "Saint-Denis")
    # 7 h in Paris, 10 h in Saint-Denis.
    moment = datetime(2026, 11, 24, 6, tzinfo=UTC)
    assert said(moment, reunion, departement="974") == (
        "La CAF de La Réunion est ouverte jusqu'à 12 h (heure locale) ; "
        "ensuite, aujourd'hui à 18 h (heure locale)."
    )


def test_a_body_gone_from_the_directory_is_said_so():
    gone = body(etat="disparu")
    assert sentence(gone, Ouverture("inconnu"), at=at(2026, 11, 24, 10)) == (
        "La mairie de Fontaine-le-Port ne figure plus dans l'annuaire officiel."
    )


@pytest.mark.parametrize(
    ("nom", "kind", "commune", "expected"),
    [
        ("Caisse primaire d'assurance maladie (CPAM) - Melun", "cpam", "Melun", "la CPAM de Melun"),
        (
            "Caisse primaire d'assurance maladie (CPAM) de la Sarthe - Le Mans",
            *("cpam", "Le Mans", "la CPAM du Mans"),
        ),
        (
            "France Services - Grenoble (Itinérant)",
            *("msap", "Grenoble", "l'espace France services itinérant de Grenoble"),
        ),
        (
            "Mission locale pour l‘insertion professionnelle et sociale des jeunes (16-25 ans) "
            "- Paris - 1er 2e",
            *("mission_locale", "Paris", "la mission locale de Paris, 1er 2e"),
        ),
        ("Préfecture de la Sarthe", "prefecture", "Le Mans", "la préfecture de la Sarthe"),
        ("Tribunal judiciaire - Orléans", "tj", "Orléans", "le tribunal judiciaire d'Orléans"),
        (
            "Ordre des avocats - Barreau de Tours",
            *("ordre_avocats", "Tours", "l'ordre des avocats de Tours"),
        ),
        ("Point-justice - Les Lilas", "point_justice", "Les Lilas", "le point-justice des Lilas"),
        (
            "Mairie annexe de la Gare - Tours",
            *("mairie", "Tours", "la mairie annexe de la Gare de Tours"),
        ),
        (
            "Mairie déléguée - Bâgé-la-Ville",
            *("mairie_com", "Bâgé-Dommartin", "la mairie déléguée de Bâgé-la-Ville"),
        ),
        (
            "Archives départementales - Sarthe",
            *("ad", "Le Mans", "les archives départementales (Sarthe)"),
        ),
        (
            "Service des impôts des particuliers (SIP) - Le Havre Cedex",
            *("sip", "Le Havre Cedex", "le service des impôts des particuliers du Havre"),
        ),
        ("Mairie", "mairie", "Les Lilas", "la mairie aux Lilas"),
        ("Bibliothèque", "bibli", "", "cet organisme, «\u00a0Bibliothèque\u00a0»,"),
        # Neither the kind nor the place is guessed.
        ("Chose - Tours", "inconnu", "Tours", "cet organisme, «\u00a0Chose - Tours\u00a0»,"),
        ("Chose - Tours", "mairie", "Tours", "cet organisme, «\u00a0Chose - Tours\u00a0»,"),
        ("Chose", "", "Tours", "cet organisme, «\u00a0Chose\u00a0»,"),
    ],
)
def test_a_body_is_named_as_one_says_it(nom, kind, commune, expected):
    assert name(body(nom, kind, commune)).text == expected


def test_sentences_agree_with_their_subject():
    archives = body("Archives départementales de la Sarthe", "ad", "Le Mans")
    assert said(at(2026, 11, 24, 10), archives).startswith(
        "Les archives départementales de la Sarthe sont ouvertes jusqu'à 12 h"
    )
    assert said(at(2026, 11, 24, 14), archives).endswith("; elles ouvrent aujourd'hui à 18 h.")
    assert said(at(2026, 11, 24, 10), body("Chose", "inconnu")).startswith(
        "Cet organisme, « Chose », est ouvert jusqu'à 12 h"
    )
    assert "pour cet organisme, « Chose » :" in said(
        at(2026, 11, 24, 10), body("Chose", "inconnu", plages=[])
    )


@pytest.mark.parametrize(
    ("place", "of", "where"),
    [
        ("Melun", "de Melun", "à Melun"),
        ("Orléans", "d'Orléans", "à Orléans"),
        ("Évreux", "d'Évreux", "à Évreux"),
        ("Œuilly", "d'Œuilly", "à Œuilly"),
        ("Le Mans", "du Mans", "au Mans"),
        ("Les Lilas", "des Lilas", "aux Lilas"),
        ("La Rochelle", "de La Rochelle", "à La Rochelle"),
        ("L'Haÿ-les-Roses", "de L'Haÿ-les-Roses", "à L'Haÿ-les-Roses"),
        ("Hyères", "d'Hyères", "à Hyères"),
        ("Haguenau", "de Haguenau", "à Haguenau"),
        ("Yvetot", "d'Yvetot", "à Yvetot"),
        ("Yutz", "de Yutz", "à Yutz"),
        ("Lens", "de Lens", "à Lens"),
        ("Lestrem", "de Lestrem", "à Lestrem"),
    ],
)
def test_places_are_elided_and_contracted(place, of, where):
    assert (of_place(place), in_place(place)) == (of, where)


def test_every_kind_that_has_a_label_is_said():
    fixtures = Path(settings.BASE_DIR) / "fixtures"
    read = {
        file: tomllib.loads((fixtures / file).read_text(encoding="utf-8"))
        for file in ("types_service.toml", "dire_organismes.toml")
    }
    spoken = [code for kinds in read["dire_organismes.toml"].values() for code in kinds]
    assert sorted(spoken) == sorted(read["types_service.toml"]["libelles"])
    assert set(read["dire_organismes.toml"]) <= {
        *("feminin", "masculin", "feminin_pluriel", "masculin_pluriel")
    }


STATES = st.builds(
    Ouverture,
    st.sampled_from(["ouvert", "ferme", "inconnu"]),
    st.none() | st.just(at(2026, 11, 24, 19)),
    st.none() | st.just(at(2026, 11, 25, 9)),
    st.text(max_size=20),
    st.booleans(),
    st.sampled_from(["", "grève"]),
    st.sampled_from(["", "Noël"]),
)


@given(st.text(max_size=60), st.sampled_from(["mairie", "ad", "cpam", "zzz"]), st.text(), STATES)
def test_any_name_makes_a_sentence_that_says_open_of_open_bodies_only(nom, kind, commune, state):
    words = sentence(body(nom, kind, commune), state, at=at(2026, 11, 24, 10))
    assert words.endswith(".")
    assert words[:1] == words[:1].upper()
    if "ouvert" not in nom + commune:
        assert (" ouvert" in words and "n'ai" not in words) == (state.etat == "ouvert")


# --- How to reach it ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("comments", "general", "told", "expected"),
    [
        (["", ""], "", "", ""),
        (["Uniquement sur rendez-vous"], "", "", "obligatoire"),
        (["Sur rendez-vous", "sur rdv uniquement."], "", "", "obligatoire"),
        (["Sans rendez-vous"], "", "", "sans"),
        (["Avec ou sans rendez-vous"], "", "", "possible"),
        (["Sur rendez-vous", ""], "", "", "possible"),
        (["Sur rendez-vous", "Sans rendez-vous"], "", "", "possible"),
        (["Uniquement sur rendez-vous l'après-midi"], "", "", "possible"),
        (["", ""], "Accueil du public uniquement sur rendez-vous.", "", "obligatoire"),
        (["", ""], "Prise de rendez-vous obligatoire. Fermé en août.", "", "obligatoire"),
        (["", ""], "", "Le service aide à naître. Sans rendez-vous.", "sans"),
        (["", ""], "", "L'avocat reçoit sur rendez-vous le mardi.", ""),
    ],
)
def test_an_appointment_is_what_the_source_says_and_never_guessed(
    comments, general, told, expected
):
    organisme = body(
        plages=[plage(day, "09:00", "12:00", comment) for day, comment in enumerate(comments)],
        commentaire_plages=general,
        informations=told,
    )
    assert sur_rendez_vous(organisme) == expected


def test_how_to_reach_a_body_is_told_in_short_sentences():
    organisme = body(
        plages=[plage(1, "09:00", "12:00", "Uniquement sur rendez-vous")],
        adresse={"accessibilite": "ACC", "note_accessibilite": "rampe d'accès"},
        formulaires=["https://contact.exemple.fr/1"],
    )
    found = opening(organisme.plages, at=at(2026, 11, 24, 10))
    assert access(organisme, found) == [
        "Il faut prendre rendez-vous.",
        "Téléphone\u00a0: 01 99 00 30 52.",
        "Formulaire de contact\u00a0: https://contact.exemple.fr/1",
        "Accessible en fauteuil roulant\u00a0: rampe d'accès.",
    ]


def test_an_appointment_for_some_hours_is_told_in_the_words_of_the_source():
    afternoon = "Uniquement sur rendez-vous l'après-midi"
    organisme = body(
        plages=[
            plage(0, "14:00", "17:00", "Sur rendez-vous"),
            plage(1, "09:00", "12:00"),
            plage(1, "14:00", "17:00", afternoon),
        ],
        telephones=[],
    )
    now = opening(organisme.plages, at=at(2026, 11, 24, 15))
    assert access(organisme, now) == [f"Rendez-vous\u00a0: «\u00a0{afternoon}\u00a0»."]


def test_nothing_known_nothing_said():
    assert access(body(telephones=[]), Ouverture("ferme")) == []
