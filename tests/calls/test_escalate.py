"""A transfer changes hands exactly once, and nothing of its card is lost."""

import json
import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from allo3939.accounts.models import Secteur
from allo3939.shared.push import CHANNEL_PREFIX, redis_client, supervision_channel
from calls import escalate, record
from calls.enums import EtatTransfert
from calls.escalate import states
from calls.models import Transfert
from calls.tasks import expire_transferts

IN_HAND = ("acceptee", "en_consultation", "transferee")
VERBS = {
    "offer": lambda item, ines, other: states.move(item, "offer", propose_le=timezone.now()),
    "accept": lambda item, ines, other: escalate.accept(item, by=other),
    "refuse": lambda item, ines, other: escalate.refuse(item, by=other, reason="niveau_1"),
    "expire": lambda item, ines, other: states.move(item, "expire", revenu_le=timezone.now()),
    "consult": lambda item, ines, other: escalate.consult(item, by=ines),
    "hand_back": lambda item, ines, other: escalate.hand_back(item, by=ines),
    "transfer": lambda item, ines, other: escalate.transfer(item, by=ines, mode="conference"),
    "caller_gone": lambda item, ines, other: escalate.caller_gone(
        item, by=item.demande.appel.agent
    ),
    "reroute": lambda item, ines, other: escalate.reroute(
        item, by=ines, secteur=Secteur.objects.get(slug="travail"), reason="Contrat de travail."
    ),
    "finish": lambda item, ines, other: escalate.finish(
        item, by=ines, result="repondu", level_1="non"
    ),
}
TABLE = {(arrow.verb, arrow.source): arrow for arrow in escalate.TRANSITIONS}


@pytest.fixture
def propose(demande, fiche_escalade, secteur):
    """Offer the current question to the sector."""

    def offer(**fields):
        return escalate.request(
            demande, secteur=secteur, motif="trop_complexe", fiche=fiche_escalade, **fields
        )

    return offer


def test_the_card_writes_itself_from_the_log(propose, demande, fiche_reponse, commune):
    consultation = record.open_fiche(demande, fiche=fiche_reponse, words="carte grise décès")
    record.choose(consultation, rank=1)
    record.set_commune(demande.appel, commune=commune)

    transfert = propose(precision="Demande ce que peut faire un seul héritier.")

    transfert.refresh_from_db()
    assert transfert.etat == EtatTransfert.PROPOSEE
    assert transfert.carte["question"] == "carte grise décès"
    assert transfert.carte["situation"] == ["Gardé"]
    assert transfert.carte["dit"] == "Un mois."
    assert transfert.carte["commune"] == "Le Mans (72)"
    assert transfert.carte["fiches"][0]["chemin"] == [1]


@pytest.mark.parametrize("state", EtatTransfert.values)
@pytest.mark.parametrize("verb", VERBS)
def test_each_verb_moves_from_the_states_of_the_table_and_from_no_other(
    propose, make_agent, make_secteur, verb, state
):
    make_secteur("travail")
    ines, other = (make_agent("informateur", username=name) for name in ("ines", "rapide"))
    transfert = propose()
    held = {"informateur": ines, "repondu_le": timezone.now()} if state in IN_HAND else {}
    refused = {"motif_refus": "niveau_1"} if state == "refusee" else {}
    Transfert.objects.filter(pk=transfert.pk).update(etat=state, **held, **refused)
    transfert.refresh_from_db()
    arrow = TABLE.get((verb, state))

    if arrow is None and (verb, state) != ("transfer", "transferee"):  # said twice: nothing moves
        with pytest.raises(escalate.TransfertImpossible):
            VERBS[verb](transfert, ines, other)
    else:
        VERBS[verb](transfert, ines, other)

    transfert.refresh_from_db()
    assert transfert.etat == (arrow.target if arrow else state)
    for field in arrow.sets if arrow else ():
        assert getattr(transfert, field)


def test_every_verb_of_the_table_is_tested():
    assert {arrow.verb for arrow in escalate.TRANSITIONS} == VERBS.keys()


def test_a_transition_fills_in_exactly_its_fields(propose):
    with pytest.raises(TypeError, match="revenu_le"):
        states.move(propose(), "expire")


def test_an_informateur_answers_the_agent_then_gives_the_question_back(propose, make_agent):
    transfert, ines = propose(), make_agent("informateur")
    escalate.accept(transfert, by=ines)
    card = transfert.carte

    escalate.consult(transfert, by=ines)
    escalate.hand_back(transfert, by=ines)

    transfert.refresh_from_db()
    assert (transfert.etat, transfert.carte) == ("rendue", card)
    assert transfert.consulte_le <= transfert.revenu_le
    assert not Transfert.objects.in_hand_of(ines).exists()
    assert propose().etat == "proposee"  # the same agent may escalate again


def test_only_who_took_the_call_may_go_on_with_it(propose, make_agent):
    transfert = propose()
    escalate.accept(transfert, by=make_agent("informateur"))
    other = make_agent("informateur", username="autre")

    for verb in (escalate.consult, escalate.hand_back, escalate.transfer, escalate.caller_gone):
        with pytest.raises(escalate.TransfertImpossible):
            verb(transfert, by=other)


def test_accepting_twice_what_one_has_in_hand_changes_nothing(propose, make_agent):
    transfert, ines = propose(), make_agent("informateur")
    escalate.accept(transfert, by=ines)
    first = transfert.repondu_le

    escalate.accept(Transfert.objects.get(pk=transfert.pk), by=ines)

    transfert.refresh_from_db()
    assert (transfert.etat, transfert.repondu_le) == ("acceptee", first)


def test_a_wrong_sector_sends_the_question_on_with_its_card(propose, make_agent, make_secteur):
    travail = make_secteur("travail")
    transfert, ines = propose(precision="Urgent."), make_agent("informateur", poste="Poste 37")
    escalate.accept(transfert, by=ines)

    following = escalate.reroute(transfert, by=ines, secteur=travail, reason="Contrat de travail.")

    transfert.refresh_from_db()
    assert (transfert.etat, transfert.motif_refus) == ("refusee", "mauvais_secteur")
    assert (following.etat, following.secteur, following.reroute_de) == (
        "proposee",
        travail,
        transfert,
    )
    assert (following.precision, following.fiche) == ("Urgent.", transfert.fiche)
    assert following.carte == transfert.carte | {
        "reroutages": [{"de": "Justice", "par": "Poste 37", "raison": "Contrat de travail."}]
    }


@pytest.mark.parametrize(
    ("reason", "said"), [("", "pourquoi"), ("Appeler le 06 12 34 56 78", "anonyme")]
)
def test_a_question_is_not_sent_on_without_an_anonymous_reason(
    propose, make_agent, make_secteur, reason, said
):
    transfert, travail = propose(), make_secteur("travail")

    with pytest.raises(escalate.TransfertImpossible, match=said):
        escalate.reroute(transfert, by=make_agent("informateur"), secteur=travail, reason=reason)

    transfert.refresh_from_db()
    assert transfert.etat == "proposee"


def test_a_question_closed_by_level_1_is_not_offered_to_nobody(
    propose, make_agent, make_secteur, demande
):
    transfert, ines = propose(), make_agent("informateur")
    escalate.accept(transfert, by=ines)
    record.close(demande.appel, outcome="ES")
    transfert.refresh_from_db()

    with pytest.raises(escalate.TransfertImpossible, match="01 99 00 39 09"):
        escalate.reroute(transfert, by=ines, secteur=make_secteur("travail"), reason="Travail.")

    transfert.refresh_from_db()
    assert transfert.etat == "transferee"


@pytest.mark.parametrize(
    ("outcome", "state"), [("RE", "rendue"), ("ES", "transferee"), ("AB", "usager_parti")]
)
def test_closing_during_a_consultation_ends_it_as_the_outcome_says(
    propose, make_agent, demande, fiche_reponse, outcome, state
):
    record.open_fiche(demande, fiche=fiche_reponse)
    transfert, ines = propose(), make_agent("informateur")
    escalate.accept(transfert, by=ines)
    escalate.consult(transfert, by=ines)

    record.close(demande.appel, outcome=outcome)

    transfert.refresh_from_db()
    assert transfert.etat == state


def test_the_third_return_of_a_question_is_told_to_superviseurs(
    propose, make_agent, settings, django_capture_on_commit_callbacks
):
    ines = make_agent("informateur")
    with redis_client().pubsub(ignore_subscribe_messages=True) as pubsub:
        pubsub.subscribe(CHANNEL_PREFIX + supervision_channel())
        pubsub.get_message(timeout=1)  # subscribed
        with django_capture_on_commit_callbacks(execute=True):
            for _ in range(2):
                escalate.refuse(propose(), by=ines, reason="indisponible")
        assert pubsub.get_message(timeout=0.2) is None

        late = timezone.now() - timedelta(seconds=settings.TRANSFERT_DELAI_SECONDES + 1)
        third = propose()
        Transfert.objects.filter(pk=third.pk).update(propose_le=late)
        with django_capture_on_commit_callbacks(execute=True):
            escalate.expire_overdue()
        told = pubsub.get_message(timeout=2)

    assert json.loads(told["data"]) == ["alerte", str(third.demande_id)]


def test_a_line_that_identifies_somebody_is_refused(propose):
    with pytest.raises(escalate.TransfertImpossible, match="anonyme"):
        propose(precision="M. X, 06 12 34 56 78")

    assert not Transfert.objects.exists()


def test_a_question_has_one_transfer_in_progress_at_a_time(propose):
    propose()

    with pytest.raises(escalate.TransfertImpossible, match="déjà en cours"):
        propose()


def test_an_accepted_transfer_goes_to_the_informateur(propose, make_agent):
    transfert = propose()
    informateur = make_agent("informateur")

    escalate.accept(transfert, by=informateur)

    transfert.refresh_from_db()
    assert (transfert.etat, transfert.informateur) == ("acceptee", informateur)


def test_an_informateur_of_another_sector_cannot_accept(propose, make_agent):
    other = Secteur.objects.create(slug="travail", nom="Travail", numero_transfert="1")
    stranger = make_agent("informateur", secteur=other)

    with pytest.raises(escalate.TransfertImpossible, match="autre secteur"):
        escalate.accept(propose(), by=stranger)


def test_an_informateur_takes_one_call_at_a_time(propose, make_agent, secteur, fiche_escalade):
    informateur = make_agent("informateur")
    escalate.accept(propose(), by=informateur)
    other_call = record.pick_up(make_agent("teleconseiller", username="autre"))
    second = escalate.request(
        record.current_question(other_call), secteur=secteur, motif="trop_complexe", fiche=None
    )

    with pytest.raises(escalate.TransfertImpossible, match="Terminez"):
        escalate.accept(second, by=informateur)


@pytest.mark.django_db(transaction=True)
def test_of_two_informateurs_accepting_together_exactly_one_wins(propose, make_agent):
    transfert = propose()
    agents = [make_agent("informateur", username=f"informateur-{n}") for n in range(2)]
    barrier, outcomes = threading.Barrier(2), []

    def accept(agent):
        try:
            barrier.wait()
            escalate.accept(Transfert.objects.get(pk=transfert.pk), by=agent)
            outcomes.append("pris")
        except escalate.TransfertImpossible as refusal:
            outcomes.append(str(refusal))
        finally:
            connection.close()

    threads = [threading.Thread(target=accept, args=(agent,)) for agent in agents]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["Un collègue vient d'accepter ce transfert.", "pris"]


def test_a_refusal_brings_the_card_back_with_its_reason(propose, make_agent):
    transfert = propose()

    escalate.refuse(transfert, by=make_agent("informateur"), reason="mauvais_secteur")

    transfert.refresh_from_db()
    assert (transfert.etat, transfert.motif_refus) == ("refusee", "mauvais_secteur")
    assert propose().etat == "proposee"


def test_a_refusal_needs_a_reason(propose, make_agent):
    with pytest.raises(escalate.TransfertImpossible, match="motif"):
        escalate.refuse(propose(), by=make_agent("informateur"), reason="")


def test_an_offer_nobody_answers_comes_back(propose, settings):
    transfert = propose()
    late = timezone.now() - timedelta(seconds=settings.TRANSFERT_DELAI_SECONDES + 1)
    Transfert.objects.filter(pk=transfert.pk).update(propose_le=late)

    expire_transferts()

    transfert.refresh_from_db()
    assert transfert.etat == "expiree"


def test_an_offer_still_in_time_stays(propose):
    propose()

    assert escalate.expire_overdue() == 0


def test_closing_the_call_hands_an_accepted_transfer_over(propose, make_agent, demande):
    transfert = propose()
    escalate.accept(transfert, by=make_agent("informateur"))

    record.close(demande.appel, outcome="ES")

    transfert.refresh_from_db()
    assert transfert.etat == "transferee"


def test_a_call_does_not_close_while_the_sector_has_not_answered(propose, demande):
    propose()

    with pytest.raises(escalate.TransfertImpossible, match="pas encore répondu"):
        record.close(demande.appel, outcome="ES")

    assert record.open_call(demande.appel.agent) is not None


def test_a_caller_who_left_frees_the_sector(propose, demande):
    transfert = propose()

    record.close(demande.appel, outcome="AB")

    transfert.refresh_from_db()
    assert transfert.etat == "usager_parti"


def test_level_2_closes_with_its_result(propose, make_agent):
    transfert = propose()
    informateur = make_agent("informateur")
    escalate.accept(transfert, by=informateur)

    escalate.finish(transfert, by=informateur, result="repondu", level_1="non")

    transfert.refresh_from_db()
    assert (transfert.etat, transfert.resultat, transfert.niveau_1) == (
        "transferee",
        "repondu",
        "non",
    )
    with pytest.raises(escalate.TransfertImpossible, match="déjà clos"):
        escalate.finish(transfert, by=informateur, result="repondu", level_1="non")


@pytest.mark.usefixtures("always_open")
def test_the_designated_sector_comes_first_then_the_confused_ones(fiche_escalade, secteur):
    for order, slug in enumerate(("interieur", "travail", "logement")):
        Secteur.objects.create(slug=slug, nom=slug, ordre=order, numero_transfert="1")
    fiche_escalade.confondu_avec = ["logement"]

    routes = escalate.routes(fiche_escalade)

    assert [route.secteur.slug for route in routes] == [
        "justice",
        "logement",
        "interieur",
        "travail",
    ]
    assert [route.designe for route in routes] == [True, False, False, False]


@pytest.mark.usefixtures("always_open")
@pytest.mark.parametrize("state", ["refusee", "expiree"])
def test_after_a_refusal_or_a_silence_the_second_best_route_comes_first(
    fiche_escalade, secteur, state
):
    Secteur.objects.create(slug="interieur", nom="Intérieur", numero_transfert="1")
    last = Transfert(secteur=secteur, etat=state)

    routes = escalate.routes(fiche_escalade, last=last)

    assert [route.secteur.slug for route in routes] == ["interieur", "justice"]
    assert [route.proposee for route in routes] == [True, False]


def test_a_closed_sector_comes_last_with_the_body_to_give(
    fiche_escalade, secteur, make_secteur, closed_now
):
    secteur.horaires, secteur.repli = closed_now, "le point-justice"
    secteur.save()
    make_secteur("interieur", repli="France Titres")

    routes = escalate.routes(fiche_escalade)

    assert [(route.secteur.slug, route.fermee) for route in routes] == [
        ("interieur", False),
        ("justice", True),
    ]
    assert not any(route.proposee for route in routes)  # no other sector by default
    assert [closed.repli for closed in escalate.closed_bodies(routes)] == ["le point-justice"]
    said = escalate.fallback_sentence(secteur, at=timezone.now())
    assert "est fermé\u00a0; il rouvre" in said
    assert said.endswith("vous adresser à\u00a0: le point-justice.")


def test_each_sector_has_its_own_delay(propose, secteur):
    transfert = propose()
    Transfert.objects.filter(pk=transfert.pk).update(
        propose_le=timezone.now() - timedelta(seconds=60)
    )
    secteur.delai_transfert = 90
    secteur.save()
    assert escalate.expire_overdue() == 0

    secteur.delai_transfert = 45
    secteur.save()
    assert escalate.expire_overdue() == 1


def test_a_card_saved_but_never_offered_comes_back_too(propose, settings):
    transfert = propose()
    late = timezone.now() - timedelta(seconds=settings.TRANSFERT_DELAI_SECONDES + 1)
    Transfert.objects.filter(pk=transfert.pk).update(etat="preparee", prepare_le=late)

    assert escalate.expire_overdue() == 1


def test_the_database_refuses_a_second_call_in_hand(propose, make_agent, secteur):
    informateur = make_agent("informateur")
    escalate.accept(propose(), by=informateur)
    other = record.current_question(record.pick_up(make_agent(username="autre")))
    second = escalate.request(other, secteur=secteur, motif="trop_complexe", fiche=None)

    with pytest.raises(IntegrityError, match="transfert_un_seul"), transaction.atomic():
        Transfert.objects.filter(pk=second.pk).update(
            etat="acceptee", informateur=informateur, repondu_le=timezone.now()
        )


def test_what_is_said_is_the_fiches_own_sentence_for_its_own_sector(propose, fiche_escalade):
    fiche_escalade.a_dire = "Je vous passe un spécialiste."
    fiche_escalade.save()
    transfert = propose()
    transfert.refresh_from_db()

    assert escalate.sentence(transfert) == "Je vous passe un spécialiste."


def test_a_fiche_published_again_is_read_from_its_start(propose, demande, fiche_reponse):
    record.choose(record.open_fiche(demande, fiche=fiche_reponse), rank=1)
    transfert = propose()
    assert escalate.read_as_seen(transfert, fiche=fiche_reponse).puces == ["Gardé"]

    fiche_reponse.version += 1

    assert escalate.read_as_seen(transfert, fiche=fiche_reponse).puces == []


def test_the_database_refuses_an_accepted_transfer_without_an_informateur(propose):
    transfert = propose()

    with pytest.raises(IntegrityError, match="transfert_accepte"), transaction.atomic():
        Transfert.objects.filter(pk=transfert.pk).update(etat="acceptee")
