"""What a call asks at each action, composed once, gives the rows that the ORM gives."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from allo3939.shared.composed import ask_together
from calls import escalate, notice, propose, record
from calls.enums import ESCALADES
from calls.escalate import verbs
from calls.models import Appel, CodeIssue, Communication, Consultation, Demande
from calls.record import call, outcome, reading
from calls.telephony import line
from knowledge import acknowledge, redirect
from knowledge.misses import briefs
from knowledge.models import AccuseLecture, Fiche, Lacune, Parution, RechercheManquee

pytestmark = pytest.mark.django_db
NOW = timezone.now


@pytest.fixture
def agent(login, make_fiche, fiche_reponse, fiche_escalade, secteur):
    """In a call: one question closed, another with three fiches read and a sector that took it."""
    agent = login()
    appel = record.pick_up(agent)
    first = record.current_question(appel)
    record.open_fiche(first, fiche=fiche_escalade, words="autre chose")
    record.begin_question(appel, words="", outcome="RE")
    second = record.current_question(appel)
    for fiche in (make_fiche("A39-0003"), fiche_reponse, fiche_escalade):
        record.open_fiche(second, fiche=fiche, words=fiche.titre)
    escalate.request(second, secteur=secteur, motif="trop_complexe", fiche=fiche_escalade)
    return agent


def same(found, expected):
    """The same row, with the same values and the same rows beside it."""
    assert found == expected
    assert expected is not None
    keys = {field.attname for field in expected._meta.concrete_fields}
    for key in keys - expected.get_deferred_fields():
        assert getattr(found, key) == getattr(expected, key), key
    known = expected._state.fields_cache.keys() - {"agent", "appel", "demande"}
    assert known <= found._state.fields_cache.keys()


def test_the_call_and_the_question_in_hand(agent):
    appel = Appel.objects.of_agent(agent).open().first()
    same(record.call_in_hand(agent), appel)
    question = Demande.objects.in_hand_of(agent).last()
    same(record.question_in_hand(agent), question)
    assert question.rang == 2
    same(call._CURRENT.first(appel.pk), appel.demandes.current().last())


def test_what_is_read_and_what_answered(agent):
    demande = record.question_in_hand(agent)
    last = Consultation.objects.in_hand_of(agent).by_reading().last()
    same(record.reading_in_hand(agent), last)
    assert reading._READING.first(agent.pk).fiche.nature == "escalade"
    answered = demande.consultations.of_answers().by_reading().last()
    same(outcome.answer_read(demande), answered)
    assert answered.fiche.reference == "A39-0001"
    same(
        outcome._LAST_READ.first(demande.pk),
        demande.consultations.with_sector().by_reading().last(),
    )


def test_who_took_it_and_the_outcome(agent):
    demande = record.question_in_hand(agent)
    taken = demande.transferts.filter(etat__in=ESCALADES).last()
    same(outcome._TAKEN.first(demande.pk), taken)
    for code in CodeIssue.objects.all():
        same(outcome.find_code(code.code), code)


def test_what_is_locked_at_the_close(agent):
    demande = record.question_in_hand(agent)
    with transaction.atomic():
        assert verbs._LOCKED.ask(demande.pk) == [demande]
        (transfert,) = verbs._LOCKED_OPEN.ask(demande.pk)
    same(transfert, demande.transferts.open().get())


def test_what_the_log_holds(agent):
    appel = record.open_call(agent)
    for demande in appel.demandes.all():
        for name in ("consultations", "orientations", "transferts"):
            stored = list(getattr(Demande.objects.get(pk=demande.pk), name).all())
            assert list(getattr(demande, name).all()) == stored


def test_a_call_closed_while_its_log_is_read_is_none(agent, monkeypatch):
    def close_after_the_first(*asked):
        calls, _, *log = ask_together(*asked)
        return [calls, [], *log]

    monkeypatch.setattr("calls.record.log.ask_together", close_after_the_first)
    assert record.open_call(agent) is None


def test_what_is_proposed_before_typing(agent, fiche_reponse):
    for version, importance in enumerate(("changement", "coquille", "precision"), start=1):
        Parution.objects.create(
            fiche=fiche_reponse, version=version, importance=importance, parue_le=NOW()
        )
    own = Consultation.objects.of_last_calls(agent, propose.LAST_CALLS)
    expected = list(own.last_read(propose.LAST_READ + propose.MOST_READ))
    assert propose._OWN.ask(agent.pk) == expected
    assert len(expected) == 3
    since = NOW() - notice.USED
    assert notice._VERSIONS.ask(since) == [(fiche_reponse.pk, 1), (fiche_reponse.pk, 3)]


def test_the_line_of_an_extension(agent):
    at = NOW()
    for number, (etat, since) in enumerate(
        [("sonne", 1), ("sonne", 9), ("decrochee", 60), ("decrochee", 600), ("raccrochee", 1)]
    ):
        Communication.objects.create(
            empreinte=f"c{number}",
            poste="214",
            etat=etat,
            sonne_le=at - timedelta(minutes=since),
            decroche_le=at - timedelta(minutes=since) if etat != "sonne" else None,
        )
    rung, answered = at - line.RINGS, at - line.LASTS
    expected = list(Communication.objects.live("214", rung=rung, answered=answered))
    assert line._LIVE.ask("214", rung, answered) == expected
    assert len(expected) == 2


def test_the_versions_of_a_fiche_and_who_has_read_them(agent, fiche_reponse, make_agent):
    for version in (1, 2, 3):
        Parution.objects.create(
            fiche=fiche_reponse, version=version, importance="changement", parue_le=NOW()
        )
    AccuseLecture.objects.create(parution=Parution.objects.get(version=2), agent=agent)
    AccuseLecture.objects.create(
        parution=Parution.objects.get(version=3), agent=make_agent(username="autre")
    )
    since = NOW() - acknowledge.MUST_READ
    expected = list(fiche_reponse.parutions.since(since).with_reading_of(agent))
    found = acknowledge.recent_versions(fiche_reponse, agent=agent)
    assert found == expected
    assert [each.lue for each in found] == [each.lue for each in expected] == [False, True, False]
    assert all(each.fiche is fiche_reponse for each in found)


def test_a_fiche_by_its_reference_and_the_briefs_filled(agent, fiche_reponse):
    same(redirect.find_published("A39-0001"), Fiche.objects.get(reference="A39-0001"))
    filled = Lacune.objects.create(
        titre="Trottinette", cles=["t"], fiche=fiche_reponse, etat="comblee", close_le=NOW()
    )
    RechercheManquee.objects.create(
        texte="trottinette", genre="sans_resultat", cle="t", le=NOW(), agent=agent, lacune=filled
    )
    since = NOW() - briefs.TOLD
    assert briefs.filled_for(agent) == list(Lacune.objects.filled_for(agent, since=since))
    assert briefs.filled_for(agent) == [filled]
    assert briefs.filled_for(agent)[0].fiche.titre == fiche_reponse.titre
