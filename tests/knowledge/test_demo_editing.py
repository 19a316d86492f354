"""The demonstration's propositions, blocks and misses load once, by the verbs of the pages."""

from collections import Counter

import pytest
from django.conf import settings as project

from allo3939.accounts.demo import create_accounts
from knowledge import misses
from knowledge.demo import load_editing
from knowledge.load import load_fiches, load_secteurs
from knowledge.models import BlocPartage, Proposition, ValeurBloc

FIXTURES = project.BASE_DIR / "fixtures"


@pytest.mark.django_db
def test_each_state_is_shown_and_a_second_load_adds_nothing(settings):
    settings.DEMONSTRATION = True
    load_secteurs(FIXTURES / "secteurs.toml")
    load_fiches(FIXTURES / "fiches")
    create_accounts()

    assert load_editing(FIXTURES / "redaction.toml") == Proposition.objects.count()
    assert load_editing(FIXTURES / "redaction.toml") == 0

    states = Counter(Proposition.objects.values_list("etat", flat=True))
    assert states == {"a_relire": 2, "a_corriger": 1, "programmee": 1, "brouillon": 1}
    waiting = [valeur.bloc.code for valeur in ValeurBloc.objects.filter(approuvee_le=None)]
    assert waiting == ["adresse-conciliateur"]
    assert (
        ValeurBloc.objects.filter(approuvee_le__isnull=False).count() == BlocPartage.objects.count()
    )
    assert sum(found.nombre for found in misses.group()) == 11
