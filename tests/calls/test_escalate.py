"""A transfer changes hands exactly once, and nothing of its card is lost."""

import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from allo3939.accounts.models import Secteur
from calls import escalate, record
from calls.enums import EtatTransfert
from calls.models import Transfert
from calls.tasks import expire_transferts


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


@pytest.mark.parametrize("state", ["refusee", "expiree"])
def test_after_a_refusal_or_a_silence_the_second_best_route_comes_first(
    fiche_escalade, secteur, state
):
    Secteur.objects.create(slug="interieur", nom="Intérieur", numero_transfert="1")
    last = Transfert(secteur=secteur, etat=state)

    routes = escalate.routes(fiche_escalade, last=last)

    assert [route.secteur.slug for route in routes] == ["interieur", "justice"]


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
