"""The caller's commune, from what was heard."""

import random

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from allo3939.shared.models import Importation
from orientation.communes import load_communes
from orientation.locate import (
    codes_proposed,
    find_communes,
    find_communes_page,
    fold,
    look_up,
    normalise,
    read_names,
)
from orientation.locate.heard import Heard, Place, hear
from orientation.locate.names import Names
from orientation.models import Commune, Departement


def names(text, **options):
    found = look_up(text, **options).propositions
    return [f"{each.commune.nom} {each.commune.departement_id}" for each in found]


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
        ("Paris 11ème", "Paris 11e Arrondissement 75"),
        ("dans le 11e à Paris", "Paris 11e Arrondissement 75"),
        ("paris onzième", "Paris 11e Arrondissement 75"),
        ("le onzième arrondissement", "Paris 11e Arrondissement 75"),
        ("saint-denis dans le 93", "Saint-Denis 93"),
        ("saint-denis en seine-saint-denis", "Saint-Denis 93"),
        ("Saint-Denis de la Réunion", "Saint-Denis 974"),
        ("Saint-Denis, Aude", "Saint-Denis 11"),
        ("Le Mans, 72000", "Le Mans 72"),
        ("lemans", "Le Mans 72"),
        ("la suze, dans la Sarthe", "La Suze-sur-Sarthe 72"),
    ],
)
def test_a_commune_is_found_by_name_postcode_or_code(communes, text, first):
    assert names(text)[0] == first


@pytest.mark.parametrize("text", ["saint-denis", "72210", "alonnes", "mans le", "72039", "xyz"])
def test_the_codes_proposed_are_those_of_the_propositions(communes, text):
    shown = [each.commune.pk for each in look_up(text).propositions]
    assert codes_proposed(text, names=read_names()) == shown


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
def test_the_answer_tells_how_many_there_are_in_all(communes, text, limit, shown, total):
    found = look_up(text, limit=limit)
    assert (len(found.propositions), found.total) == (shown, total)
    assert ([each.commune for each in found.propositions], found.total) == find_communes_page(
        text, limit=limit
    )


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
        ("azi", ["Azy 18"]),
        ("bourjhes", []),
    ],
)
def test_one_error_in_a_name_is_forgiven_when_nothing_is_spelled_so(communes, text, expected):
    assert names(text) == expected


def test_an_error_makes_a_name_that_others_begin_with_and_the_larger_comes_first(communes):
    Commune.objects.create(
        code_insee="39300", nom="Lons-le-Saunier", nom_recherche="lons le saunier",
        type="commune-actuelle", departement_id="01", codes_postaux=["39000"], population=17_000,
    )  # fmt: skip
    Commune.objects.create(
        code_insee="69123", nom="Lyon", nom_recherche="lyon", type="commune-actuelle",
        departement_id="01", codes_postaux=["69001"], population=520_000,
    )  # fmt: skip
    assert names("lon") == ["Lyon 01", "Lons-le-Saunier 01"]
    assert [each.nom for each in find_communes("lon")] == ["Lons-le-Saunier"]


def test_beside_a_small_commune_of_that_very_name_comes_a_larger_one_an_error_away(communes):
    Commune.objects.create(
        code_insee="18034", nom="Bourgeais", nom_recherche="bourges", type="commune-actuelle",
        departement_id="01", codes_postaux=["01999"], population=12,
    )  # fmt: skip
    Commune.objects.filter(pk="18033").update(nom_recherche="bourgesse")
    Commune.objects.filter(pk="72003").update(nom_recherche="bourge", population=11_000)
    Commune.objects.filter(pk="18015").update(nom_recherche="bourget", population=11)
    found = look_up("bourges")
    assert {each.commune.pk for each in found.propositions[1:]} == {"18033", "72003"}
    assert found.propositions[0].commune.pk == "18034"
    assert found.sure
    assert [each.pk for each in find_communes("bourges")] == ["18034", "18033"]


def test_a_territory_without_postcodes_is_found_beside_its_name_or_code(communes):
    Departement.objects.create(code="984", nom="Terres australes et antarctiques françaises")
    Commune.objects.create(
        code_insee="98412", nom="Archipel des Kerguelen", nom_recherche="archipel des kerguelen",
        type="commune-actuelle", departement_id="984",
    )  # fmt: skip
    place = "Archipel des Kerguelen"
    for text in (
        *(place, f"{place} 984", f"984 {place}", "kerguelen 984", "kerguelen", "984", "98412"),
        f"{place}, Terres australes et antarctiques françaises",
    ):
        assert names(text) == ["Archipel des Kerguelen 984"], text


def test_a_former_name_is_found_without_its_article_before_it_is_typed_to_its_end(communes):
    Commune.objects.filter(pk="01025").update(
        anciens_noms=["La Ville-Ancienne"], anciens_noms_recherche="|la ville ancienne"
    )
    assert names("ville anc") == ["Bâgé-Dommartin 01"]
    assert look_up("ville anc").propositions[0].nom == "La Ville-Ancienne"


@pytest.mark.parametrize(
    ("text", "sure"),
    [("le man", True), ("72000", True), ("lemans", True), ("bourjes", False), ("72039", False)],
)
def test_what_is_guessed_is_never_taken_unseen(communes, text, sure):
    assert look_up(text).sure is sure


@pytest.mark.parametrize(
    ("text", "nom", "remarque"),
    [
        ("bage la vi", "Bâgé-la-Ville", "ancienne commune, aujourd'hui Bâgé-Dommartin"),
        ("bagé-domm", "Bâgé-Dommartin", ""),
        ("bage la vile", "Bâgé-la-Ville", "ancienne commune, aujourd'hui Bâgé-Dommartin"),
        (
            "dommartin",
            "Dommartin",
            "ancienne commune, aujourd'hui Bâgé-Dommartin (4\u202f050 hab.)",
        ),
    ],
)
def test_a_former_name_is_shown_as_typed_with_what_it_has_become(communes, text, nom, remarque):
    first = look_up(text).propositions[0]
    assert (first.nom, first.remarque) == (nom, remarque)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("72039", "code CEDEX"),
        ("72039", "(72000, 72100)"),
        ("72039 cedex 9", "72039 est un code CEDEX"),
        ("72039 Le Mans cedex 9", "voici la commune"),
        ("18015", "un code INSEE, ou un code CEDEX"),
        ("saint-denis", "3 communes ont ce nom\u00a0: demandez le département"),
        ("72210", "2 communes ont ce code postal\u00a0: demandez le nom"),
        ("bourjes", "ne s'écrit ainsi"),
        ("72999 le mans", "72999 n'est pas un code postal de cette commune"),
    ],
)
def test_an_answer_that_is_not_plain_is_explained(communes, text, part):
    assert part in look_up(text).explication


@pytest.mark.parametrize("text", ["le mans", "72000", "75011", "xyz", "paris 11", "93210 saint"])
def test_a_plain_answer_needs_no_word(communes, text):
    assert look_up(text).explication == ""


def test_a_postcode_shared_by_many_gives_them_all_and_a_name_beside_narrows(communes):
    Commune.objects.bulk_create(
        Commune(
            code_insee=f"512{rank:02d}", nom=f"Vitré-{rank}", nom_recherche=f"vitre {rank}",
            type="commune-actuelle", departement_id="72", codes_postaux=["51300"],
        )
        for rank in range(46)
    )  # fmt: skip
    found = look_up("51300")
    assert len(found.propositions) == found.total == 46
    assert found.explication == (
        "46 communes ont ce code postal\u00a0: demandez le nom, et tapez-en le début."
    )
    assert names("51300 vitré 4", limit=20) == names("vitre 4", limit=20)
    begun = look_up("vitré")
    assert begun.explication == "8 communes sur 46\u00a0: continuez le nom."


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        ("Bourg en Bresse 01", [Place("bourg en bresse 01"), Place("bourg en bresse", "01")]),
        (
            "Ajaccio dans la 2A",
            [Place("ajaccio dans la 2a"), Place("ajaccio dans la", "2A"), Place("ajaccio", "2A")],
        ),
        (
            "Cherré-Au 72",
            [Place("cherre au 72"), Place("cherre au", "72"), Place("cherre", "72")],
        ),
        ("Saint-Denis dans le", [Place("saint denis dans le"), Place("saint denis")]),
        (
            "Valence en Drôme",
            [Place("valence en drome"), Place("valence en", "26"), Place("valence", "26")],
        ),
        ("L'Haÿ", [Place("l hay")]),
        ("38029 Grenoble cedex 9", [Place("grenoble", "38")]),
    ],
)
def test_a_name_is_heard_with_where_it_is(text, heard):
    assert hear(text, departements={"drome": "26"}).places == tuple(heard)


@pytest.mark.parametrize(
    ("text", "arrondissements"),
    [
        ("Marseille huitième", ["marseille 8e arrondissement"]),
        ("Lyon 3", ["lyon 3e arrondissement"]),
        ("lyon 3ème arrondissement", ["lyon 3e arrondissement"]),
        ("Paris 1er", ["paris 1er arrondissement"]),
        ("Paris premier", ["paris 1er arrondissement"]),
        ("15e arrondissement de Paris", ["paris 15e arrondissement"]),
        ("dix-septième", ["paris 17e arrondissement"]),
        ("le 15e", ["paris 15e arrondissement", "marseille 15e arrondissement"]),
        ("lyon 10", []),
        ("paris", []),
        ("bordeaux 3", []),
    ],
)
def test_an_arrondissement_is_heard_in_figures_or_in_words(text, arrondissements):
    assert list(hear(text, departements={}).arrondissements) == arrondissements


_SHORT = st.text("ab ", min_size=1, max_size=7).map(normalise).filter(bool)


@given(st.lists(_SHORT, min_size=1, max_size=30, unique=True), _SHORT)
def test_every_name_one_error_away_is_found_whatever_its_length(known, typed):
    names = Names(((name, "", "", [], [], [name]) for name in known), {})
    found = {names.codes[number] for number in names.near(typed)}
    squeezed = typed.replace(" ", "")
    assert found == {name for name in known if OSA.distance(name.replace(" ", ""), squeezed) <= 1}


@given(st.text(max_size=60))
def test_any_text_is_heard(text):
    assert isinstance(hear(text, departements={"drome": "26"}), Heard)


def test_in_the_whole_country_a_commune_is_found_by_name_postcode_and_with_an_error(db):
    """A sample, the same each time; `benchmarks/communes.py` asks for all of them."""
    load_communes()
    draw = random.Random(3939)
    today = list(Commune.objects.exclude(codes_postaux=[]).order_by("pk"))
    for commune in draw.sample(today, 150):
        first = look_up(f"{commune.nom} {commune.departement_id}").propositions[0]
        assert first.commune == commune
        for code in commune.codes_postaux:
            assert commune in [each.commune for each in look_up(code).propositions]
    largest = sorted(today, key=lambda each: -(each.population or 0))[:3_000]
    for commune in draw.sample(largest, 60):
        at = draw.randrange(len(commune.nom_recherche))
        name = commune.nom_recherche
        wrong = draw.choice(
            (f"{name[:at]}{name[at + 1 :]}", f"{name[:at]}e{name[at:]}", f"{name[:at]}x{name[at:]}")
        )
        found = look_up(f"{wrong} {commune.departement_id}").propositions[:3]
        assert commune in [each.commune for each in found], wrong


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
def test_two_queries_at_most(communes, text, django_assert_max_num_queries):
    Importation.objects.create(genre="communes", commencee_le=timezone.now())
    look_up("bourjes")
    with django_assert_max_num_queries(2):
        for commune in (each.commune for each in look_up(text).propositions):
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
