"""A shared block: one place to change an amount, approved by somebody else, written in."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from knowledge import propose, share
from knowledge.models import BlocPartage, Fiche, Theme
from knowledge.publish import publish, restore, withdraw
from knowledge.tasks import apply_shared_values

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


@pytest.fixture
def bloc():
    return BlocPartage.objects.create(code="timbre", titre="Timbre fiscal", genre="montant")


@pytest.fixture
def add(bloc, autrice):
    def value(texte="86 €", du=None, **fields):
        fields = {"source": "Code général des impôts", "importance": "changement"} | fields
        return share.add_value(bloc, texte=texte, du=du or TODAY(), by=autrice, **fields)

    return value


@pytest.fixture
def fiche(add, relectrice, secteur):
    """A published fiche that names the block, whose value is 86 €."""
    share.approve_value(add(du=date(2020, 1, 1)), by=relectrice)
    return publish(
        Fiche(
            reference="A39-0901",
            nature="reponse",
            origine="allo3939",
            titre="Passeport",
            a_dire="Le passeport coûte {bloc:timbre}.",
            mots_cles=["passeport"],
            cout=["Adulte : {bloc:timbre}"],
            theme=Theme.objects.create(code="papiers", titre="Papiers", secteur=secteur),
            sources=[{"titre": "CGI", "url": ""}],
            verifiee_le=date(2026, 11, 3),
        ),
        by=None,
    )


def test_a_value_approved_is_written_in_all_the_texts_that_name_it(fiche, add, relectrice):
    assert fiche.a_dire == "Le passeport coûte 86 €."
    assert "Adulte : 86 €" in str(fiche.contenu)

    done = share.approve_value(add("92 €"), by=relectrice)

    assert [each.reference for each in done] == ["A39-0901"]
    fiche.refresh_from_db()
    assert (fiche.a_dire, fiche.cout) == ("Le passeport coûte 92 €.", ["Adulte : 92 €"])
    assert "Adulte : 92 €" in str(fiche.contenu)
    parution = fiche.parutions.first()
    assert (parution.importance, "Timbre fiscal" in parution.raison) == ("changement", True)


def test_a_fiche_restored_says_the_value_of_today(fiche, add, relectrice):
    withdraw(fiche, by=relectrice)
    share.approve_value(add("92 €"), by=relectrice)

    restored = restore(fiche, by=relectrice)

    fiche.refresh_from_db()
    assert (fiche.etat, fiche.a_dire) == ("publiee", "Le passeport coûte 92 €.")
    assert (restored.version, fiche.version) == (2, 2)
    withdraw(fiche, by=relectrice)
    assert restore(fiche, by=relectrice).version == 2


def test_a_value_is_approved_by_somebody_else(add, autrice, fiche):
    valeur = add("92 €")
    with pytest.raises(share.ValeurRefusee):
        share.approve_value(valeur, by=autrice)
    fiche.refresh_from_db()
    assert fiche.a_dire == "Le passeport coûte 86 €."


def test_a_value_to_come_is_written_on_its_day_and_once(fiche, add, relectrice):
    day = TODAY() + timedelta(days=10)
    assert share.approve_value(add("92 €", du=day), by=relectrice) == []
    apply_shared_values()
    fiche.refresh_from_db()
    assert fiche.version == 1

    late = day + timedelta(days=2)
    written = [len(share.apply_due(on=late)[0]) for _ in range(2)]
    assert written == [1, 0]
    fiche.refresh_from_db()
    assert (fiche.a_dire, fiche.version) == ("Le passeport coûte 92 €.", 2)


def test_the_form_still_names_the_block_after_a_new_value(fiche, add, relectrice, autrice):
    share.approve_value(add("92 €"), by=relectrice)
    proposition = propose.open_proposition(fiche, by=autrice)
    assert propose.as_typed(proposition).a_dire == "Le passeport coûte {bloc:timbre}."


def test_a_fiche_its_checks_refuse_keeps_its_text(fiche, add, relectrice):
    long = "un " * 70
    share.approve_value(add(long), by=relectrice)
    fiche.refresh_from_db()
    assert (fiche.a_dire, fiche.version) == ("Le passeport coûte 86 €.", 1)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"source": " "}, "source"),
        ({"au": date(2000, 1, 1)}, "fin"),
        ({"du": date(2020, 1, 1)}, "déjà"),
    ],
)
def test_a_value_that_makes_no_sense_is_refused(fiche, add, given, told):
    with pytest.raises(share.ValeurRefusee, match=told):
        add(**given)


def test_others_keep_no_block(bloc, make_agent):
    with pytest.raises(share.ValeurRefusee):
        share.add_value(
            bloc,
            texte="1 €",
            du=TODAY(),
            source="x",
            importance="precision",
            by=make_agent("partenaire"),
        )


# The rédacteurs' page -----------------------------------------------------------------------------


def test_a_redacteur_adds_a_value_and_another_approves_it(client, login, fiche, bloc):
    page = reverse("admin:knowledge_blocpartage_change", args=[bloc.pk])
    login("redacteur", username="une")
    data = {
        "_ajouter": "1",
        "texte": "92 €",
        "du": TODAY().isoformat(),
        "source": "CGI",
        "importance": "precision",
    }
    answer = client.post(page, data, follow=True)
    assert "attend l'approbation" in answer.content.decode()
    valeur = bloc.valeurs.get(texte="92 €")
    assert client.post(page, {"_approuver": valeur.pk}).status_code == 422
    login("redacteur", username="deux")
    page_read = client.get(page).content.decode()
    assert "A39-0901" in page_read
    client.post(page, {"_approuver": valeur.pk})
    fiche.refresh_from_db()
    assert fiche.a_dire == "Le passeport coûte 92 €."


@pytest.mark.parametrize("role", ["partenaire", "informateur", "superviseur", "administrateur"])
def test_others_do_not_see_the_page(client, login, bloc, role):
    login(role)
    page = reverse("admin:knowledge_blocpartage_change", args=[bloc.pk])
    assert client.get(page).status_code == 403
    assert client.get(reverse("admin:knowledge_blocpartage_changelist")).status_code == 403
