"""The lines of results, as the list writes them."""

from django.template.loader import render_to_string
from django.test import override_settings
from django.urls import reverse, set_script_prefix

from allo3939.shared.index import Trouvaille
from calls.propose import Groupe, Ligne, Liste
from calls.templatetags.resultats import adresse, surligne


def written(count=1, title=(("Passeport", True), (" perdu", False))):
    lines = [
        Ligne(rank, Trouvaille(f"F{rank}", "reponse", list(title), "Papiers", 1.0), rank == 1)
        for rank in range(1, count + 1)
    ]
    group = Groupe("Fiches de réponse", "N1", "info", "console-fiche", lines)
    return render_to_string("calls/_resultats.html", {"mots": "passeport", "liste": Liste([group])})


def test_a_line_marks_the_words_of_the_search_and_opens_its_fiche():
    html = written()
    assert "<mark>Passeport</mark> perdu" in html
    assert f'hx-post="{reverse("console-fiche", args=["F1"])}"' in html
    assert 'id="resultat-1"' in html
    assert "data-a39-defaut" in html


def test_digits_open_nine_lines_and_ranks_are_plain_figures_beyond():
    html = written(count=1001)
    assert '<kbd aria-hidden="true">9</kbd>' in html
    assert html.count('<kbd aria-hidden="true">·</kbd>') == 992
    assert 'id="resultat-1001"' in html  # not « 1 001 »


def test_a_title_is_escaped_whether_marked_or_not():
    assert surligne([("<b>", True), ("'&", False)]) == "<mark>&lt;b&gt;</mark>&#x27;&amp;"
    assert "<script>" not in written(title=(("<script>", False), ("<script>", True)))


def test_an_address_follows_the_prefix_of_the_site():
    assert adresse("F1", "console-fiche") == "/console/fiche/F1/"
    with override_settings(FORCE_SCRIPT_NAME="/bureau"):
        set_script_prefix("/bureau/")
        try:
            assert adresse("F1", "console-fiche") == "/bureau/console/fiche/F1/"
        finally:
            set_script_prefix("/")
