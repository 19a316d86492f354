"""What agents typed goes after ninety days; what is counted stays."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from calls import escalate, purge, record, tasks
from calls.count import count_day
from calls.models import Appel, Communication, Demande, Rectification, Transfert
from calls.rectify import rectify


@pytest.fixture
def full_call(demande, fiche_escalade, secteur, make_agent):
    """A call with each of the texts that an agent may type."""
    record.open_fiche(demande, fiche=fiche_escalade, words="succession contestée")
    transfert = escalate.request(
        demande,
        secteur=secteur,
        motif="trop_complexe",
        precision="trois héritiers",
        fiche=fiche_escalade,
    )
    escalate.refuse(transfert, by=make_agent("informateur"), reason="niveau_1")
    record.close(
        demande.appel,
        outcome="FI",
        useful=False,
        note="voir le notaire",
        precision="le partage",
        motif_inutile="trop courte",
    )
    rectify(demande, by=demande.appel.agent, note="voir un notaire", fiche_utile=None)
    return demande


def texts():
    demande, transfert = Demande.objects.get(), Transfert.objects.get()
    return [
        demande.question,
        demande.recherches,
        demande.note,
        demande.precision,
        demande.motif_inutile,
        transfert.precision,
        transfert.carte["question"],
        *Rectification.objects.filter(champ="note").values_list("avant", "apres").get(),
    ]


def later(days):
    return timezone.now() + timedelta(days=days)


def test_texts_are_emptied_after_ninety_days(full_call):
    purge.purge_texts(now=later(91))

    assert not any(texts())


def test_they_stay_until_then(full_call):
    assert purge.purge_texts(now=later(89)) == 0
    assert all(texts())


def test_what_is_counted_stays(full_call):
    today = timezone.localdate()
    before = count_day(today)

    purge.purge_texts(now=later(91))

    full_call.refresh_from_db()
    consultation = full_call.consultations.get()
    card = Transfert.objects.get().carte
    assert count_day(today) == before
    assert (full_call.issue_id, consultation.version) == ("FI", 1)
    assert [fiche["reference"] for fiche in card["fiches"]] == ["A39-0002"]
    kept = Rectification.objects.get(champ="fiche_utile")
    assert (kept.avant, kept.apres) == ("non", "")


def test_a_second_purge_finds_nothing_more(full_call):
    assert purge.purge_texts(now=later(91)) == 3
    assert purge.purge_texts(now=later(91)) == 0


def test_it_goes_batch_after_batch(make_agent, monkeypatch):
    monkeypatch.setattr(purge, "BATCH", 2)
    agent = make_agent()
    for _ in range(5):
        appel = record.pick_up(agent)
        record.close(appel, outcome="AB", note="raccroché aussitôt")

    assert purge.purge_texts(now=later(91)) == 5
    assert not Demande.objects.exclude(note="").exists()


def test_the_task_empties_what_is_old_and_beat_runs_it(full_call):
    Appel.objects.update(commence_le=later(-91))

    tasks.purge_texts()

    assert Demande.objects.get().note == ""
    planned = [entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()]
    assert tasks.purge_texts.name in planned


@pytest.fixture
def told_call(demande):
    """A call that the switch told of, from the ring to the end."""
    now = timezone.now()
    return Communication.objects.create(
        empreinte="e" * 64,
        poste="214",
        appel=demande.appel,
        etat="raccrochee",
        sonne_le=now,
        decroche_le=now,
        raccroche_le=now,
    )


def test_what_the_switch_told_is_deleted_after_ninety_days_and_the_call_stays(told_call):
    assert purge.purge_communications(now=later(89)) == 0

    assert purge.purge_communications(now=later(91)) == 1

    assert not Communication.objects.exists()
    assert Appel.objects.filter(pk=told_call.appel_id).exists()


@pytest.mark.parametrize(("decroche", "gone"), [(True, False), (False, True)])
def test_a_call_whose_end_was_lost_goes_by_the_last_instant_told(told_call, decroche, gone):
    now = timezone.now()
    told_call.etat, told_call.raccroche_le = "decrochee", None
    told_call.sonne_le, told_call.decroche_le = later(-91), now if decroche else None
    told_call.save()

    assert purge.purge_communications(now=now) == int(gone)


def test_the_task_deletes_what_the_switch_told_and_beat_runs_it(told_call):
    Communication.objects.update(raccroche_le=later(-91))

    tasks.purge_communications()

    assert not Communication.objects.exists()
    planned = [entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()]
    assert tasks.purge_communications.name in planned
