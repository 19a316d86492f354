"""A question closed for want of a fiche reaches the rédacteurs, and comes back answered."""

from calls import record
from calls.propose import propose_recent
from calls.rectify import rectify
from knowledge import misses
from knowledge.models import RechercheManquee


def close(demande, outcome, **lines):
    record.close(demande.appel, outcome=outcome, words="chat errant", **lines)
    demande.refresh_from_db()
    return demande


def kept():
    return list(RechercheManquee.objects.values_list("genre", "texte", "precision"))


def test_a_question_without_a_fiche_is_a_miss_with_its_line(demande):
    close(demande, "PF", precision="rien sur les animaux")
    assert kept() == [("pas_de_fiche", "chat errant", "rien sur les animaux")]


def test_a_fiche_that_did_not_do_is_named(demande, fiche_reponse):
    record.open_fiche(demande, fiche=fiche_reponse, words="succession")
    close(demande, "FI", precision="rien sur l'indivision")
    miss = RechercheManquee.objects.get(genre="insuffisante")
    assert (miss.fiche, miss.agent) == (fiche_reponse, demande.appel.agent)


def test_a_question_that_was_answered_is_none(demande, fiche_reponse):
    record.open_fiche(demande, fiche=fiche_reponse, words="succession")
    close(demande, "RE")
    assert kept() == []


def test_an_outcome_put_right_takes_its_miss_back(demande):
    close(demande, "PF", precision="rien sur les animaux")
    rectify(demande, by=demande.appel.agent, issue="HC")
    assert kept() == []
    rectify(demande, by=demande.appel.agent, issue="PF")
    assert [genre for genre, *_ in kept()] == ["pas_de_fiche"]


def test_the_fiche_that_answers_is_told_before_typing_to_who_missed_it(
    demande, fiche_reponse, make_agent
):
    close(demande, "PF", precision="rien sur les animaux")
    lacune = misses.take(misses.group()[0], by=make_agent("redacteur"))
    misses.fill(lacune.pk, fiche=fiche_reponse)
    told = {groupe.titre: groupe.lignes for groupe in propose_recent(demande.appel.agent).groupes}
    (line,) = told["Répond à ce que j'ai cherché"]
    assert line.trouvaille.cle == fiche_reponse.reference
    assert "Chat errant" in line.trouvaille.complement
