"""The console answers each action with the regions that changed."""

import re
from html import unescape

import pytest
from django.urls import reverse

from allo3939.accounts.models import Secteur
from allo3939.shared.changes import record_change
from calls import escalate, record
from calls.models import Appel, Demande, Transfert
from orientation.models import Commune

HTMX = {"headers": {"HX-Request": "true"}}


def regions(response):
    """Ids of the regions in an answer, the target first."""
    html = response.content.decode()
    return [
        name
        for name in ("lecture", "recherche", "journal", "transfert", "lieu", "communes")
        if f'id="{name}"' in html
    ]


def test_outside_a_call_the_console_offers_to_pick_up(client, login):
    login()

    response = client.get(reverse("console"))

    assert "Prêt à décrocher" in response.content.decode()


def test_picking_up_answers_the_three_regions_with_the_focus_in_the_search(client, login):
    login()

    response = client.post(reverse("console-appel"), **HTMX)

    html = response.content.decode()
    assert Appel.objects.count() == 1
    assert {"lecture", "recherche", "journal"} <= set(regions(response))
    assert html.count('hx-swap-oob="true"') >= 2
    assert "data-a39-foyer" in html


def test_search_shows_groups_whose_digits_run_through(
    client, appel, fiche_reponse, fiche_escalade, make_organisme
):
    record_change("fiches", ["*"])

    response = client.post(reverse("console-recherche"), {"q": "succession décès"}, **HTMX)

    html = response.content.decode()
    assert "Carte grise après un" in html
    assert "Fiches d&#x27;escalade" in html
    assert 'data-a39-chiffre="2"' in html


def test_a_search_without_result_says_so_and_how_to_go_on(client, appel):
    response = client.post(reverse("console-recherche"), {"q": "xyzzy"}, **HTMX)

    assert "Rien pour" in response.content.decode()
    assert Demande.objects.get().question == ""


def test_opening_a_fiche_shows_its_question_and_records_it(client, demande, fiche_reponse):
    url = reverse("console-fiche", args=[fiche_reponse.reference])

    response = client.post(url, {"q": "carte grise"}, **HTMX)

    assert "Gardé ou vendu" in response.content.decode()
    assert demande.consultations.get().fiche == fiche_reponse


def test_a_fiche_opened_between_two_calls_picks_up(client, login, fiche_reponse):
    login()

    response = client.post(reverse("console-fiche", args=[fiche_reponse.reference]), **HTMX)

    assert regions(response) == ["lecture", "recherche", "journal", "transfert", "lieu", "communes"]
    assert Appel.objects.get().demandes.get().consultations.get().fiche == fiche_reponse


def test_an_unpublished_fiche_does_not_open(client, demande, make_fiche):
    fiche = make_fiche(etat="brouillon")

    response = client.post(reverse("console-fiche", args=[fiche.reference]), **HTMX)

    assert response.status_code == 404


def test_a_choice_shrinks_the_answer_to_its_case(client, demande, fiche_reponse):
    record.open_fiche(demande, fiche=fiche_reponse)

    response = client.post(reverse("console-choix"), {"choix": "2"}, **HTMX)

    html = response.content.decode()
    assert "Trois mois." in html
    assert "Un mois." not in html


@pytest.mark.parametrize("choice", ["8", "x", ""])
def test_a_choice_that_does_not_exist_is_said_and_nothing_is_lost(
    client, demande, fiche_reponse, choice
):
    record.open_fiche(demande, fiche=fiche_reponse)

    response = client.post(reverse("console-choix"), {"choix": choice}, **HTMX)

    assert response.status_code == 422
    assert "existe plus" in response.content.decode()
    assert "Gardé ou vendu" in response.content.decode()


def test_communes_are_proposed_as_typed(client, appel, commune):
    response = client.post(reverse("console-communes"), {"commune": "720"}, **HTMX)

    html = response.content.decode()
    assert "Le Mans" in html
    assert "145" in html


def test_the_commune_gives_the_one_competent_body(
    client, demande, fiche_reponse, commune, make_organisme
):
    organisme = make_organisme()
    record.choose(record.open_fiche(demande, fiche=fiche_reponse), rank=1)

    response = client.post(reverse("console-commune", args=[commune.pk]), **HTMX)

    assert "Mairie - Le Mans" in response.content.decode()
    assert demande.orientations.get().organisme == organisme
    assert Appel.objects.get().commune == commune


def test_several_competent_bodies_are_all_shown_and_the_agent_chooses(
    client, demande, fiche_reponse, commune, make_organisme
):
    make_organisme()
    second = make_organisme("Mairie annexe")
    record.choose(record.open_fiche(demande, fiche=fiche_reponse), rank=1)

    response = client.post(reverse("console-commune", args=[commune.pk]), **HTMX)

    html = response.content.decode()
    assert "Mairie - Le Mans" in html
    assert "Mairie annexe" in html
    assert not demande.orientations.exists()

    client.post(reverse("console-organisme", args=[second.pk]), **HTMX)
    assert demande.orientations.get().garantie == "competence"


def test_a_body_found_by_search_is_given(client, demande, make_organisme):
    organisme = make_organisme()

    client.post(reverse("console-organisme", args=[organisme.pk]), {"q": "mairie le mans"}, **HTMX)

    demande.refresh_from_db()
    assert demande.question == "mairie le mans"
    assert demande.orientations.get().organisme == organisme


def test_the_note_is_saved_as_it_is_typed(client, demande):
    client.post(reverse("console-note"), {"note": "appeler le notaire"}, **HTMX)

    demande.refresh_from_db()
    assert demande.note == "appeler le notaire"


def test_a_note_that_identifies_is_refused_with_its_reason(client, demande):
    response = client.post(reverse("console-note"), {"note": "06 12 34 56 78"}, **HTMX)

    assert response.status_code == 422
    assert "anonyme" in response.content.decode()


def test_a_note_that_may_identify_asks_and_keeps_the_answer(client, demande):
    url = reverse("console-note")
    note = {"note": "voir karim benhaddou"}

    asked = client.post(url, note, **HTMX)
    sign = re.search(r'name="confirme" value="(\w+)"', asked.content.decode())[1]
    answered = client.post(url, note | {"confirme": sign}, **HTMX)
    longer = client.post(url, {"note": "voir karim benhaddou, place de village"}, **HTMX)

    assert asked.status_code == 422
    assert "Est-ce le nom d'une personne" in unescape(asked.content.decode())
    assert answered.status_code == longer.status_code == 200
    demande.refresh_from_db()
    assert demande.note.endswith("village")


def test_closing_with_a_doubt_asks_beside_the_note(client, demande):
    closing = {"issue": "PF", "note": "voir karim benhaddou", "precision": "le kebab"}

    asked = client.post(reverse("console-cloture"), closing, **HTMX)
    sign = re.search(r'name="confirme" value="(\w+)"', asked.content.decode())[1]
    answered = client.post(reverse("console-cloture"), closing | {"garde": sign}, **HTMX)

    assert (asked.status_code, answered.status_code) == (422, 200)
    demande.refresh_from_db()
    assert demande.issue_id == "PF"


def test_a_line_for_the_sector_that_may_identify_asks_first(client, demande, secteur):
    line = {"secteur": "justice", "motif": "trop_complexe", "precision": "voir karim benhaddou"}

    asked = client.post(reverse("console-transfert"), line, **HTMX)
    sign = re.search(r'name="confirme" value="(\w+)"', asked.content.decode())[1]
    assert not demande.transferts.exists()
    client.post(reverse("console-transfert"), line | {"garde": sign}, **HTMX)

    assert asked.status_code == 422
    assert demande.transferts.get().precision == "voir karim benhaddou"


def test_the_escalation_panel_proposes_the_designated_sector(client, demande, fiche_escalade):
    record.open_fiche(demande, fiche=fiche_escalade, words="succession")

    response = client.get(reverse("console-escalade"), **HTMX)

    html = response.content.decode()
    assert "désigné par la fiche" in html
    assert "« succession »" in html.replace("\u00a0", " ")


def test_confirming_the_panel_offers_the_card(client, demande, fiche_escalade):
    record.open_fiche(demande, fiche=fiche_escalade, words="succession")

    response = client.post(
        reverse("console-transfert"), {"secteur": "justice", "motif": "trop_complexe"}, **HTMX
    )

    assert {"transfert", "journal"} <= set(regions(response))
    assert Transfert.objects.get().etat == "proposee"


def test_an_incomplete_panel_comes_back_with_what_was_typed(client, demande, fiche_escalade):
    response = client.post(
        reverse("console-transfert"), {"secteur": "justice", "precision": "une ligne"}, **HTMX
    )

    assert response.status_code == 422
    assert "Choisissez le motif" in response.content.decode()
    assert 'value="une ligne"' in response.content.decode()
    assert not Transfert.objects.exists()


def test_the_state_of_the_transfer_follows_the_sector(
    client, demande, fiche_escalade, secteur, make_agent
):
    transfert = escalate.request(
        demande, secteur=secteur, motif="trop_complexe", fiche=fiche_escalade
    )
    escalate.accept(transfert, by=make_agent("informateur", poste="Poste 37"))

    response = client.get(reverse("console-transfert-etat"), **HTMX)

    assert "Poste 37 a accepté" in response.content.decode()
    assert regions(response) == ["transfert"]  # the panel and the log stay as they are


def test_closing_comes_back_to_ready(client, appel, fiche_reponse):
    record.open_fiche(record.current_question(appel), fiche=fiche_reponse)

    response = client.post(reverse("console-cloture"), {"issue": "RE"}, **HTMX)

    assert "Prêt à décrocher" in response.content.decode()
    appel.refresh_from_db()
    assert appel.termine_le is not None


def test_closing_without_an_outcome_is_refused_in_place(client, appel):
    response = client.post(reverse("console-cloture"), {"issue": ""}, **HTMX)

    assert response.status_code == 422
    assert "Choisissez une issue" in response.content.decode()


def test_a_refused_close_keeps_what_the_agent_chose(client, demande, fiche_reponse):
    record.open_fiche(demande, fiche=fiche_reponse)

    response = client.post(
        reverse("console-cloture"),
        {"issue": "PF", "fiche_utile": "non", "note": "06 12 34 56 78"},
        **HTMX,
    )

    html = " ".join(response.content.decode().split())
    assert response.status_code == 422
    assert 'value="PF" data-a39-code="PF" checked' in html
    assert 'value="non" data-a39-code="N" checked' in html


def test_the_next_question_asks_the_line_of_one_without_a_fiche(client, demande):
    url = reverse("console-demande")

    typed = {"q": "trottinette", "issue": "AB", "note": "", "precision": ""}
    asked = client.post(url, typed, **HTMX)

    html = " ".join(asked.content.decode().split())
    assert asked.status_code == 422
    assert "dites en une ligne ce qui manque. Puis F2." in html
    assert 'value="PF" data-a39-code="PF" checked' in html
    assert 'data-a39-foyer aria-invalid="true"' in html
    assert "[&#x27;" not in html
    assert Demande.objects.count() == 1
    line = {"q": "trottinette", "issue": "PF", "precision": "les engins sans plaque"}
    assert client.post(url, line, **HTMX).status_code == 200
    first, second = Demande.objects.order_by("rang")
    assert (first.issue_id, first.precision) == ("PF", "les engins sans plaque")
    assert second.issue_id is None


def test_the_next_question_keeps_the_outcome_that_the_agent_chose(client, demande, fiche_reponse):
    record.open_fiche(demande, fiche=fiche_reponse)

    client.post(reverse("console-demande"), {"issue": "OR"}, **HTMX)

    demande.refresh_from_db()
    assert demande.issue_id == "OR"


def test_the_next_question_waits_for_the_sector(client, demande, fiche_escalade, secteur):
    record.open_fiche(demande, fiche=fiche_escalade)
    escalate.request(demande, secteur=secteur, motif="trop_complexe", fiche=fiche_escalade)

    response = client.post(reverse("console-demande"), **HTMX)

    assert response.status_code == 422
    assert "pas encore répondu" in response.content.decode()


def test_after_a_refusal_the_panel_keeps_the_card_and_proposes_the_second_best(
    client, demande, fiche_escalade, secteur, make_agent
):
    Secteur.objects.create(slug="interieur", nom="Intérieur", numero_transfert="1", ordre=9)
    transfert = escalate.request(
        demande, secteur=secteur, motif="usager_insiste", precision="une ligne", fiche=None
    )
    record.open_fiche(demande, fiche=fiche_escalade)
    escalate.refuse(transfert, by=make_agent("informateur"), reason="mauvais_secteur")

    html = " ".join(client.get(reverse("console-escalade"), **HTMX).content.decode().split())

    assert 'value="interieur" checked' in html
    assert 'value="usager_insiste" checked' in html
    assert 'value="une ligne"' in html


def test_another_commune_takes_back_what_was_given_for_the_first(
    client, demande, fiche_reponse, commune, make_organisme
):
    make_organisme()
    record.choose(record.open_fiche(demande, fiche=fiche_reponse), rank=1)
    client.post(reverse("console-commune", args=[commune.pk]), **HTMX)
    other = Commune.objects.create(
        code_insee="72003",
        nom="Coulaines",
        nom_recherche="coulaines",
        type="commune-actuelle",
        departement=commune.departement,
    )

    client.post(reverse("console-commune", args=[other.pk]), **HTMX)

    assert not demande.orientations.filter(commune=commune).exists()


def test_before_typing_the_fiches_of_the_hour_are_proposed(
    client, demande, fiche_reponse, make_agent
):
    colleague = record.pick_up(make_agent(username="collegue"))
    record.open_fiche(record.current_question(colleague), fiche=fiche_reponse)

    html = client.get(reverse("console")).content.decode()

    assert "Les plus lues depuis une heure" in html
    assert "Carte grise après un décès" in html


def test_an_unchanged_transfer_sends_nothing(client, demande, fiche_escalade, secteur):
    transfert = escalate.request(
        demande, secteur=secteur, motif="trop_complexe", fiche=fiche_escalade
    )
    shown = {"etat": f"{transfert.pk}.proposee"}

    response = client.get(reverse("console-transfert-etat"), shown, **HTMX)

    assert response.status_code == 204


@pytest.mark.parametrize(
    ("name", "field"),
    [("console-recherche", "q"), ("console-communes", "commune"), ("console-note", "note")],
)
@pytest.mark.parametrize("text", ["a\0b", "x" * 100_000, "9" * 50_000])
def test_hostile_texts_are_answered_plainly(client, appel, name, field, text):
    assert client.post(reverse(name), {field: text}, **HTMX).status_code in (200, 422)


def test_an_informateur_has_no_console(client, login):
    login("informateur")

    assert client.get(reverse("console")).status_code == 403


def test_the_console_asks_as_many_queries_for_two_questions_as_for_twenty(
    client, appel, fiche_reponse, django_assert_num_queries
):
    for rounds in (2, 18):
        for _ in range(rounds):
            demande = record.begin_question(appel)
            record.open_fiche(demande, fiche=fiche_reponse)
        client.get(reverse("console"))
        with django_assert_num_queries(QUERIES):
            client.get(reverse("console"))


QUERIES = 11  # of which the log five, asked together


def test_the_line_is_saved_in_as_many_queries_after_two_questions_as_after_twenty(
    client, appel, fiche_reponse, django_assert_num_queries
):
    for rounds in (2, 18):
        for _ in range(rounds):
            demande = record.begin_question(appel)
            record.open_fiche(demande, fiche=fiche_reponse)
        with django_assert_num_queries(3):  # the agent, the question, the line
            client.post(reverse("console-note"), {"note": f"Ligne {rounds}"}, **HTMX)
        demande.refresh_from_db()
        assert demande.note == f"Ligne {rounds}"


def test_a_colleague_s_question_is_never_the_one_in_hand(appel, demande, make_agent):
    colleague = make_agent(username="collegue")
    assert record.question_in_hand(colleague) is None
    assert record.reading_in_hand(colleague) is None
    assert record.question_in_hand(appel.agent) == demande


def test_a_fiche_of_an_earlier_question_is_not_before_the_eyes(appel, demande, fiche_reponse):
    record.open_fiche(demande, fiche=fiche_reponse)
    assert record.reading_in_hand(appel.agent).fiche == fiche_reponse
    record.begin_question(appel)
    assert record.reading_in_hand(appel.agent) is None
    assert record.question_in_hand(appel.agent).rang == 2


@pytest.fixture
def propose(demande, fiche_escalade, secteur):
    record.open_fiche(demande, fiche=fiche_escalade, words="succession")
    return lambda: escalate.request(
        demande, secteur=secteur, motif="trop_complexe", fiche=fiche_escalade
    )


@pytest.mark.usefixtures("always_open")
def test_each_sector_tells_who_is_free_and_the_wait(client, propose, connect, make_agent):
    ines = connect(make_agent("informateur"))
    for _ in range(5):
        transfert = propose()
        escalate.accept(transfert, by=ines)
        escalate.hand_back(transfert, by=ines)

    html = " ".join(client.get(reverse("console-escalade"), **HTMX).content.decode().split())

    assert "1 disponible · attente : moins de 1 min · Ouvert" in html


def test_the_body_of_a_closed_sector_is_given_by_its_key(
    client, demande, fiche_escalade, secteur, closed_now
):
    secteur.horaires, secteur.repli = closed_now, "le point-justice, au 30 39"
    secteur.save()
    record.open_fiche(demande, fiche=fiche_escalade, words="succession")
    panel = client.get(reverse("console-escalade"), **HTMX).content.decode()
    assert "le point-justice, au 30 39" in panel
    assert "checked" not in panel.partition('id="motifs"')[0]  # no sector by default
    assert "mets en relation" not in panel

    html = client.post(reverse("console-repli", args=["justice"]), **HTMX).content.decode()

    assert "Le secteur Justice est fermé" in html
    assert demande.orientations.get().exterieur == "le point-justice, au 30 39"
    assert record.propose_outcome(demande) == "OR"


def test_a_sector_without_such_a_body_gives_none(client, demande, secteur):
    assert client.post(reverse("console-repli", args=["justice"]), **HTMX).status_code == 422
    assert client.post(reverse("console-repli", args=["autre"]), **HTMX).status_code == 404


def test_the_same_request_sent_twice_shows_the_first_transfer(client, propose):
    transfert = propose()
    choice = {"secteur": "justice", "motif": "trop_complexe"}

    response = client.post(reverse("console-transfert"), choice, **HTMX)

    assert {"transfert", "journal"} <= set(regions(response))
    assert list(Transfert.objects.all()) == [transfert]


@pytest.mark.parametrize(
    ("mode", "shown"), [("transfert", "Appel pris par"), ("conference", "Conférence à trois avec")]
)
def test_the_agent_says_that_the_caller_was_put_through(client, propose, make_agent, mode, shown):
    transfert = propose()
    url = reverse("console-transfert-suite")
    refused = client.post(url, {"mode": mode}, **HTMX)
    assert refused.status_code == 422
    assert "pas encore accepté" in refused.content.decode()

    escalate.accept(transfert, by=make_agent("informateur"))
    assert shown in client.post(url, {"mode": mode}, **HTMX).content.decode()

    transfert.refresh_from_db()
    assert (transfert.etat, transfert.mode) == ("transferee", mode)
    assert client.post(url, {"mode": "x"}, **HTMX).status_code == 422


def test_the_agent_says_that_the_caller_has_hung_up(client, propose):
    transfert = propose()

    html = client.post(reverse("console-transfert-parti"), **HTMX).content.decode()

    assert "L'usager a raccroché." in html
    transfert.refresh_from_db()
    assert transfert.etat == "usager_parti"


def test_without_a_transfer_there_is_nothing_to_follow(client, demande):
    assert client.post(reverse("console-transfert-parti"), **HTMX).status_code == 409


def test_the_agent_sees_the_question_go_to_another_sector(
    client, propose, make_agent, make_secteur
):
    first = propose()
    shown = f"{first.pk}.proposee"
    escalate.reroute(
        first, by=make_agent("informateur"), secteur=make_secteur("travail"), reason="Travail."
    )

    html = client.get(reverse("console-transfert-etat"), {"etat": shown}, **HTMX).content.decode()

    assert "Justice a envoyé la question à Travail" in html
    assert "transfert vers Travail" in html


@pytest.mark.parametrize(
    ("verb", "shown"), [("consult", "vous répond"), ("hand_back", "vous rend la question")]
)
def test_the_agent_sees_a_consultation_and_its_end(client, propose, make_agent, verb, shown):
    transfert, ines = propose(), make_agent("informateur", poste="Poste 37")
    escalate.accept(transfert, by=ines)
    getattr(escalate, verb)(transfert, by=ines)

    html = client.get(reverse("console-transfert-etat"), **HTMX).content.decode()

    assert f"Poste 37 {shown}" in html
