"""What was done without network enters the log once, at its instant, or is refused in words."""

import json
import re
import threading
import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from calls import record, replay, tasks
from calls.forms import RejeuForm
from calls.models import Appel, Demande, Rejeu

HTMX = {"headers": {"HX-Request": "true"}}


@pytest.fixture
def reading(demande, fiche_reponse):
    return record.open_fiche(demande, fiche=fiche_reponse, words="carte grise")


@pytest.fixture
def agent(appel):
    return appel.agent


def choice(reading, depuis="", chemin="1", **fields):
    return {
        "cle": str(uuid.uuid4()),
        "genre": "choix",
        "age": 12,
        "consultation": reading.pk,
        "version": reading.fiche.version,
        "depuis": depuis,
        "chemin": chemin,
        **fields,
    }


def closing(demande, **fields):
    return {
        "cle": str(uuid.uuid4()),
        "genre": "cloture",
        "age": 5,
        "appel": demande.appel_id,
        "demande": demande.pk,
        "issue": "RE",
        "fiche_utile": "oui",
        **fields,
    }


def noting(demande, text, **fields):
    return {
        "cle": str(uuid.uuid4()),
        "genre": "lignes",
        "age": 0,
        "demande": demande.pk,
        "note": text,
        **fields,
    }


def send(client, *actions, page=""):
    data = {"actions": json.dumps(actions), "page": page}
    return client.post(reverse("console-rejeu"), data, **HTMX)


def text(response):
    return response.content.decode().replace("\xa0", " ").replace("&#x27;", "'")


def act(agent, *rows):
    """The actions as the page sends them, replayed without the page."""
    data = QueryDict(mutable=True)
    data["actions"] = json.dumps(rows)
    form = RejeuForm(data)
    assert form.is_valid(), form.errors
    return replay.replay(agent, form.cleaned_data["actions"])


def test_a_fork_and_a_close_done_without_network_enter_the_log(client, demande, reading):
    response = send(client, choice(reading), closing(demande, note="Rappelle demain."))

    assert response.status_code == 200
    assert "est enregistré" in text(response)
    assert "Appel clos et enregistré" in text(response)
    reading.refresh_from_db()
    demande.refresh_from_db()
    assert (reading.chemin, reading.situation, reading.dit) == ([1], ["Gardé"], "Un mois.")
    assert (demande.issue_id, demande.fiche_utile, demande.note) == ("RE", True, "Rappelle demain.")
    assert Appel.objects.get().termine_le is not None


def test_the_close_bears_the_instant_at_which_it_was_done(agent, demande):
    begun = timezone.now() - timedelta(minutes=4)
    Appel.objects.update(commence_le=begun)
    Demande.objects.update(commence_le=begun)

    act(agent, closing(demande, issue="AB", fiche_utile="", age=60))

    ended = Appel.objects.get().termine_le
    assert timedelta(seconds=59) < timezone.now() - ended < timedelta(seconds=90)
    assert Demande.objects.get().termine_le == ended


@pytest.mark.parametrize("age", [-30, 601, 3 * 86_400], ids=["future", "old", "days"])
def test_an_instant_that_cannot_be_true_is_replaced_by_that_of_the_return(agent, demande, age):
    begun = timezone.now() - timedelta(days=7)
    Appel.objects.update(commence_le=begun)
    Demande.objects.update(commence_le=begun)

    act(agent, closing(demande, issue="AB", fiche_utile="", age=age))

    assert timezone.now() - Appel.objects.get().termine_le < timedelta(seconds=30)


def test_an_instant_before_the_question_is_not_believed(agent, demande):
    act(agent, closing(demande, issue="AB", fiche_utile="", age=300))

    appel = Appel.objects.get()
    assert appel.termine_le >= appel.commence_le


def test_the_same_actions_sent_twice_count_once(client, demande, reading):
    actions = [choice(reading), choice(reading, "1", ""), choice(reading, "", "2")]

    send(client, *actions)
    again = send(client, *actions)

    reading.refresh_from_db()
    assert reading.chemin == [2]
    assert again.status_code == 200
    assert "sauf ce qui suit" not in text(again)
    assert Rejeu.objects.count() == 3


def test_an_action_done_live_whose_answer_was_lost_counts_once(agent, demande, reading):
    record.choose(reading, rank=1)
    record.close(demande.appel, outcome="RE", useful=True)

    bilan = act(agent, closing(demande))

    assert (bilan.faites, bilan.deja, bilan.refus) == (0, 1, [])


def test_a_choice_committed_before_its_answer_was_lost_is_not_made_again(agent, reading):
    record.choose(reading, rank=1)

    bilan = act(agent, choice(reading))

    reading.refresh_from_db()
    assert reading.chemin == [1]
    assert (bilan.deja, bilan.refus) == (1, [])


@pytest.mark.django_db(transaction=True)
def test_two_tabs_that_come_back_together_count_once(agent, demande, reading):
    row = choice(reading)
    barrier = threading.Barrier(2)
    found = []

    def come_back():
        barrier.wait()
        try:
            found.append(act(agent, row))
        finally:
            connection.close()

    tabs = [threading.Thread(target=come_back) for _ in range(2)]
    for tab in tabs:
        tab.start()
    for tab in tabs:
        tab.join()

    reading.refresh_from_db()
    assert reading.chemin == [1]
    assert sorted((bilan.faites, bilan.deja) for bilan in found) == [(0, 1), (1, 0)]
    assert Rejeu.objects.count() == 1


def test_a_fiche_published_again_meanwhile_is_told_and_the_rest_is_entered(
    client, demande, reading, fiche_reponse
):
    action = choice(reading)
    fiche_reponse.version += 1
    fiche_reponse.save()

    response = send(client, action, closing(demande))

    assert "a été publiée de nouveau pendant la coupure" in text(response)
    reading.refresh_from_db()
    demande.refresh_from_db()
    assert reading.chemin == []
    assert demande.issue_id == "RE"


def test_a_refused_action_leaves_no_key(agent, reading, fiche_reponse):
    action = choice(reading, "2", "2.1")

    bilan = act(agent, action)

    assert "est à un autre cas" in bilan.refus[0]
    assert not Rejeu.objects.exists()


def test_a_choice_that_is_not_one_step_away_is_refused(agent, reading):
    bilan = act(agent, choice(reading, "", "1.2"), choice(reading, "", "9"))

    assert bilan.refus == ["Ce choix n'existe plus dans la fiche."] * 2


def test_the_fiche_of_another_question_is_left_alone(agent, appel, reading):
    record.begin_question(appel)

    bilan = act(agent, choice(reading))

    assert "la fiche n'est plus celle que vous lisez" in bilan.refus[0]
    reading.refresh_from_db()
    assert reading.chemin == []


def test_a_call_closed_otherwise_meanwhile_keeps_its_outcome(agent, demande, reading):
    record.close(demande.appel, outcome="OR")

    bilan = act(agent, closing(demande))

    assert "était déjà clos en OR" in bilan.refus[0]
    demande.refresh_from_db()
    assert demande.issue_id == "OR"


def test_a_call_gone_on_to_another_question_stays_open(agent, demande, reading):
    record.begin_question(demande.appel)

    bilan = act(agent, closing(demande))

    assert "en est à une autre question" in bilan.refus[0]
    assert Appel.objects.get().termine_le is None


def test_a_note_that_identifies_somebody_refuses_the_close_as_live(client, demande, reading):
    response = send(client, closing(demande, note="rappeler au 06 12 34 56 78"))

    assert "L'appelant reste anonyme" in text(response)
    demande.refresh_from_db()
    assert (demande.note, demande.termine_le) == ("", None)


def test_a_note_that_may_name_somebody_asks_as_live_and_passes_once_answered(
    client, demande, reading
):
    note = "voir karim benhaddou"

    asked = send(client, noting(demande, note))

    assert "Non, ce n'est personne" in text(asked)
    signs = re.findall(r'name="confirme" value="([^"]+)"', asked.content.decode())
    again = {"actions": json.dumps([noting(demande, note)]), "garde": signs}
    client.post(reverse("console-rejeu"), again, **HTMX)
    demande.refresh_from_db()
    assert demande.note == note


def test_a_note_typed_meanwhile_is_kept(agent, demande):
    bilan = act(agent, noting(demande, "Demande aussi pour un scooter."))

    demande.refresh_from_db()
    assert demande.note == "Demande aussi pour un scooter."
    assert bilan.faites == 1


def test_a_note_whose_question_is_over_is_given_back(agent, demande, reading):
    record.begin_question(demande.appel)

    bilan = act(agent, noting(demande, "Demande aussi pour un scooter."))

    assert "« Demande aussi pour un scooter. »" in bilan.refus[0].replace("\xa0", " ")


def test_a_note_lost_with_the_page_is_told(agent, demande, reading):
    bilan = act(agent, closing(demande, note_perdue=True))

    assert "la note en cours de frappe" in bilan.refus[0]
    assert Appel.objects.get().termine_le is not None


def test_another_agent_s_log_cannot_be_reached(client, login, make_agent, fiche_reponse):
    theirs = record.pick_up(make_agent("teleconseiller", username="autre"))
    question = record.current_question(theirs)
    reading = record.open_fiche(question, fiche=fiche_reponse)
    mine = record.pick_up(login(username="moi"))

    response = send(
        client, choice(reading), closing(question), noting(question, "x"), page="whatever"
    )

    html = text(response)
    assert "n'est pas l'un des vôtres" in html
    reading.refresh_from_db()
    theirs.refresh_from_db()
    mine.refresh_from_db()
    assert (reading.chemin, theirs.termine_le, mine.termine_le) == ([], None, None)


def test_the_key_of_another_agent_is_refused(agent, make_agent, reading):
    action = choice(reading)
    Rejeu.objects.create(cle=action["cle"], agent=make_agent("teleconseiller", username="autre"))

    assert "autre agent" in act(agent, action).refus[0]


def test_a_page_that_shows_the_log_already_is_left_as_it_is(client, demande, reading):
    record.choose(reading, rank=2)
    fiche = reading.fiche
    page = f"{demande.appel_id}|{demande.pk}|{reading.pk}|{fiche.version}|2"

    assert send(client, page=page).status_code == 204
    assert send(client, page=page.replace("|2", "|1")).status_code == 200


def test_the_page_says_what_it_shows(client, demande, reading):
    html = client.get(reverse("console")).content.decode()

    assert f'data-consultation="{reading.pk}"' in html
    assert f'data-demande="{demande.pk}"' in html
    assert 'data-chemin=""' in html


@pytest.mark.parametrize(
    "actions",
    [
        "[",
        '{"cle": 1}',
        "[1]",
        '[{"cle": "x", "genre": "choix", "age": 1}]',
        json.dumps([{"cle": str(uuid.UUID(int=7)), "genre": "escalade", "age": 1}]),
        json.dumps([{"cle": str(uuid.UUID(int=7)), "genre": "choix", "age": 1, "chemin": "1.x"}]),
        json.dumps([{"cle": str(uuid.UUID(int=7)), "genre": "choix", "age": "inf"}]),
        json.dumps([{"cle": str(uuid.UUID(int=7)), "genre": "choix", "age": 1, "note": "\0"}]),
    ],
)
def test_what_no_page_sends_is_refused_whole(client, appel, actions):
    response = client.post(reverse("console-rejeu"), {"actions": actions}, **HTMX)

    assert response.status_code == 400
    assert not Rejeu.objects.exists()


def test_an_informateur_has_nothing_to_replay(client, login):
    login("informateur")

    assert send(client).status_code == 403
    assert client.get(reverse("console-copie")).status_code == 403


def test_the_copy_holds_the_whole_fiche_and_what_each_fork_asks(client, reading):
    response = client.get(reverse("console-copie"))

    copy = response.json()
    assert copy["cle"] == f"{reading.pk}.{reading.fiche.version}"
    assert "Un mois." in copy["html"]
    assert "Trois mois." in copy["html"]
    assert 'data-a39-fourche="0"' in copy["html"]
    [fork] = copy["fourches"]
    assert fork["question"] == "Gardé ou vendu ?"
    assert [(c["rang"], c["touche"]) for c in fork["choix"]][:2] == [(1, "1"), (2, "2")]
    assert "no-store" in response["Cache-Control"]


def test_outside_a_reading_there_is_no_copy(client, login):
    login()

    assert client.get(reverse("console-copie")).status_code == 204


def test_the_copy_tells_where_a_case_leads(client, demande, make_fiche, secteur):
    fiche = make_fiche(
        "A39-0009",
        parcours={
            "questions": [
                {
                    "code": "q",
                    "texte": "Lequel ?",
                    "choix": [{"code": "a", "libelle": "A"}, {"code": "b", "libelle": "B"}],
                }
            ],
            "issues": [
                {"titre": "a", "si": {"q": ["a"]}, "cible": {"secteur": "justice"}},
                {
                    "titre": "b",
                    "si": {"q": ["b"]},
                    "cible": {"exterieur": {"titre": "Médiateur", "telephone": "0140000000"}},
                },
            ],
        },
    )
    record.open_fiche(demande, fiche=fiche)

    [fork] = client.get(reverse("console-copie")).json()["fourches"]

    leads = [choice.get("suite", "") for choice in fork["choix"]]
    assert leads[:2] == ["→ Secteur Justice", "→ Médiateur, 0140000000"]


def test_the_copy_costs_the_same_for_one_fork_and_for_many(client, demande, make_fiche):
    def cost(reference, forks):
        questions = [
            {
                "code": f"q{n}",
                "texte": f"Question {n} ?",
                "choix": [{"code": "a", "libelle": "A"}, {"code": "b", "libelle": "B"}],
            }
            for n in range(forks)
        ]
        issues = [
            {"titre": f"cas {n}", "si": {f"q{m}": ["b" if m == n else "a"] for m in range(n + 1)}}
            for n in range(forks)
        ]
        fiche = make_fiche(reference, parcours={"questions": questions, "issues": issues})
        record.open_fiche(demande, fiche=fiche)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            copy = client.get(reverse("console-copie")).json()
        return len(queries), len(copy["fourches"])

    one, few = cost("A39-0010", 1)
    more, many = cost("A39-0011", 5)

    assert many > few
    assert one == more


def test_old_keys_are_purged_and_recent_ones_kept(agent):
    old, recent = (Rejeu.objects.create(cle=uuid.uuid4(), agent=agent) for _ in range(2))
    Rejeu.objects.filter(pk=old.pk).update(rejoue_le=timezone.now() - timedelta(days=3))

    tasks.purge_rejeux()

    assert list(Rejeu.objects.all()) == [recent]
