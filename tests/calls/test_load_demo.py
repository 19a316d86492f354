"""The demonstration, from nothing: what each role needs is there, and once."""

import pytest
from django.core.management import CommandError, call_command

from calls.management.commands import load_demo
from knowledge import misses
from knowledge.models import BlocPartage, Fiche, Proposition


@pytest.mark.django_db
def test_it_brings_fiches_propositions_blocks_and_what_agents_lacked_once(
    settings, tmp_path, monkeypatch
):
    settings.DEMONSTRATION, settings.VAR_DIR = True, tmp_path
    monkeypatch.setattr(load_demo, "ORGANISMES", 300)
    call_command("load_demo")
    first = [model.objects.count() for model in (Fiche, Proposition, BlocPartage)]

    assert all(first)
    assert misses.group()
    call_command("load_demo")
    assert [model.objects.count() for model in (Fiche, Proposition, BlocPartage)] == first


@pytest.mark.django_db
def test_it_is_refused_in_production(settings):
    settings.DEMONSTRATION = False
    with pytest.raises(CommandError):
        call_command("load_demo")
