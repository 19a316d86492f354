"""The choices of a merge: three values for each field, nothing that differs left unsaid."""

from knowledge.forms import FusionForm
from knowledge.propose import show
from knowledge.propose.submit import Collision
from tests.knowledge.test_compose import PARCOURS


def collision(champ="titre", avant="Le Pacs", mienne="Le Pacs en mairie", leur="Conclure un Pacs"):
    return Collision(champ=champ, avant=avant, mienne=mienne, leur=leur, par="Poste 7", le=None)


def test_each_field_has_three_values_word_by_word():
    form = FusionForm(collisions=[collision()])
    [champ] = form.champs()
    assert champ["champ"].label == "Titre"
    assert champ["avant"] == "Le Pacs"
    assert champ["mienne"].passages[0].morceaux == (("garde", "Le Pacs"), ("ajoute", "en mairie"))
    [(theirs, face)] = champ["leurs"]
    assert (theirs.par, face.texte) == ("Poste 7", "Conclure un Pacs")


def test_every_field_must_be_settled():
    both = [collision(), collision("cout", ["12 €"], ["15 €"], ["16 €"])]
    form = FusionForm({"titre": "leur"}, collisions=both)
    assert list(form.errors) == ["cout"]
    form = FusionForm({"titre": "leur", "cout": "mienne"}, collisions=both)
    assert form.is_valid()
    assert form.choix() == {"titre": "leur", "cout": "mienne"}


def test_two_who_changed_the_same_field_are_shown_and_settled_once():
    form = FusionForm(collisions=[collision(), collision(leur="Le Pacs chez le notaire")])
    [champ] = form.champs()
    assert len(champ["leurs"]) == 2


def test_offices_are_named_as_agents_name_them():
    assert show("organismes", ["mairie", "tj"]) == "Mairie\nTribunal judiciaire"


def test_a_word_of_a_case_is_seen_in_a_parcours():
    other = {
        "questions": PARCOURS["questions"],
        "issues": [
            PARCOURS["issues"][0] | {"a_dire": "Un autre texte."},
            *PARCOURS["issues"][1:],
        ],
    }
    assert "Un autre texte." in show("parcours", other)
    form = FusionForm(collisions=[collision("parcours", PARCOURS, other, PARCOURS)])
    [champ] = form.champs()
    assert champ["mienne"].passages
