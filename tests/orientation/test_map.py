"""The small map of the bodies found."""

import re

import pytest

from orientation import map as carte
from orientation.columns import columns
from orientation.map import LARGEUR, draw


@pytest.fixture
def place(communes, make_organisme):
    def place(name, latitude, longitude, **fields):
        return make_organisme(name, latitude=latitude, longitude=longitude, **fields)

    return place


def drawn(*names_shown):
    held = columns()
    return draw(held, held.everything, shown=list(range(len(held.ids))))


def test_bodies_of_the_metropolis_and_overseas_have_their_frames(place):
    place("Le Mans", 48.0, 0.2)
    place("Perpignan", 42.7, 2.9)
    place("Saint-Denis", -20.88, 55.45, insee="97411")
    found = drawn()
    assert [(cadre.nom, cadre.nombre) for cadre in found.cadres] == [
        ("Métropole", 2), ("Guadeloupe", 0), ("Martinique", 0), ("Guyane", 0), ("La Réunion", 1),
        ("Mayotte", 0),
    ]  # fmt: skip
    assert found.places == 3
    metropole = found.cadres[0]
    (mans, perpignan) = metropole.points
    assert mans.y < perpignan.y
    assert mans.x < perpignan.x
    assert all(0 < each < LARGEUR for point in metropole.points for each in (point.x, point.y))
    assert found.resume == "Carte des résultats. Métropole\u00a0: 2, La Réunion\u00a0: 1."


def test_a_frame_that_holds_all_the_results_is_drawn_around_them(place):
    place("Le Mans", 48.0, 0.2)
    place("Allonnes", 47.97, 0.16)
    (cadre,) = drawn().cadres
    assert cadre.window.north - cadre.window.south < 2
    spread = abs(cadre.points[0].x - cadre.points[1].x)
    assert spread > 5
    assert all(0 < each < LARGEUR for point in cadre.points for each in (point.x, point.y))


def test_results_of_one_overseas_departement_have_the_large_frame(place):
    place("Saint-Denis", -20.88, 55.45, insee="97411")
    (cadre,) = drawn().cadres
    assert (cadre.nom, cadre.cote) == ("La Réunion", LARGEUR)


def test_bodies_without_a_place_and_those_elsewhere_are_counted(place, make_organisme):
    make_organisme("Sans position")
    place("Nouméa", -22.27, 166.44, insee="98818")
    found = drawn()
    assert (found.cadres, found.places, found.ailleurs, found.sans_position) == ([], 0, 1, 1)
    assert "hors de la carte" in found.resume


def test_nothing_found_has_no_frame(communes):
    assert drawn().cadres == []


def test_many_dots_are_gathered_by_cells_larger_where_there_are_more(place, monkeypatch):
    monkeypatch.setattr(carte, "DOTS", 5)
    for rank in range(9):
        place(f"Le Mans {rank}", 48.0, 0.2)
    place("Perpignan", 42.7, 2.9)
    (cadre,) = drawn().cadres
    sizes = [size for size, _ in cadre.semis]
    assert len(sizes) == 2
    assert sizes == sorted(sizes)
    assert all(re.fullmatch(r"(M[\d.]+ [\d.]+h0)+", path) for _, path in cadre.semis)


def test_the_dots_of_the_page_follow_the_page(place):
    bodies = [place(f"Le Mans {rank}", 48.0 + rank, 0.2) for rank in range(3)]
    held = columns()
    for shown in ([0], [1, 2]):
        (cadre,) = draw(held, held.everything, shown=shown).cadres
        assert [point.pk for point in cadre.points] == [bodies[rank].pk for rank in shown]
