"""From a change to what agents read: written, merged, approved by somebody else, published."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from allo3939.accounts.models import Secteur, Trace
from knowledge import propose
from knowledge.models import BlocPartage, Fiche, Proposition, Theme
from knowledge.propose import (
    PropositionDepassee,
    PropositionEnCollision,
    PropositionInterdite,
)
from knowledge.publish import PublicationImpossible, publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def fiche(secteur):
    theme = Theme.objects.create(code="etat-civil", titre="État civil", secteur=secteur)
    return publish(
        Fiche(
            reference="A39-0900",
            nature="reponse",
            origine="allo3939",
            titre="Acte de naissance",
            a_dire="L'acte de naissance se demande à la mairie du lieu de naissance.",
            mots_cles=["acte"],
            theme=theme,
            secteur=secteur,
            sources=[{"titre": "Code civil", "url": ""}],
            verifiee_le=date(2026, 11, 3),
        ),
        by=None,
    )


@pytest.fixture
def write(fiche):
    """Open a proposition on the fiche, or go on with it, and save values as the form would."""

    def save(agent, *, seen=None, motif="Plus précis", on=None, **champs):
        proposition = on or propose.open_proposition(fiche, by=agent)
        edited = propose.as_typed(proposition)
        for name, value in champs.items():
            setattr(edited, name, value)
        lue = seen or proposition.fiche.history.first().history_id
        return propose.save(
            proposition,
            by=agent,
            edited=edited,
            lue=lue,
            revision=proposition.revision,
            motif=motif,
        )

    return save


def test_a_change_approved_by_somebody_else_is_what_agents_read(write, autrice, relectrice, fiche):
    proposition = write(autrice, a_dire="Demandez l'acte à la mairie de naissance.")
    proposition = propose.submit(proposition, by=autrice)
    fiche.refresh_from_db()
    assert fiche.a_dire.startswith("L'acte")

    proposition = propose.approve(proposition, by=relectrice, commentaire="Bien vu.")

    fiche.refresh_from_db()
    assert (proposition.etat, fiche.a_dire, fiche.version) == (
        "publiee",
        "Demandez l'acte à la mairie de naissance.",
        2,
    )
    assert proposition.version_publiee == 2
    gestes = list(proposition.etapes.values_list("geste", flat=True))
    assert gestes == ["ouvrir", "soumettre", "approuver", "publier"]


def test_only_the_fields_that_changed_are_carried(write, autrice):
    proposition = write(autrice, titre="Acte de naissance d'un enfant")
    assert proposition.champs == {"titre": "Acte de naissance d'un enfant"}
    assert proposition.base == {"titre": "Acte de naissance"}


def test_its_author_does_not_approve_it(write, autrice):
    proposition = propose.submit(write(autrice, titre="Autre titre"), by=autrice)
    with pytest.raises(PropositionInterdite):
        propose.approve(proposition, by=autrice)


def test_the_database_refuses_a_publication_nobody_approved(write, autrice):
    proposition = write(autrice, titre="Autre titre")
    with pytest.raises(IntegrityError), transaction.atomic():
        Proposition.objects.filter(pk=proposition.pk).update(etat="publiee")


def test_a_partenaire_proposes_in_the_sector_and_approves_nothing(write, make_agent, autrice):
    partenaire = make_agent("partenaire")
    own = propose.submit(write(partenaire, titre="Acte de naissance : où ?"), by=partenaire)
    other = propose.submit(write(autrice, a_dire="Demandez-le en mairie."), by=autrice)
    assert list(Proposition.objects.visible_to(partenaire).order_by("pk")) == [own, other]
    for proposition in (own, other):
        with pytest.raises(PropositionInterdite):
            propose.approve(proposition, by=partenaire)


def test_a_partenaire_does_not_change_whose_the_fiche_is(write, make_agent):
    autre = Secteur.objects.create(slug="fiscalite", nom="Fiscalité", ordre=5)
    with pytest.raises(PropositionInterdite):
        write(make_agent("partenaire"), secteur=autre)


@pytest.mark.parametrize("role", ["teleconseiller", "superviseur", "administrateur"])
def test_other_roles_propose_nothing(role, make_agent, fiche):
    with pytest.raises(PropositionInterdite):
        propose.open_proposition(fiche, by=make_agent(role))
    assert not Proposition.objects.visible_to(make_agent(role, username="autre")).exists()


def test_another_sector_sees_nothing(write, make_agent, autrice, fiche):
    autre = Secteur.objects.create(slug="fiscalite", nom="Fiscalité", ordre=5)
    partenaire = make_agent("partenaire", secteur=autre)
    write(autrice, titre="Un titre")
    assert not Proposition.objects.visible_to(partenaire).exists()
    with pytest.raises(PropositionInterdite):
        propose.open_proposition(fiche, by=partenaire)


def test_the_second_to_submit_settles_each_field(write, autrice, make_agent):
    partenaire = make_agent("partenaire")
    first = write(partenaire, titre="Titre du partenaire", mots_cles=["naissance"])
    second = write(autrice, titre="Titre de la rédaction", a_dire="Demandez-le en mairie.")
    propose.submit(first, by=partenaire)

    with pytest.raises(PropositionEnCollision) as refusal:
        propose.submit(second, by=autrice)
    assert [each.champ for each in refusal.value.collisions] == ["titre"]

    second = propose.merge(second, by=autrice, choix={"titre": "mienne"})
    assert propose.submit(second, by=autrice).etat == "a_relire"


def test_what_was_published_meanwhile_is_never_undone_in_silence(
    write, autrice, relectrice, make_agent, fiche
):
    seen = fiche.history.first().history_id
    third = make_agent("redacteur", username="troisième")
    propose.approve(propose.submit(write(third, titre="Nouveau titre"), by=third), by=relectrice)
    # The form of the author still has the former title.
    mine = write(autrice, seen=seen, titre="Acte de naissance", a_dire="Demandez-le en mairie.")
    assert mine.champs == {"a_dire": "Demandez-le en mairie."}

    propose.approve(propose.submit(mine, by=autrice), by=relectrice)
    fiche.refresh_from_db()
    assert (fiche.titre, fiche.a_dire) == ("Nouveau titre", "Demandez-le en mairie.")


def test_an_approval_stops_at_a_field_published_otherwise(write, autrice, relectrice, make_agent):
    third = make_agent("redacteur", username="troisième")
    mine = propose.submit(write(autrice, titre="Titre A"), by=autrice)
    other = write(third, titre="Titre B")
    other = propose.submit(propose.merge(other, by=third, choix={"titre": "mienne"}), by=third)
    propose.approve(other, by=relectrice)
    with pytest.raises(PropositionEnCollision):
        propose.approve(mine, by=relectrice)


def test_another_window_does_not_overwrite(write, autrice):
    proposition = write(autrice, titre="Un titre")
    stale = Proposition.objects.get(pk=proposition.pk)
    write(autrice, on=proposition, titre="Un titre plus long")
    with pytest.raises(PropositionDepassee):
        write(autrice, on=stale, titre="Perdu")


def test_a_fault_is_told_and_nothing_is_submitted(write, autrice):
    proposition = write(autrice, a_dire=" ".join(["mot"] * 90), motif="")
    with pytest.raises(PublicationImpossible) as refusal:
        propose.submit(proposition, by=autrice)
    assert len(refusal.value.erreurs) == 2
    proposition.refresh_from_db()
    assert proposition.etat == "brouillon"


def test_a_programmed_one_waits_for_its_day_and_is_late_never_lost(
    write, autrice, relectrice, fiche
):
    proposition = write(autrice, a_dire="Le nouveau tarif s'applique.")
    tomorrow = timezone.localdate() + timedelta(days=1)
    Proposition.objects.filter(pk=proposition.pk).update(effet_le=tomorrow)
    proposition = propose.approve(propose.submit(proposition, by=autrice), by=relectrice)
    assert proposition.etat == "programmee"
    assert propose.publish_due(on=timezone.localdate()) == (0, [])
    assert propose.publish_due(on=tomorrow + timedelta(days=3)) == (1, [])
    assert propose.publish_due(on=tomorrow + timedelta(days=3)) == (0, [])
    fiche.refresh_from_db()
    assert fiche.a_dire == "Le nouveau tarif s'applique."


def test_one_that_cannot_be_published_on_its_day_says_why(write, autrice, relectrice, make_agent):
    third = make_agent("redacteur", username="troisième")
    proposition = write(autrice, titre="Titre de janvier")
    tomorrow = timezone.localdate() + timedelta(days=1)
    Proposition.objects.filter(pk=proposition.pk).update(effet_le=tomorrow)
    propose.approve(propose.submit(proposition, by=autrice), by=relectrice)
    other = write(third, titre="Titre d'ici là")
    other = propose.submit(propose.merge(other, by=third, choix={"titre": "mienne"}), by=third)
    propose.approve(other, by=relectrice)

    for _ in range(2):
        done, blocked = propose.publish_due(on=tomorrow)
        assert (done, [each.pk for each in blocked]) == (0, [proposition.pk])
    proposition.refresh_from_db()
    assert "titre" in proposition.blocage
    assert proposition.etapes.filter(geste="bloquer").count() == 1


def test_a_forced_publication_is_a_right_with_a_reason_and_a_trace(write, make_agent, fiche):
    agent = make_agent("redacteur", username="seule")
    proposition = write(agent, titre="Titre urgent")
    with pytest.raises(PropositionInterdite):
        propose.force(proposition, by=agent, motif="Numéro faux")
    agent.publie_sans_relecture = True
    agent.save()
    with pytest.raises(ValueError, match="Dites pourquoi"):
        propose.force(proposition, by=agent, motif=" ")
    propose.force(proposition, by=agent, motif="Numéro faux")
    fiche.refresh_from_db()
    assert fiche.titre == "Titre urgent"
    trace = Trace.objects.get()
    assert (trace.acte, trace.agent, trace.details["motif"]) == (
        "publication_forcee",
        agent,
        "Numéro faux",
    )


def test_one_sent_back_is_corrected_and_submitted_again(write, autrice, relectrice):
    proposition = propose.submit(write(autrice, titre="Titre"), by=autrice)
    with pytest.raises(ValueError, match="Dites pourquoi"):
        propose.send_back(proposition, by=relectrice, commentaire="")
    proposition = propose.send_back(proposition, by=relectrice, commentaire="Trop court.")
    assert proposition.etat == "a_corriger"
    proposition = write(autrice, on=proposition, titre="Titre plus long")
    assert propose.submit(proposition, by=autrice).etat == "a_relire"


def test_what_is_withdrawn_or_set_aside_can_be_taken_up_again(write, autrice, relectrice):
    proposition = propose.withdraw(write(autrice, titre="Titre"), by=autrice)
    proposition = propose.submit(propose.restart(proposition, by=autrice), by=autrice)
    proposition = propose.set_aside(proposition, by=relectrice, commentaire="Faux.")
    assert propose.restart(proposition, by=autrice).champs == {"titre": "Titre"}


def test_going_back_to_a_version_is_a_proposition(write, autrice, relectrice, fiche):
    before = fiche.history.first().history_id
    propose.approve(propose.submit(write(autrice, titre="Titre"), by=autrice), by=relectrice)
    proposition = propose.revert(fiche, to=before, by=autrice)
    assert proposition.champs == {"titre": "Acte de naissance"}
    fiche.refresh_from_db()
    assert fiche.titre == "Titre"


def test_a_new_fiche_is_a_draft_until_its_first_proposition_is_approved(
    autrice, relectrice, fiche, secteur
):
    proposition = propose.create_fiche(
        by=autrice,
        champs={
            "titre": "Livret de famille perdu",
            "secteur": secteur.pk,
            "theme": fiche.theme_id,
            "a_dire": "Demandez un double à la mairie.",
            "mots_cles": ["livret"],
            "sources": [{"titre": "Décret", "url": ""}],
            "verifiee_le": "2026-11-03",
        },
    )
    assert proposition.fiche.etat == "brouillon"
    assert not Fiche.objects.readable().filter(pk=proposition.fiche.pk).exists()
    propose.approve(propose.submit(proposition, by=autrice), by=relectrice)
    published = Fiche.objects.published().get(pk=proposition.fiche.pk)
    assert (published.a_dire, published.version) == ("Demandez un double à la mairie.", 1)


def test_a_shared_block_is_written_in_at_publication_and_stays_named_in_the_form(
    write, autrice, relectrice, fiche
):
    bloc = BlocPartage.objects.create(code="smic", titre="Smic horaire", genre="montant")
    bloc.valeurs.create(
        texte="11,88 €",
        du=date(2024, 11, 1),
        auteur=autrice,
        approuvee_par=relectrice,
        approuvee_le=timezone.now(),
    )
    proposition = write(autrice, a_dire="Le Smic est de {bloc:smic} de l'heure.")
    propose.approve(propose.submit(proposition, by=autrice), by=relectrice)
    fiche.refresh_from_db()
    assert fiche.a_dire == "Le Smic est de 11,88 € de l'heure."
    assert list(Fiche.objects.using_block("smic")) == [fiche]
    again = propose.open_proposition(fiche, by=autrice)
    assert propose.as_typed(again).a_dire == "Le Smic est de {bloc:smic} de l'heure."


def test_a_block_without_a_value_keeps_the_fiche_from_being_submitted(write, autrice):
    proposition = write(autrice, a_dire="Le Smic est de {bloc:inconnu}.")
    with pytest.raises(PublicationImpossible, match="inconnu"):
        propose.submit(proposition, by=autrice)
