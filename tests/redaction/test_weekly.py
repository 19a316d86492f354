"""What a sector is told of its week: five lines at most, in words."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from allo3939.redaction.sector import weekly
from knowledge import propose
from knowledge.models import Fiche, Lacune, UsageFiche

pytestmark = pytest.mark.django_db


@pytest.fixture
def since():
    return timezone.now() - timedelta(days=7)


def test_a_week_without_anything_is_not_told(secteur, since):
    assert weekly(secteur, since) == []


def test_what_was_sent_back_comes_first_with_what_was_said(
    secteur, since, make_agent, make_fiche, write, relectrice
):
    proposition = write(make_agent("partenaire"), make_fiche(), submit=True, titre="Acte perdu")
    propose.send_back(proposition, by=relectrice, commentaire="Citez l'article.")
    Lacune.objects.create(titre="Livret perdu", cles=["livret"], fiche=proposition.fiche)

    points = weekly(secteur, since)

    assert [point.vue for point in points[:2]] == ["redaction-proposition", "redaction-secteur"]
    assert points[0].raison == "Renvoyée à corriger\u00a0: Citez l'article."
    assert points[1].titre == "Livret perdu"


def test_an_old_fiche_is_told_when_it_serves(secteur, since, make_fiche):
    old = timezone.localdate() - timedelta(days=800)
    make_fiche("A39-0901", verifiee_le=old)
    used = make_fiche("A39-0902", verifiee_le=old)
    Fiche.objects.update(publiee_le=since - timedelta(days=100))
    UsageFiche.objects.create(fiche=used, jour=timezone.localdate(), consultations=12)

    points = weekly(secteur, since)

    assert [(point.vue, point.args) for point in points] == [("redaction-fiche", ("A39-0902",))]
    assert points[0].raison.endswith(", 12 appels en 90 jours.")


def test_there_are_five_lines_at_most_and_each_leads_to_a_page(
    secteur, since, make_agent, make_fiche, write, relectrice, autre
):
    agent = make_agent("partenaire")
    for n in range(8):
        proposition = write(agent, make_fiche(f"A39-09{n:02}"), submit=True, titre=f"Titre {n}")
        propose.send_back(proposition, by=relectrice, commentaire="À revoir.")
        Lacune.objects.create(titre=f"Lacune {n}", cles=["x"], fiche=proposition.fiche)

    points = weekly(secteur, since)

    assert len(points) == 5
    assert all(reverse(point.vue, args=point.args) for point in points)
    assert weekly(autre, since) == []
