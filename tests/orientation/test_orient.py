"""Which bodies serve a commune."""

import pytest

from orientation.models import Commune, Competence
from orientation.orient import competent_bodies


def found(commune, *kinds):
    return [
        (each.organisme.nom, each.type_code, str(each.garantie))
        for each in competent_bodies(commune, kinds=list(kinds))
    ]


def why(commune, *kinds):
    return [
        (each.organisme.nom, each.pourquoi) for each in competent_bodies(commune, kinds=list(kinds))
    ]


def test_the_competent_body_wins_over_the_one_that_stands_nearer(communes, make_organisme):
    make_organisme("CAF d'ici", "caf", insee="77188")
    make_organisme("CAF compétente", "caf", competent=["77188"], insee="72181")
    assert found(communes["77188"], "caf") == [("CAF compétente", "caf", "competence")]


def test_several_competent_bodies_are_all_given_the_likeliest_first(communes, make_organisme):
    for nom in ("CPAM B", "CPAM A"):
        make_organisme(nom, "cpam", competent=["72181"])
    assert [nom for nom, *_ in found(communes["72181"], "cpam")] == ["CPAM B", "CPAM A"]


def test_kinds_are_answered_in_the_order_asked(communes, make_organisme):
    make_organisme("CAF", "caf", competent=["72181"])
    make_organisme("Mairie", "mairie", competent=["72181"])
    kinds = [kind for _, kind, _ in found(communes["72181"], "mairie", "caf", "mairie")]
    assert kinds == ["mairie", "caf"]


def test_an_arrondissement_is_tried_before_its_city(communes, make_organisme):
    make_organisme("Mission du 11e", "mission_locale", competent=["75111"], insee="75111")
    make_organisme("Préfecture de police", "prefecture", competent=["75056"], insee="75056")
    assert found(communes["75111"], "mission_locale", "prefecture") == [
        ("Mission du 11e", "mission_locale", "competence"),
        ("Préfecture de police", "prefecture", "competence"),
    ]


def test_a_city_is_answered_by_its_arrondissements(communes, make_organisme):
    make_organisme("Mission du 11e", "mission_locale", competent=["75111"], insee="75111")
    make_organisme("Mission du 12e", "mission_locale", competent=["75112"], insee="75112")
    assert [nom for nom, *_ in found(communes["75056"], "mission_locale")] == [
        "Mission du 11e",
        "Mission du 12e",
    ]


def test_a_delegated_commune_is_answered_by_the_one_it_is_part_of(communes, make_organisme):
    make_organisme("Mairie de Bâgé", "mairie", competent=["01025"], insee="01025")
    assert found(communes["01144"], "mairie") == [("Mairie de Bâgé", "mairie", "competence")]


@pytest.mark.parametrize(
    ("asked", "held"),
    [("pole_emploi", "france_travail"), ("msap", "france_services"), ("tgi", "tj")],
)
def test_a_code_that_was_renamed_is_the_same_kind(communes, make_organisme, asked, held):
    make_organisme("Le guichet", held, competent=["72181"])
    assert found(communes["72181"], asked) == [("Le guichet", asked, "competence")]


def test_without_competence_the_same_commune_is_said_not_guaranteed(communes, make_organisme):
    make_organisme("CAF voisine", "caf", insee="72181")
    make_organisme("CAF d'Allonnes", "caf", insee="72003")
    assert found(communes["72003"], "caf") == [("CAF d'Allonnes", "caf", "commune")]


def test_else_the_nearest_of_the_departement_three_at_most(communes, make_organisme):
    make_organisme("Mairie", "mairie", insee="72003", latitude=48.0, longitude=0.2)
    for rank, latitude in enumerate((48.4, 48.1, 48.3, 48.2)):
        make_organisme(
            f"France services {rank}", "france_services", latitude=latitude, longitude=0.2
        )
    make_organisme("Sans coordonnées", "france_services")
    make_organisme("D'ailleurs", "france_services", insee="77188", latitude=48.0, longitude=0.2)
    assert found(communes["72003"], "france_services") == [
        ("France services 1", "france_services", "departement"),
        ("France services 3", "france_services", "departement"),
        ("France services 2", "france_services", "departement"),
    ]


def test_a_mairie_of_another_commune_is_never_given(communes, make_organisme):
    make_organisme("Mairie - Le Mans", "mairie", insee="72181")
    assert found(communes["72003"], "mairie") == []


def test_a_body_gone_from_the_source_is_not_given(communes, make_organisme):
    make_organisme("CAF fermée", "caf", competent=["72181"], etat="disparu")
    make_organisme("CAF ouverte", "caf", insee="72181")
    assert found(communes["72181"], "caf") == [("CAF ouverte", "caf", "commune")]


def test_no_kind_asked_no_query(communes, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert competent_bodies(communes["72181"], kinds=[]) == []


@pytest.mark.parametrize("bodies", [1, 20])
def test_four_queries_whatever_the_number_of_bodies(
    communes, make_organisme, bodies, django_assert_num_queries
):
    for rank in range(bodies):
        make_organisme(f"CPAM {rank}", "cpam", competent=["72003"])
        make_organisme(f"CAF {rank}", "caf", latitude=48.0, longitude=0.2)
    with django_assert_num_queries(4):
        assert len(found(communes["72003"], "cpam", "caf")) == bodies + min(bodies, 3)


@pytest.mark.parametrize("bodies", [1, 20])
def test_two_queries_when_the_competence_is_declared(
    communes, make_organisme, bodies, django_assert_num_queries
):
    for rank in range(bodies):
        make_organisme(f"CPAM {rank}", "cpam", competent=["72003"])
    with django_assert_num_queries(2):
        assert len(found(communes["72003"], "cpam")) == bodies


def test_a_competence_row_of_unknown_bodies_falls_back(communes, make_organisme):
    lost = make_organisme("CAF", "caf", insee="72181")
    Competence.objects.create(
        commune_insee="72181", type_code="caf", organismes=["00000000-0000-4000-8000-000000000000"]
    )
    assert found(communes["72181"], "caf") == [(lost.nom, "caf", "commune")]


# --- The likeliest first ------------------------------------------------------------------------


def test_the_one_that_stands_in_the_commune_comes_first_then_the_nearest(communes, make_organisme):
    make_organisme("Mairie", "mairie", insee="72003", latitude=48.0, longitude=0.2)
    for nom, latitude in (("CPAM loin", 48.5), ("CPAM près", 48.1), ("CPAM sans point", None)):
        make_organisme(nom, "cpam", competent=["72003"], latitude=latitude, longitude=0.2)
    make_organisme("CPAM d'Allonnes", "cpam", competent=["72003"], insee="72003")
    assert [nom for nom, *_ in found(communes["72003"], "cpam")] == [
        *("CPAM d'Allonnes", "CPAM près", "CPAM loin", "CPAM sans point"),
    ]


def test_those_that_travel_come_last(communes, make_organisme):
    kind = "france_services"
    make_organisme("France services (Itinérant)", kind, competent=["72181"])
    make_organisme("France services - Allonnes", kind, competent=["72181"], insee="72003")
    assert [nom for nom, *_ in found(communes["72181"], kind)] == [
        *("France services - Allonnes", "France services (Itinérant)"),
    ]


# --- Why ----------------------------------------------------------------------------------------


def test_each_body_says_why_it_is_given(communes, make_organisme):
    make_organisme("Mairie", "mairie", competent=["72003"], insee="72003", latitude=48, longitude=0)
    make_organisme("Mission du 11e", "mission_locale", competent=["75111"], insee="75111")
    make_organisme("Préfecture de police", "prefecture", competent=["75056"], insee="75056")
    make_organisme("CAF d'Allonnes", "caf", insee="72003")
    make_organisme("Point-justice près", "point_justice", latitude=48.1, longitude=0)
    make_organisme("Point-justice loin", "point_justice", latitude=48.3, longitude=0)
    make_organisme("Point-justice", "point_justice")
    assert why(communes["75111"], "mission_locale", "prefecture") == [
        ("Mission du 11e", "compétence déclarée pour Paris 11e"),
        ("Préfecture de police", "compétence déclarée pour Paris"),
    ]
    assert why(communes["75056"], "mission_locale") == [
        ("Mission du 11e", "compétence déclarée pour Paris 11e"),
    ]
    assert why(communes["72003"], "mairie", "caf", "point_justice") == [
        ("Mairie", "compétence déclarée pour Allonnes"),
        ("CAF d'Allonnes", "même commune, compétence non garantie"),
        (
            "Point-justice près",
            "le plus proche du département (11 km), compétence non garantie",
        ),
        ("Point-justice loin", "même département, à 33 km, compétence non garantie"),
        ("Point-justice", "même département, compétence non garantie"),
    ]


# --- Parts of communes, communes merged ---------------------------------------------------------


def test_a_delegated_commune_has_its_own_mairie_beside_that_of_the_whole(communes, make_organisme):
    make_organisme("Mairie - Bâgé-Dommartin", "mairie", competent=["01025"], insee="01025")
    make_organisme("Mairie déléguée - Dommartin", "mairie_com", insee="01144")
    assert why(communes["01144"], "mairie") == [
        ("Mairie - Bâgé-Dommartin", "compétence déclarée pour la commune dont elle fait partie"),
        ("Mairie déléguée - Dommartin", "même commune, compétence non garantie"),
    ]
    assert why(communes["01025"], "mairie") == [
        ("Mairie - Bâgé-Dommartin", "compétence déclarée pour Bâgé-Dommartin"),
    ]


def test_a_declared_mairie_of_a_part_comes_first(communes, make_organisme):
    make_organisme("Mairie - Bâgé-Dommartin", "mairie", competent=["01025"], insee="01025")
    make_organisme("Mairie déléguée", "mairie_com", competent=["01144"], insee="01144")
    assert found(communes["01144"], "mairie") == [
        ("Mairie déléguée", "mairie", "competence"),
        ("Mairie - Bâgé-Dommartin", "mairie", "competence"),
    ]


def test_an_arrondissement_has_its_own_mairie_beside_that_of_the_city(communes, make_organisme):
    make_organisme("Mairie de Paris", "mairie", competent=["75056"], insee="75056")
    make_organisme("Mairie - Paris 11e", "paris_mairie", insee="75111")
    make_organisme("Mairie - Paris 12e", "paris_mairie", insee="75112")
    assert found(communes["75111"], "mairie") == [
        ("Mairie de Paris", "mairie", "competence"),
        ("Mairie - Paris 11e", "mairie", "commune"),
    ]


def test_the_first_four_arrondissements_of_paris_have_one_mairie(communes, make_organisme):
    first = Commune.objects.create(
        code_insee="75101",
        nom="Paris 1er Arrondissement",
        type="arrondissement-municipal",
        departement_id="75",
        parente_id="75056",
    )
    make_organisme("Mairie - Paris Centre", "paris_mairie", insee="75103")
    make_organisme("Mairie - Paris 11e", "paris_mairie", insee="75111")
    assert found(first, "mairie") == [("Mairie - Paris Centre", "mairie", "commune")]
    make_organisme("Mairie de Paris", "mairie", competent=["75056"], insee="75056")
    assert [nom for nom, *_ in found(first, "mairie")] == [
        *("Mairie de Paris", "Mairie - Paris Centre"),
    ]


def test_a_body_still_filed_under_the_code_of_a_commune_merged_since_is_found(
    communes, make_organisme
):
    make_organisme("Trésorerie", "tresorerie", competent=["01144"], insee="01144")
    make_organisme("CAF", "caf", insee="01144")
    assert why(communes["01025"], "tresorerie", "caf") == [
        ("Trésorerie", "compétence déclarée sous son ancien code 01144"),
        ("CAF", "même commune, compétence non garantie"),
    ]
