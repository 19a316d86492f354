"""A colleague reads what changes, sees the fiche as agents will, and decides."""

from copy import deepcopy
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from allo3939.accounts.enums import Role
from allo3939.accounts.models import Trace
from knowledge import propose
from knowledge.models import Fiche, Proposition, UsageFiche
from knowledge.propose import review
from knowledge.propose.compare import compare, try_paths
from knowledge.propose.decide import approve_without_account
from tests.knowledge.proposed import AUTRE, OU, PARCOURS, make_fiche, submit, write

pytestmark = pytest.mark.django_db
LIST = reverse("admin:knowledge_proposition_changelist")
SECRET = "rappeler Mme Kerbastard au 06 39 98 12 45"


def page_of(proposition):
    return reverse("admin:knowledge_proposition_change", args=[proposition.pk])


@pytest.fixture
def fiche(secteur):
    return make_fiche(secteur)


@pytest.fixture
def proposition(fiche, autrice):
    return submit(fiche, autrice)


@pytest.fixture
def decide(client, proposition):
    """Send a decision from the screen as it was read."""

    def send(geste, on=None, **fields):
        on = on or proposition
        sent = {"geste": geste, "revision": on.revision, "commentaire": ""} | fields
        return client.post(page_of(on), sent)

    return send


def words_of(passages):
    return [(passage.lieu, [words for kind, words in passage.morceaux if kind != "garde"])
            for passage in passages]  # fmt: skip


def test_a_colleague_approves_from_the_screen(client, login, proposition, decide, fiche):
    login(Role.REDACTEUR, poste="Poste 2")
    html = client.get(page_of(proposition)).content.decode()
    assert "en ligne, ou" in html
    assert html.index("Ce qui change, mot à mot") < html.index("telle que les agents la verront")

    assert decide("approuver", commentaire="Bien vu.").url == reverse("admin:boite")

    fiche.refresh_from_db()
    proposition.refresh_from_db()
    assert (proposition.etat, proposition.approuvee_par) == ("publiee", "Poste 2")
    assert fiche.a_dire == AUTRE
    assert proposition.etapes.get(geste="approuver").commentaire == "Bien vu."


def test_the_author_sees_the_same_page_without_decisions(client, proposition, autrice, decide):
    client.force_login(autrice)
    html = client.get(page_of(proposition)).content.decode()
    assert "en ligne, ou" in html
    assert 'value="commenter"' in html
    for forbidden in ("approuver", "corriger", "ecarter", "programmer", "forcer"):
        assert f'value="{forbidden}"' not in html
    assert "Créer un lien" not in html
    assert decide("approuver").status_code == 422
    proposition.refresh_from_db()
    assert proposition.etat == "a_relire"


@pytest.mark.parametrize("role", [each for each in Role if each != Role.REDACTEUR])
def test_nobody_else_reads_or_decides(client, login, proposition, decide, role):
    login(role)
    assert client.get(LIST).status_code == 403
    assert client.get(page_of(proposition)).status_code == 403
    assert decide("approuver").status_code == 403
    link = reverse("admin:knowledge_proposition_link", args=[proposition.pk])
    assert client.post(link, {"relecteur": "juriste"}).status_code == 403
    proposition.refresh_from_db()
    assert proposition.etat == "a_relire"
    assert not proposition.liens.exists()


@pytest.mark.parametrize(("geste", "state"), [("corriger", "a_corriger"), ("ecarter", "ecartee")])
def test_a_refusal_asks_why(login, proposition, decide, geste, state):
    login(Role.REDACTEUR)
    refused = decide(geste)
    assert refused.status_code == 422
    assert "Dites pourquoi" in refused.content.decode()

    assert decide(geste, commentaire="La loi dit le contraire.").status_code == 302

    proposition.refresh_from_db()
    assert proposition.etat == state
    assert proposition.etapes.last().commentaire == "La loi dit le contraire."


def test_a_comment_decides_nothing(client, login, proposition, decide):
    login(Role.REDACTEUR)
    assert decide("commenter", commentaire="Et à l'étranger ?").url == page_of(proposition)
    proposition.refresh_from_db()
    assert proposition.etat == "a_relire"
    assert "Et à l&#x27;étranger ?" in client.get(page_of(proposition)).content.decode()


def test_a_comment_never_names_anybody(login, proposition, decide):
    login(Role.REDACTEUR)
    refused = decide("commenter", commentaire=SECRET)
    assert refused.status_code == 422
    html = refused.content.decode()
    assert "numéro de téléphone" in html
    assert "rappeler Mme Kerbastard" in html  # what was typed is given back
    assert not proposition.etapes.filter(geste="commenter").exists()


def test_what_changed_since_it_was_opened_is_not_approved(
    client, login, proposition, decide, autrice, fiche
):
    login(Role.REDACTEUR)
    propose.withdraw(proposition, by=autrice)
    propose.restart(proposition, by=autrice)
    again = submit(fiche, autrice, a_dire="Tout autre chose.")
    assert again.pk == proposition.pk

    refused = decide("approuver")

    assert refused.status_code == 422
    assert "a changé depuis que vous l&#x27;avez ouverte" in refused.content.decode()
    assert Proposition.objects.get().etat == "a_relire"


def test_a_forced_publication_needs_the_right_and_the_reason(client, login, proposition, decide):
    agent = login(Role.REDACTEUR)
    assert decide("forcer", commentaire="Urgent").status_code == 422
    agent.publie_sans_relecture = True
    agent.save()
    assert decide("forcer").status_code == 422
    assert not Trace.objects.exists()

    assert decide("forcer", commentaire="Plafond faux depuis ce matin.").status_code == 302

    proposition.refresh_from_db()
    assert (proposition.etat, proposition.forcee) == ("publiee", True)
    line = Trace.objects.get(acte="publication_forcee")
    assert (line.agent, line.details["motif"]) == (agent, "Plafond faux depuis ce matin.")


def test_an_author_with_the_right_forces_the_own_text_and_it_is_told(
    client, proposition, autrice, decide
):
    autrice.publie_sans_relecture = True
    autrice.save()
    client.force_login(autrice)
    assert decide("approuver", commentaire="De ma main.").status_code == 422
    assert decide("forcer", commentaire="Personne d'autre aujourd'hui.").status_code == 302
    proposition.refresh_from_db()
    assert (proposition.etat, proposition.approuvee_par) == ("publiee", "")
    assert Trace.objects.get().agent == autrice


def test_of_an_imported_fiche_only_what_the_desk_adds_is_compared(client, login, secteur, autrice):
    text = [{"type": "paragraphe", "texte": ["Le texte de la source."]}]
    fiche = make_fiche(secteur, reference="A39-0999")
    Fiche.objects.filter(pk=fiche.pk).update(origine="service_public", contenu=text)
    fiche.refresh_from_db()
    proposition = submit(fiche, autrice, a_dire=AUTRE, note="Voir Nantes.")
    assert [passage.lieu for passage in compare(proposition)] == ["À dire", "Note du 3939"]
    login(Role.REDACTEUR)
    html = client.get(page_of(proposition)).content.decode()
    assert "Le texte de la source." in html[html.index('id="apercu"') :]


def test_what_a_jurist_agreed_to_is_published_by_hand_or_put_to_a_day(
    client, login, proposition, decide
):
    login(Role.REDACTEUR)
    proposition = approve_without_account(proposition, relecteur="juriste")
    html = client.get(page_of(proposition)).content.decode()
    assert 'value="publier"' in html
    assert decide("programmer").status_code == 422
    tomorrow = timezone.localdate() + timedelta(days=1)

    decide("programmer", effet_le=tomorrow.isoformat())

    proposition.refresh_from_db()
    assert (proposition.etat, proposition.effet_le) == ("programmee", tomorrow)
    decide("programmer", effet_le=timezone.localdate().isoformat())
    proposition.refresh_from_db()
    assert proposition.etat == "publiee"


def test_every_changed_field_is_told_whatever_it_is(secteur, autrice, fiche, make_agent):
    """None of what is approved stays out of sight."""
    other = type(secteur).objects.create(slug="travail", nom="Travail", ordre=2)
    changes = {
        "titre": "Copie d'acte de naissance",
        "a_dire": AUTRE,
        "mots_cles": ["acte", "naissance"],
        "secteur": other,
        "pieces": ["Pièce d'identité"],
        "cout": ["Gratuit"],
        "delai": ["Huit jours"],
        "organismes": ["mairie"],
        "texte": "Selon l'article 101.",
        "services": [{"titre": "Demande en ligne", "url": "https://exemple.fr"}],
        "sources": [{"titre": "Code civil, article 101", "url": ""}],
        "parcours": PARCOURS,
        "note": "Nantes pour l'étranger.",
        "verifiee_le": timezone.localdate(),
        "confondu_avec": ["travail"],
        "cible": other,
    }
    silent = []
    for name, value in changes.items():
        proposition = write(fiche, autrice, **{name: value})
        assert proposition.champs
        if not compare(proposition):
            silent.append(name)
    assert silent == []


@pytest.mark.parametrize(
    "change",
    [
        {"questions": [OU | {"aide": "C'est sur la carte d'identité."}]},
        {"questions": [OU | {"texte": "Dans quel pays est-il né ?"}]},
    ],
)
def test_a_question_said_otherwise_is_told(secteur, autrice, change):
    fiche = make_fiche(secteur, parcours=PARCOURS)
    assert compare(write(fiche, autrice, parcours=deepcopy(PARCOURS) | change))


def test_a_target_that_changes_is_told(secteur, autrice):
    fiche = make_fiche(secteur, parcours=PARCOURS)
    new = deepcopy(PARCOURS)
    new["issues"][1]["cible"] = {"secteur": secteur.slug}
    told = words_of(compare(write(fiche, autrice, parcours=new)))
    assert ("Questions à poser", ["né ailleurs → Secteur Justice"]) in told


def test_paths_that_changed_come_first_and_open_the_preview(client, login, secteur, autrice):
    fiche = make_fiche(secteur, parcours=PARCOURS)
    new = deepcopy(PARCOURS)
    new["issues"][1]["a_dire"] = "Au service central de Nantes."
    proposition = submit(fiche, autrice, parcours=new)

    paths = try_paths(proposition, after=propose.as_fiche(proposition))

    assert [(path.chemin, path.issue, path.change) for path in paths] == [
        ("2", "né ailleurs", True),
        ("3", "né ailleurs", True),
        ("1", "né en France", False),
    ]
    login(Role.REDACTEUR)
    html = client.get(page_of(proposition)).content.decode()
    assert "Au service central de Nantes." in html[html.index('id="apercu"') :]
    elsewhere = client.get(page_of(proposition), {"chemin": "1"}).content.decode()
    assert "À la mairie." in elsewhere[elsewhere.index('id="apercu"') :]
    assert client.get(page_of(proposition), {"chemin": "9.9"}).status_code == 200


def test_other_changes_in_waiting_are_told_with_their_collisions(
    client, login, proposition, fiche, make_agent
):
    other = make_agent(Role.REDACTEUR, username="autre", poste="Poste 7")
    propose.submit(write(fiche, other, cout=["Gratuit"], motif="Le prix"), by=other)
    third = make_agent(Role.REDACTEUR, username="troisieme", poste="Poste 8")
    Proposition.objects.filter(pk=write(fiche, third, a_dire="Rien.", motif="Court").pk).update(
        etat="a_relire"
    )
    login(Role.REDACTEUR)
    html = client.get(page_of(proposition)).content.decode()
    assert "Le prix" in html
    assert "Poste 7" in html
    assert "changé aussi par Poste 8" in html
    assert "changé aussi par Poste 7" not in html


def test_who_uses_the_fiche_is_told(client, login, proposition, fiche, secteur):
    today = timezone.localdate()
    for days, count in ((1, 40), (89, 2), (91, 500)):
        UsageFiche.objects.create(
            fiche=fiche, jour=today - timedelta(days=days), consultations=count, reponses=1
        )
    make_fiche(secteur, reference="A39-0901", titre="Livret de famille",
               parcours=PARCOURS | {"issues": [
                   PARCOURS["issues"][0],
                   PARCOURS["issues"][1] | {"cible": {"fiche": "A39-0900"}},
               ]})  # fmt: skip
    linked = [
        {"type": "paragraphe", "texte": [{"m": "fiche", "reference": "A39-0900", "c": ["x"]}]}
    ]
    make_fiche(secteur, reference="A39-0902", titre="Mariage")
    Fiche.objects.filter(reference="A39-0902").update(contenu=linked)
    make_fiche(secteur, reference="A39-0903", titre="Sans rapport")
    login(Role.REDACTEUR)

    assert review.usage_of(fiche, on=today) == review.Usage(42, 2, 0)
    page = client.get(page_of(proposition)).content.decode()
    assert "42 ouvertures" in page
    links = client.get(page_of(proposition), {"liens": "1"}).content.decode()
    assert "Livret de famille" in links
    assert "Mariage" in links
    assert "Sans rapport" not in links


def test_a_new_fiche_is_shown_whole(client, login, autrice, secteur):
    created = propose.create_fiche(
        by=autrice, champs={"titre": "Livret de famille", "a_dire": "Demandez-le en mairie."}
    )
    login(Role.REDACTEUR)
    html = client.get(page_of(created)).content.decode()
    assert "Fiche nouvelle" in html
    assert "<ins>" in html
    assert "Demandez-le en mairie." in html


def test_the_list_is_ranked_and_filtered(client, login, fiche, proposition, secteur, make_agent):
    other = make_fiche(secteur, reference="A39-0901", titre="Livret de famille")
    used = submit(other, make_agent(Role.REDACTEUR, username="b"), importance="changement")
    UsageFiche.objects.create(fiche=other, jour=timezone.localdate(), consultations=7)
    draft = write(make_fiche(secteur, reference="A39-0902", titre="Mariage"), used.auteur)
    over = submit(make_fiche(secteur, reference="A39-0903", titre="Décès"), used.auteur)
    login(Role.REDACTEUR)
    propose.set_aside(over, by=make_agent(Role.REDACTEUR, username="c"), commentaire="Non.")

    def order(**query):
        html = client.get(LIST, query).content.decode()
        known = {each.fiche.reference: each for each in (proposition, used, draft, over)}
        found = sorted((html.index(f">{ref}</a>"), ref) for ref in known if f">{ref}</a>" in html)
        return [ref for _, ref in found]

    assert order() == ["A39-0901", "A39-0900", "A39-0902"]
    assert order(etat__exact="a_relire") == ["A39-0901", "A39-0900"]
    assert order(importance__exact="changement") == ["A39-0901"]
    assert order(suivi="toutes") == ["A39-0901", "A39-0900", "A39-0902", "A39-0903"]
    assert order(etat__exact="ecartee") == ["A39-0903"]
    assert order(fiche__secteur__id__exact=secteur.pk, q="famille") == ["A39-0901"]


def test_list_and_screen_cost_the_same_for_one_and_for_twenty(
    client, login, fiche, proposition, secteur, make_agent, django_assert_max_num_queries
):
    login(Role.REDACTEUR)

    def count(address):
        client.get(address)
        with django_assert_max_num_queries(40) as told:
            client.get(address)
        return len(told)

    before = count(LIST), count(page_of(proposition))
    for number in range(20):
        agent = make_agent(Role.REDACTEUR, username=f"r{number}")
        submit(make_fiche(secteur, reference=f"A39-1{number:03d}"), agent)
        other = write(fiche, agent, cout=[f"{number} €"])
        propose.comment(proposition, by=agent, commentaire="Vu.")
        UsageFiche.objects.create(fiche=fiche, jour=timezone.localdate() - timedelta(number))
        Proposition.objects.filter(pk=other.pk).update(etat="a_relire")

    assert (count(LIST), count(page_of(proposition))) == before
