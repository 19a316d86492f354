"""The propositions of a sector: listed by state, told whole, answered, taken back."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from knowledge import propose
from knowledge.models import Proposition

LIST = "/redaction/propositions/"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def agent(login):
    return login("partenaire")


@pytest.fixture
def fiche(make_fiche):
    return make_fiche()


def text(answer):
    return " ".join(answer.content.decode().split())


def test_a_proposition_tells_what_changes_its_way_and_what_was_said(
    client, agent, fiche, write, relectrice
):
    proposition = write(agent, fiche, submit=True, a_dire="L'acte se demande en ligne.",
                        mots_cles=["acte", "naissance"])  # fmt: skip
    propose.send_back(proposition, by=relectrice, commentaire="Citez l'article.")

    page = text(client.get(proposition.get_absolute_url()))

    assert "À corriger" in page
    assert "<b>Pourquoi :</b> Plus précis" in page.replace("\xa0", " ")
    assert "ajouté : </span>en ligne.</ins>" in page
    assert "Mots-clés" in page
    assert "Soumise à relecture" in page
    assert "Citez l&#x27;article." in page
    assert reverse("redaction-fiche", args=[fiche.reference]) in page


def test_it_tells_the_same_once_published(client, agent, fiche, write, relectrice):
    proposition = write(agent, fiche, submit=True, titre="Acte de naissance perdu")
    before = text(client.get(proposition.get_absolute_url()))
    propose.approve(proposition, by=relectrice)
    after = text(client.get(proposition.get_absolute_url()))
    changed = "ajouté : </span>Acte"
    assert changed in before
    assert changed in after
    assert "version 2" in after


def test_a_redacteur_who_is_sent_its_address_goes_on_to_where_it_is_decided(
    client, login, agent, fiche, write
):
    proposition = write(agent, fiche, submit=True, titre="Acte de naissance perdu")
    login("redacteur")

    answer = client.get(proposition.get_absolute_url())

    decided = reverse("admin:knowledge_proposition_change", args=[proposition.pk])
    assert (answer.status_code, answer.url) == (302, decided)
    assert client.get(f"{proposition.get_absolute_url()}apercu/").status_code == 403


def test_submitted_withdrawn_and_taken_up_again(client, agent, fiche, write):
    proposition = write(agent, fiche, titre="Autre titre")
    address = proposition.get_absolute_url()
    for geste, etat in (
        ("soumettre", "a_relire"),
        ("retirer", "retiree"),
        ("reprendre", "brouillon"),
    ):
        answer = client.post(address, {"geste": geste})
        assert answer.url == address
        proposition.refresh_from_db()
        assert proposition.etat == etat


def test_what_keeps_it_from_being_submitted_is_said(client, agent, fiche, write):
    proposition = write(agent, fiche, motif="", titre="Autre titre")
    answer = client.post(proposition.get_absolute_url(), {"geste": "soumettre"})
    assert answer.status_code == 422
    assert "Dites en quelques mots pourquoi." in text(answer)


def test_a_comment_answers_the_reviewer(client, agent, fiche, write):
    proposition = write(agent, fiche, submit=True, titre="Autre titre")
    client.post(
        proposition.get_absolute_url(),
        {"geste": "commenter", "commentaire": "C'est l'article 34."},
    )
    step = proposition.etapes.last()
    assert (step.geste, step.agent, step.commentaire) == (
        "commenter",
        agent,
        "C'est l'article 34.",
    )


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("", "Écrivez votre commentaire."),
        ("Rappeler Mme Lucie Martin au 06 12 34 56 78", "L&#x27;appelant reste anonyme"),
        ("x" * 1001, "Le commentaire est trop long"),
    ],
)
def test_a_comment_that_will_not_do_is_refused_in_words(client, agent, fiche, write, said, told):
    proposition = write(agent, fiche, submit=True, titre="Autre titre")
    steps = proposition.etapes.count()
    answer = client.post(
        proposition.get_absolute_url(), {"geste": "commenter", "commentaire": said}
    )
    assert answer.status_code == 422
    assert told in text(answer)
    assert proposition.etapes.count() == steps


def test_a_colleagues_is_read_and_not_taken_back(client, agent, fiche, write, make_agent):
    colleague = make_agent("informateur", username="collègue")
    proposition = write(colleague, fiche, titre="Autre titre")
    page = text(client.get(proposition.get_absolute_url()))
    assert "Soumettre à relecture" not in page
    assert "Retirer" not in page
    answer = client.post(proposition.get_absolute_url(), {"geste": "retirer"})
    assert answer.status_code == 403
    assert "Seul son auteur" in text(answer)
    proposition.refresh_from_db()
    assert proposition.etat == "brouillon"


def test_what_has_been_decided_meanwhile_is_said(client, agent, fiche, write, relectrice):
    proposition = write(agent, fiche, submit=True, titre="Autre titre")
    propose.approve(proposition, by=relectrice)
    answer = client.post(proposition.get_absolute_url(), {"geste": "retirer"})
    assert answer.status_code == 409
    assert "déjà publiée" in text(answer)


def test_the_preview_is_what_agents_will_read(client, agent, fiche, write):
    proposition = write(agent, fiche, a_dire="Demandez l'acte en ligne.")
    page = text(client.get(reverse("redaction-proposition-apercu", args=[proposition.pk])))
    assert "Demandez l&#x27;acte en ligne." in page
    assert proposition.get_absolute_url() in page
    assert "/administration/" not in page


def test_the_preview_follows_the_questions(client, agent, fiche, write):
    parcours = {
        "questions": [{"code": "q", "texte": "Né en France ?",
                       "choix": [{"code": "oui", "libelle": "Oui"}, {"code": "non", "libelle": "Non"}]}],  # noqa: E501
        "issues": [
            {"titre": "En France", "si": {"q": ["oui"]}, "a_dire": "À la mairie."},
            {"titre": "À l'étranger", "si": {"q": ["non"]}, "a_dire": "À Nantes."},
        ],
    }  # fmt: skip
    proposition = write(agent, fiche, parcours=parcours)
    address = reverse("redaction-proposition-apercu", args=[proposition.pk])
    assert "À Nantes." in text(client.get(f"{address}?chemin=2"))
    assert "Né en France" in text(client.get(f"{address}?chemin=99"))


def test_the_list_is_narrowed_by_state_and_author(
    client, agent, make_fiche, write, make_agent, autre
):
    write(agent, make_fiche("A39-0901"), titre="Brouillon de moi", motif="un")
    write(agent, make_fiche("A39-0902"), titre="Soumise par moi", submit=True, motif="deux")
    colleague = make_agent("informateur", username="collègue")
    write(colleague, make_fiche("A39-0903"), titre="D'un collègue", motif="trois")
    stranger = make_agent("partenaire", username="ailleurs", secteur=autre)
    write(stranger, make_fiche("A39-0904", owner=autre), titre="Ailleurs", motif="quatre")

    def shown(query=""):
        page = text(client.get(LIST + query, headers=HTMX))
        return {word for word in ("un", "deux", "trois", "quatre") if f"· {word}</span>" in page}

    assert shown() == {"un", "deux", "trois"}
    assert shown("?miennes=on") == {"un", "deux"}
    assert shown("?etat=a_relire") == {"deux"}
    assert shown("?etat=publiee") == set()
    assert client.get(f"{LIST}?etat=x", headers=HTMX).status_code == 422


def test_the_list_without_any_says_where_one_begins(client, agent):
    assert "Aucune proposition." in text(client.get(LIST))


def test_the_partial_is_the_pages_own(client, agent, fiche, write):
    write(agent, fiche, titre="Autre titre")
    swapped = text(client.get(LIST, headers=HTMX))
    told = '<p id="a39-direct" hx-swap-oob="innerHTML">1 proposition</p> '
    assert swapped.replace(told, "") in text(client.get(LIST))


def test_two_changes_of_one_field_are_settled_before_submitting(
    client, agent, fiche, write, make_agent
):
    colleague = make_agent("informateur", username="collègue", poste="Poste 34")
    write(colleague, fiche, titre="Titre du collègue", submit=True)
    mine = write(agent, fiche, titre="Mon titre", a_dire="Demandez-le en mairie.")

    answer = client.post(mine.get_absolute_url(), {"geste": "soumettre"})
    merge = reverse("redaction-proposition-fusion", args=[mine.pk])
    assert answer.url == merge
    page = text(client.get(merge))
    for said in ("Titre du collègue", "Mon titre", "Poste 34"):
        assert said in page.replace("</ins>", "").replace("<ins>", "")

    assert client.post(merge, {}).status_code == 422
    answer = client.post(merge, {"titre": "leur"})
    assert answer.url == reverse("redaction-fiche", args=[fiche.reference])
    mine.refresh_from_db()
    assert mine.champs == {"a_dire": "Demandez-le en mairie."}
    client.post(mine.get_absolute_url(), {"geste": "soumettre"})
    mine.refresh_from_db()
    assert mine.etat == "a_relire"


def test_a_merge_is_the_authors_own_and_only_while_writing(client, agent, fiche, write, make_agent):
    colleague = make_agent("informateur", username="collègue")
    theirs = write(colleague, fiche, titre="Titre du collègue")
    mine = write(agent, fiche, titre="Mon titre", submit=True)
    for proposition in (theirs, mine):
        address = reverse("redaction-proposition-fusion", args=[proposition.pk])
        assert client.get(address).status_code == 404
        assert client.post(address, {"titre": "mienne"}).status_code == 404


def test_queries_of_the_list_and_of_a_proposition_are_constant(
    client, agent, make_fiche, write, relectrice
):
    def fill(numbers):
        for n in numbers:
            fiche = make_fiche(f"A39-09{n:02}", verifiee_le=date(2026, 11, 1))
            proposition = write(agent, fiche, titre=f"Titre {n}", submit=True)
            propose.send_back(proposition, by=relectrice, commentaire="À revoir.")

    def asked(address):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    fill([0])
    first = Proposition.objects.get()
    one = asked(LIST), asked(first.get_absolute_url())
    fill(range(1, 20))
    for n in range(20):
        propose.comment(first, by=relectrice, commentaire=f"Remarque {n}")
    assert (asked(LIST), asked(first.get_absolute_url())) == one
