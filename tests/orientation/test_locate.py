"""The caller's commune, from what was heard."""

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from allo3939.shared.models import Importation
from orientation.locate import find_communes, find_communes_page, fold, normalise
from orientation.models import Commune


def names(text, **options):
    return [f"{commune.nom} {commune.departement_id}" for commune in find_communes(text, **options)]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Le Mans", "Le Mans 72"),
        ("le man", "Le Mans 72"),
        ("mans", "Le Mans 72"),
        ("LE  MANS", "Le Mans 72"),
        ("la suze sur sarthe", "La Suze-sur-Sarthe 72"),
        ("suze s/ sarthe", "La Suze-sur-Sarthe 72"),
        ("souligne flace", "Souligné-Flacé 72"),
        ("st denis 93", "Saint-Denis 93"),
        ("Saint-Denis (11)", "Saint-Denis 11"),
        ("saint denis 97400", "Saint-Denis 974"),
        ("93210 saint-denis", "Saint-Denis 93"),
        ("bage la vi", "Bâgé-Dommartin 01"),
        ("dommartin", "Dommartin 01"),
        ("72000", "Le Mans 72"),
        ("72 100", "Le Mans 72"),
        ("7270", "Allonnes 72"),
        ("72181", "Le Mans 72"),
        ("01144", "Dommartin 01"),
        ("97411", "Saint-Denis 974"),
        ("974", "Saint-Denis 974"),
        ("paris 11", "Paris 11e Arrondissement 75"),
    ],
)
def test_a_commune_is_found_by_name_postcode_or_code(communes, text, first):
    assert names(text)[0] == first


def test_homonyms_are_all_given_the_most_populated_first(communes):
    assert names("saint-denis") == ["Saint-Denis 974", "Saint-Denis 93", "Saint-Denis 11"]
    assert [commune.population for commune in find_communes("st denis")] == [155634, 149077, 523]


def test_a_shared_postcode_gives_the_choice(communes):
    assert names("72210") == ["La Suze-sur-Sarthe 72", "Souligné-Flacé 72"]


def test_a_postcode_of_an_arrondissement_gives_it_then_its_city(communes):
    assert names("75011") == ["Paris 11e Arrondissement 75", "Paris 75"]


def test_a_postcode_is_not_read_as_the_former_code_of_another_commune(communes):
    Commune.objects.filter(pk="77188").update(anciens_codes=["75011", "75015"])
    assert names("75011") == ["Paris 11e Arrondissement 75", "Paris 75"]
    assert names("75015")[0] == "Fontaine-le-Port 77"


@pytest.mark.parametrize("text", ["72210 la su", "72 suze", "suze 72210", "72210 suse sur sarthe"])
def test_a_code_beside_the_beginning_of_a_name_filters(communes, text):
    assert names(text) == ["La Suze-sur-Sarthe 72"]


def test_a_code_elsewhere_than_the_name_gives_nothing(communes):
    assert names("75011 suze") == []


@pytest.mark.parametrize(
    ("text", "limit", "shown", "total"),
    [("saint-denis", 2, 2, 3), ("saint-denis", 8, 3, 3), ("72", 1, 1, 4), ("xyz", 8, 0, 0)],
)
def test_a_page_tells_how_many_there_are_in_all(communes, text, limit, shown, total):
    found, count = find_communes_page(text, limit=limit)
    assert (len(found), count) == (shown, total)
    assert found == find_communes(text, limit=limit)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("alonnes", ["Allonnes 72"]),
        ("allonnnes", ["Allonnes 72"]),
        ("alolnnes", ["Allonnes 72"]),
        ("bourjes", ["Bourges 18"]),
        ("suze sur sartre", ["La Suze-sur-Sarthe 72"]),
        ("souligme", ["Souligné-Flacé 72"]),
        ("bage la vile", ["Bâgé-Dommartin 01"]),
        ("st denys", ["Saint-Denis 974", "Saint-Denis 93", "Saint-Denis 11"]),
        ("st denys 93", ["Saint-Denis 93"]),
        ("azi", []),
        ("bourjhes", []),
    ],
)
def test_one_error_in_a_name_is_forgiven_when_nothing_is_spelled_so(communes, text, expected):
    assert names(text) == expected


def test_names_are_listed_anew_after_an_import(communes):
    def add_import():
        Importation.objects.create(genre="communes", commencee_le=timezone.now())

    add_import()
    assert names("bourjes") == ["Bourges 18"]
    Commune.objects.filter(pk="18015").update(nom="Bourjas", nom_recherche="bourjas")
    add_import()
    assert names("bourjos") == ["Bourjas 18"]


def test_two_digits_give_the_departement(communes):
    assert names("72", limit=2) == ["Le Mans 72", "Allonnes 72"]


@pytest.mark.parametrize(
    "text", ["72019", "72039 CEDEX 9", "72019 Le Mans Cedex 9", "le mans cedex"]
)
def test_a_cedex_gives_the_town_that_delivers_it(communes, text):
    assert names(text)[0] == "Le Mans 72"


def test_a_cedex_that_looks_like_an_insee_code_gives_both_readings(communes):
    assert names("18015") == ["Azy 18", "Bourges 18"]


def test_a_code_of_a_merged_commune_gives_what_it_has_become(communes):
    communes["01144"].delete()
    assert names("01144") == ["Bâgé-Dommartin 01"]


@pytest.mark.parametrize("text", ["", "  ", "xyz", "00000", "-", "' '", "99", "cedex", "1"])
def test_what_means_nothing_gives_nothing(communes, text):
    assert names(text) == []


@pytest.mark.parametrize(
    "text", ["72", "72000", "72999", "le mans", "xyz", "mans le", "alonnes", "xyzzyx 72"]
)
def test_four_queries_at_most(communes, text, django_assert_max_num_queries):
    Importation.objects.create(genre="communes", commencee_le=timezone.now())
    find_communes("bourjes")
    with django_assert_max_num_queries(4):
        for commune in find_communes(text):
            assert commune.departement.nom
            assert commune.parente is None or commune.parente.nom


def test_names_are_compared_without_accents_hyphens_or_short_forms():
    assert normalise("St-Œuvre d'Aÿ-s/-Mer") == "saint oeuvre d ay sur mer"
    assert normalise("Ste Colombe") == "sainte colombe"
    assert fold("L’Haÿ-les-Roses") == "l hay les roses"


@given(st.text(max_size=40))
def test_normalising_twice_changes_nothing(text):
    assert normalise(normalise(text)) == normalise(text)


@given(st.text(max_size=40))
def test_a_folded_text_holds_words_and_single_spaces(text):
    folded = fold(text)
    assert folded == " ".join(folded.split())
    assert all(char.isalnum() or char == " " for char in folded)
