"""Publishing, drafting, archiving."""

import datetime

import pytest
from django.utils import timezone

from allo3939.shared.models import Changement
from knowledge.enums import Etat, Importance
from knowledge.models import Fiche, Parution, Theme
from knowledge.publish import PublicationImpossible, publish, restore, withdraw


@pytest.fixture
def theme(secteur):
    return Theme.objects.create(code="pacs", titre="Pacs", secteur=secteur)


@pytest.fixture
def brouillon(theme):
    """A native fiche, complete but never published, not yet in the database."""
    return Fiche(
        reference="A39-9701",
        nature="reponse",
        origine="allo3939",
        titre="Conclure un Pacs",
        a_dire="Vous déposez le dossier en mairie ou chez un notaire.",
        mots_cles=["pacs"],
        theme=theme,
        secteur=theme.secteur,
        pieces=["Pièce d'identité"],
        sources=[{"titre": "Code civil, article 515-1", "url": ""}],
        verifiee_le=datetime.date(2026, 10, 14),
    )


def test_publishing_shows_the_fiche_to_agents(brouillon, make_agent):
    agent = make_agent("redacteur")
    fiche = publish(brouillon, by=agent, raison="Nouvelle fiche")
    fiche.refresh_from_db()
    assert (fiche.etat, fiche.version) == (Etat.PUBLIEE, 1)
    assert fiche.publiee_le is not None
    assert fiche.contenu[0]["role"] == "pieces"
    last = fiche.history.first()
    assert (last.history_user, last.history_change_reason) == (agent, "Nouvelle fiche")
    assert Changement.objects.get().cles == ["A39-9701"]


def test_publishing_again_counts_versions(brouillon):
    fiche = publish(brouillon, by=None)
    fiche.titre = "Se pacser"
    assert publish(fiche, by=None).version == 2
    stale = Fiche.objects.get(pk=fiche.pk)
    publish(Fiche.objects.get(pk=fiche.pk), by=None)
    assert publish(stale, by=None).version == 4
    assert Changement.objects.count() == 4


def test_a_fiche_with_faults_stays_as_it_was(brouillon):
    brouillon.sources = []
    with pytest.raises(PublicationImpossible) as refusal:
        publish(brouillon, by=None)
    assert refusal.value.erreurs == ["Il manque au moins une source."]
    assert not Fiche.objects.exists()
    assert not Changement.objects.exists()


def test_an_archived_fiche_stays_readable_and_may_come_back(brouillon):
    fiche = withdraw(publish(brouillon, by=None), by=None)
    assert not Fiche.objects.published().exists()
    assert Fiche.objects.readable().get() == fiche
    assert Changement.objects.count() == 2
    assert publish(fiche, by=None).version == 2


def test_an_archived_fiche_comes_back_as_agents_had_it(brouillon):
    fiche = publish(brouillon, by=None)
    with pytest.raises(PublicationImpossible):
        restore(fiche, by=None)
    withdraw(fiche, by=None)
    assert restore(fiche, by=None).version == 1
    assert Fiche.objects.published().get() == fiche
    assert Changement.objects.count() == 3


def test_a_draft_archived_before_any_publication_stays_unread_and_comes_back_a_draft(brouillon):
    brouillon.save()
    withdraw(brouillon, by=None)
    assert not Fiche.objects.readable().exists()
    assert restore(brouillon, by=None).etat == Etat.BROUILLON


def test_an_imported_fiche_keeps_its_content_and_its_state(secteur):
    contenu = [{"type": "paragraphe", "texte": ["De la source."]}]
    fiche = Fiche.objects.create(
        reference="F1",
        nature="reponse",
        origine="service_public",
        etat=Etat.DISPARUE,
        titre="Source",
        contenu=contenu,
    )
    fiche.a_dire = "Notre texte."
    publish(fiche, by=None)
    fiche.refresh_from_db()
    assert (fiche.contenu, fiche.etat, fiche.a_dire) == (contenu, Etat.DISPARUE, "Notre texte.")


def test_an_overlay_saved_during_an_import_leaves_what_the_import_wrote(secteur):
    Fiche.objects.create(
        reference="F1",
        nature="reponse",
        origine="service_public",
        etat=Etat.PUBLIEE,
        publiee_le=timezone.now(),
        titre="Ancien titre",
        contenu=[{"type": "paragraphe", "texte": ["Ancien."]}],
    )
    stale = Fiche.objects.get()
    imported = Fiche.objects.get()
    imported.titre, imported.version = "Nouveau titre", 2
    imported.contenu = [{"type": "paragraphe", "texte": ["Nouveau."]}]
    imported.save()
    stale.a_dire, stale.mots_cles, stale.secteur = "Notre texte.", ["un mot"], secteur
    saved = publish(stale, by=None)
    fiche = Fiche.objects.get()
    for row in (saved, fiche, fiche.history.first()):
        assert (row.titre, row.version) == ("Nouveau titre", 3)
        assert row.contenu == imported.contenu
        assert (row.a_dire, row.mots_cles, row.secteur) == ("Notre texte.", ["un mot"], secteur)


def test_each_publication_says_what_it_changes(brouillon):
    publish(brouillon, by=None, importance=Importance.CHANGEMENT)
    fiche = Fiche.objects.get()
    publish(fiche, by=None, raison="Nouveau délai", importance=Importance.CHANGEMENT)
    publish(fiche, by=None)

    told = Parution.objects.order_by("version").values_list("version", "importance", "raison")
    assert list(told) == [
        (1, "precision", ""),  # there was no answer before
        (2, "changement", "Nouveau délai"),
        (3, "precision", ""),
    ]
    assert Parution.objects.first().parue_le == fiche.publiee_le


def test_a_refused_publication_tells_nothing(brouillon):
    brouillon.sources = []
    with pytest.raises(PublicationImpossible):
        publish(brouillon, by=None)
    assert not Parution.objects.exists()
