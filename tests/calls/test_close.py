"""The end of a call: talk and after-call, the lines asked, the emergency card, one-key closes."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from calls import record
from calls.models import Appel, CodeIssue, Communication, Demande

HTMX = {"headers": {"HX-Request": "true"}}


def post(client, name, data=None):
    return client.post(reverse(name), data or {}, **HTMX)


def test_the_close_panel_marks_the_end_of_the_conversation(client, appel):
    html = post(client, "console-raccroche").content.decode()

    appel.refresh_from_db()
    assert appel.raccroche_le is not None
    assert "Fin de conversation à" in html
    assert "Après l'appel" in html


def test_opening_the_panel_again_keeps_the_first_instant(client, appel):
    post(client, "console-raccroche")
    first = Appel.objects.get().raccroche_le

    post(client, "console-raccroche")

    assert Appel.objects.get().raccroche_le == first


def test_what_the_telephone_said_before_stays(appel):
    then = appel.commence_le + timedelta(seconds=40)
    Appel.objects.update(raccroche_le=then)

    record.hang_up(appel)

    assert appel.raccroche_le == then


def test_the_conversation_may_go_on(client, appel):
    record.hang_up(appel)

    html = post(client, "console-reprise").content.decode()

    assert Appel.objects.get().raccroche_le is None
    assert "En appel" in html


def test_it_does_not_when_the_telephone_hung_up(client, appel):
    record.hang_up(appel)
    Communication.objects.create(
        empreinte="x", poste="214", appel=appel, etat="raccrochee", raccroche_le=timezone.now()
    )

    response = post(client, "console-reprise")

    assert response.status_code == 422
    assert "a raccroché" in response.content.decode()
    assert Appel.objects.get().raccroche_le is not None


def test_a_caller_who_asks_again_had_not_hung_up(demande, fiche_reponse):
    record.open_fiche(demande, fiche=fiche_reponse)
    record.hang_up(demande.appel)

    record.begin_question(demande.appel)

    assert Appel.objects.get().raccroche_le is None


def test_talk_and_after_call_are_told_apart(appel):
    start = timezone.now() - timedelta(minutes=4)
    Appel.objects.update(commence_le=start, raccroche_le=start + timedelta(seconds=185))
    appel.refresh_from_db()

    record.close(appel, outcome="AB")

    appel.termine_le = start + timedelta(seconds=210)
    assert (appel.conversation, appel.apres_appel) == ("3\u00a0min 05\u00a0s", "25\u00a0s")


def test_a_close_without_the_panel_has_no_after_call(appel):
    record.close(appel, outcome="AB")

    assert appel.raccroche_le == appel.termine_le


@pytest.mark.parametrize("name", ["console-raccroche", "console-reprise", "console-urgence"])
def test_outside_a_call_there_is_nothing_to_end(client, login, name):
    login()
    assert post(client, name).status_code == 409


@pytest.mark.parametrize("name", ["console-raccroche", "console-reprise", "console-urgence"])
def test_only_level_1_ends_calls(client, login, name):
    login("informateur")
    assert post(client, name).status_code == 403


@pytest.mark.parametrize("code", ["PF", "FI", "HC"])
def test_some_outcomes_ask_for_one_line(client, demande, code):
    response = post(client, "console-cloture", {"issue": code, "precision": "  "})

    html = response.content.decode()
    assert response.status_code == 422
    assert "dites en une ligne ce qui manque" in html
    assert 'aria-invalid="true"' in html  # the field has the focus
    assert Appel.objects.get().termine_le is None


def test_the_line_is_kept_with_the_outcome(client, demande):
    post(client, "console-cloture", {"issue": "PF", "precision": "permis pour trottinette"})

    demande.refresh_from_db()
    assert (demande.issue_id, demande.precision) == ("PF", "permis pour trottinette")


def test_a_line_that_identifies_somebody_is_refused(client, demande):
    response = post(client, "console-cloture", {"issue": "PF", "precision": "M. au 06 12 34 56 78"})

    assert response.status_code == 422
    assert "anonyme" in response.content.decode()
    assert Demande.objects.get().precision == ""


def test_a_doubt_in_a_line_is_asked_beside_it_and_its_answer_is_kept(client, demande):
    closing = {"issue": "PF", "precision": "le dossier de karim benhaddou"}

    asked = post(client, "console-cloture", closing)
    html = asked.content.decode()
    zone = html[html.index('id="precision-etat"') :]
    sign = re.search(r'name="confirme" value="(\w+)"', zone)[1]
    answered = post(client, "console-cloture", closing | {"garde": sign})

    assert (asked.status_code, answered.status_code) == (422, 200)
    assert Demande.objects.get().precision == "le dossier de karim benhaddou"


def test_a_line_that_the_outcome_does_not_ask_is_not_kept(demande, fiche_reponse):
    record.open_fiche(demande, fiche=fiche_reponse)
    record.write_lines(demande, precision="rien trouvé")

    record.close(demande.appel, outcome="RE")

    assert Demande.objects.get().precision == ""


def test_why_a_fiche_was_of_no_use_is_kept_only_then(demande, fiche_reponse):
    record.open_fiche(demande, fiche=fiche_reponse)

    record.close(demande.appel, outcome="RE", useful=False, motif_inutile="le cas des mineurs")

    demande.refresh_from_db()
    assert (demande.fiche_utile, demande.motif_inutile) == (False, "le cas des mineurs")


@pytest.mark.parametrize(
    ("field", "value", "kept"),
    [
        ("note", "voir le notaire", "voir le notaire"),
        ("precision", "la pêche en mer", "la pêche en mer"),
        ("motif_inutile", "trop longue", "trop longue"),
        ("fiche_utile", "non", False),
    ],
)
def test_each_field_of_the_panel_is_saved_as_it_is_filled_in(client, demande, field, value, kept):
    html = post(client, "console-note", {field: value}).content.decode()

    demande.refresh_from_db()
    assert getattr(demande, field) == kept
    assert "Enregistrée à" in html


def test_saving_one_field_leaves_the_others(client, demande):
    post(client, "console-note", {"note": "voir le notaire"})
    post(client, "console-note", {"precision": "la pêche en mer"})

    demande.refresh_from_db()
    assert (demande.note, demande.precision) == ("voir le notaire", "la pêche en mer")


def test_the_panel_comes_back_as_it_was_filled_in(client, demande, fiche_reponse):
    record.open_fiche(demande, fiche=fiche_reponse)
    post(client, "console-note", {"motif_inutile": "trop longue"})
    post(client, "console-note", {"fiche_utile": "non"})

    html = " ".join(client.get(reverse("console")).content.decode().split())

    assert 'value="trop longue"' in html
    assert 'value="non" data-a39-code="N" checked' in html


def test_calls_without_a_question_close_by_one_digit(client, appel):
    html = " ".join(client.get(reverse("console")).content.decode().split())

    for digit, code in enumerate(CodeIssue.objects.filter(sans_question=True), start=1):
        if code.pk != "UR":
            assert f'data-a39-chiffre="{digit}" name="issue" value="{code.pk}"' in html

    post(client, "console-cloture", {"issue": "MU", "note": ""})

    assert Demande.objects.get().issue_id == "MU"


def test_the_emergency_card_has_the_eight_numbers(client, appel):
    html = client.get(reverse("console-urgence"), **HTMX).content.decode()

    for number in ("15", "17", "18", "112", "114", "119", "3919", "3114"):
        assert f'<b class="tel">{number}</b>' in html


def test_a_number_given_is_recorded_and_the_outcome_proposed_is_the_emergency(client, demande):
    html = post(client, "console-urgence", {"numero": "119"}).content.decode()

    given = demande.orientations.get()
    assert given.exterieur == "119 · Enfance en danger"
    assert 'aria-pressed="true"' in html
    assert record.propose_outcome(demande) == "UR"


def test_a_number_that_is_not_on_the_card_is_not_found(client, demande):
    assert post(client, "console-urgence", {"numero": "36"}).status_code == 404
    assert not demande.orientations.exists()


def test_closing_an_emergency_keeps_what_was_given(client, demande):
    post(client, "console-urgence", {"numero": "15"})

    post(client, "console-cloture", {"issue": "UR", "note": ""})

    demande.refresh_from_db()
    assert (demande.issue_id, demande.orientations.count()) == ("UR", 1)
