"""Bodies found by criteria, counts of each choice, and who is open now among all."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import OperationalError

from orientation import columns as columns_module
from orientation.columns import Columns, columns, members
from orientation.facets import Criteres, narrow, open_bodies
from orientation.hours import openings_of
from orientation.models import Fermeture, HoraireExceptionnel, Organisme, TypeService

AT = datetime(2026, 6, 9, 8, 30, tzinfo=UTC)  # Tuesday, 10:30 in Paris


def week(start="09:00", end="12:00", *, days=range(5), comment=""):
    return [{"jour": day, "debut": start, "fin": end, "commentaire": comment} for day in days]


@pytest.fixture
def bodies(communes, make_organisme):
    TypeService.objects.create(code="caf", libelle="CAF")
    make_organisme("Mairie - Allonnes", plages=week(), adresse={"accessibilite": "ACC"})
    make_organisme("Mairie - Le Mans", plages=week("14:00", "17:00"))
    make_organisme("CAF - Le Mans", "caf", plages=week(), adresse={"accessibilite": "NAC"})
    make_organisme("CAF - Bourges", "caf", insee="18033", code_postal="18000")
    make_organisme("Préfecture", "prefecture", insee="97411", plages=week("08:00", "16:00"))


def found(criteres):
    held = columns()
    selection = narrow(held, criteres, at=AT)
    order = {body.pk: body.nom for body in Organisme.objects.all()}
    return [order[held.ids[body]] for body in members(selection.trouves)]


def counts(criteres, facet, *, unfolded=()):
    selection = narrow(columns(), criteres, at=AT, unfolded=unfolded)
    (facette,) = (each for each in selection.facettes if each.nom == facet)
    return {valeur.code: valeur.nombre for valeur in facette.valeurs}


def test_choices_add_up_inside_a_facet_and_cross_between_facets(bodies):
    assert found(Criteres(types=["mairie", "caf"], departements=["72"])) == [
        "CAF - Le Mans", "Mairie - Allonnes", "Mairie - Le Mans"
    ]  # fmt: skip
    assert found(Criteres(types=["mairie", "caf"], departements=["72"], acces=["NAC"])) == [
        "CAF - Le Mans"
    ]
    assert len(found(Criteres())) == 5


def test_the_counts_of_a_facet_leave_its_own_choices_out(bodies):
    criteres = Criteres(types=["caf"], departements=["72"])
    assert counts(criteres, "type") == {"mairie": 2, "caf": 1}
    assert counts(criteres, "dep") == {"18": 1, "72": 1}
    assert counts(criteres, "acces") == {"ACC": 0, "DEM": 0, "NAC": 1, "inconnue": 0}
    assert counts(criteres, "ouvert") == {"1": 1}


def test_a_choice_that_gives_nothing_is_shown_only_when_it_is_made(bodies):
    assert "caf" not in counts(Criteres(departements=["974"]), "type")
    assert counts(Criteres(departements=["974"], types=["caf"]), "type") == {
        "prefecture": 1,
        "caf": 0,
    }


def test_a_choice_beyond_the_first_ones_is_shown_when_it_is_made(communes, make_organisme):
    for rank in range(10):
        make_organisme(f"Bureau {rank}", f"kind_{rank}")
    shown = counts(Criteres(types=["kind_9"]), "type")
    assert list(shown) == [*(f"kind_{rank}" for rank in range(8)), "kind_9"]
    assert len(counts(Criteres(), "type", unfolded=["type"])) == 10


def test_what_is_held_is_said_in_words_with_what_takes_it_away(bodies):
    criteres = Criteres(
        nom="le mans", lieu="72", types=["caf"], departements=["72"], acces=["NAC"], ouverts=True
    )
    assert narrow(columns(), criteres, at=AT).retenus == [
        ("nom", "«\u00a0le mans\u00a0»"),
        ("lieu", "Lieu\u00a0: 72"),
        ("ouvert:1", "Ouverts maintenant"),
        ("type:caf", "CAF"),
        ("dep:72", "Sarthe (72)"),
        ("acces:NAC", "Non accessible"),
    ]


def test_only_the_bodies_that_are_open_are_found_each_by_its_own_clock(bodies):
    assert found(Criteres(ouverts=True)) == ["CAF - Le Mans", "Mairie - Allonnes", "Préfecture"]


def test_a_closure_and_exceptional_hours_count_in_who_is_open(bodies, make_agent):
    agent = make_agent("redacteur")
    Fermeture.objects.create(
        motif="grève", types=["caf"], du=AT - timedelta(hours=1), au=AT + timedelta(1), auteur=agent
    )
    allonnes = Organisme.objects.get(nom="Mairie - Allonnes")
    le_mans = Organisme.objects.get(nom="Mairie - Le Mans")
    for body, plages in ((allonnes, []), (le_mans, [{"debut": "10:00", "fin": "11:00"}])):
        HoraireExceptionnel.objects.create(
            organisme=body, du=AT.date(), au=AT.date(), plages=plages, motif="fête", auteur=agent
        )
    assert found(Criteres(ouverts=True)) == ["Mairie - Le Mans", "Préfecture"]


def test_the_same_bodies_are_open_as_each_one_says(communes, make_organisme, make_agent):
    always = week("00:00", "23:59", days=range(7))
    hours = [
        week(), week("22:00", "02:00"), week("08:30", "12:00") + week("13:30", "18:15"), always,
        week(days=[5], comment="2e et 4e samedis"), week(comment="Sur rendez-vous"),
        week(comment="hors vacances scolaires"), week("00:00", "00:00"), week("", ""), [],
        week(days=[6]), week(comment="Fermé en août"), week("09:00", "23:59", days=[0, 1]),
    ]  # fmt: skip
    remarks = ["", "Fermé les jours fériés", "Fermé du 10 au 20 juin", "Appeler avant de venir"]
    places = ["72181", "97411", "75056"]
    for rank, plages in enumerate(hours):
        for remark in remarks:
            insee = places[rank % len(places)]
            make_organisme(f"B {rank} {remark}", insee=insee, plages=plages,
                           commentaire_plages=remark)  # fmt: skip
    make_organisme("Alsace", insee="67482", plages=always[:5] + week("10:00", "20:00", days=[5, 6]))
    make_organisme("Saint-Barthélemy", departement_code="971", code_postal="97133", plages=always)
    make_organisme("À l'étranger", departement_code="", insee="", plages=always,
                   adresse={"pays": "Allemagne"})  # fmt: skip
    make_organisme("Clipperton", departement_code="989", plages=always)
    agent = make_agent("redacteur")
    Fermeture.objects.create(
        motif="cyclone", departements=["974"], certitude="a_verifier",
        du=datetime(2026, 6, 10, tzinfo=UTC), au=datetime(2026, 6, 11, tzinfo=UTC), auteur=agent,
    )  # fmt: skip
    instants = [AT + timedelta(hours=7 * step, minutes=step % 60) for step in range(60)]
    instants += [datetime(2026, month, day, hour, 59, tzinfo=UTC) for month, day in
                 ((5, 1), (12, 25), (12, 26), (3, 29), (10, 25), (8, 15))
                 for hour in (1, 9, 21, 22)]  # fmt: skip
    held, everybody = columns(), list(Organisme.objects.for_list())
    for at in instants:
        said = {
            body.pk
            for body, state in zip(everybody, openings_of(everybody, at=at), strict=True)
            if state.etat == "ouvert"
        }
        assert {held.ids[body] for body in members(open_bodies(held, at=at))} == said, at


def test_names_are_found_as_the_table_finds_them(bodies):
    held = columns()
    for words in (["mairie"], ["ma"], ["caf", "le"], ["mans", "mairie"], ["zzz"], ["saint"], []):
        table = Organisme.objects.named(words) if words else Organisme.objects.all()
        assert {held.ids[body] for body in members(held.named(words))} == set(
            table.values_list("pk", flat=True)
        )


def test_after_an_import_the_older_columns_serve_while_they_are_read_anew(
    transactional_db, make_organisme, monkeypatch
):
    make_organisme("Mairie - Le Mans")
    before = columns()
    monkeypatch.setattr(columns_module, "_AT_ONCE", 0)
    going_on, read = threading.Event(), Columns.__init__

    def wait(self, rows):
        going_on.wait(10)
        read(self, rows)

    monkeypatch.setattr(Columns, "__init__", wait)
    make_organisme("Mairie - Bourges")  # a body that is new: the whole table is to be read
    assert columns() is before
    assert columns() is before, "nobody waits while it is read"
    [thread] = [each for each in threading.enumerate() if "_read_apart" in each.name]
    going_on.set()
    thread.join(10)
    assert len(columns().ids) == len(before.ids) + 1


def test_columns_that_could_not_be_read_anew_are_read_at_the_next_request(
    transactional_db, make_organisme, monkeypatch, caplog
):
    make_organisme("Mairie - Le Mans")
    before = columns()
    monkeypatch.setattr(columns_module, "_AT_ONCE", 0)
    read = Columns.__init__

    def fail(self, rows):
        monkeypatch.setattr(Columns, "__init__", read)
        raise OperationalError("the base is away")

    monkeypatch.setattr(Columns, "__init__", fail)
    make_organisme("Mairie - Bourges")
    for _ in range(2):
        assert columns() is before
        for thread in threading.enumerate():
            if "_read_apart" in thread.name:
                thread.join(10)
    assert "the base is away" in caplog.text
    assert len(columns().ids) == len(before.ids) + 1


def test_as_many_queries_whatever_is_found(bodies, make_organisme, django_assert_num_queries):
    held = columns()
    with django_assert_num_queries(4):  # closures, exceptional hours, names of kinds, of places
        narrow(held, Criteres(), at=AT)
    for rank in range(20):
        make_organisme(f"Bureau {rank}", f"kind_{rank}")
    held = columns()
    with django_assert_num_queries(4):
        narrow(held, Criteres(types=["kind_1"], acces=["inconnue"]), at=AT)
