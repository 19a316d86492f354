"""A jurist without account reads a proposition by a link, and answers once."""

import logging
import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone
from django.utils.log import configure_logging

from allo3939.accounts.enums import Role
from allo3939.accounts.models import Trace
from allo3939.discreet import DiscreetFormatter
from knowledge import propose
from knowledge.models import Fiche, LienRelecture
from knowledge.propose import PropositionDepassee, PropositionInterdite, links
from tests.knowledge.proposed import AUTRE, PARCOURS, make_fiche, submit

pytestmark = pytest.mark.django_db
WHO = "juriste, bureau de l'état civil"


@pytest.fixture(autouse=True)
def empty_cache():
    cache.clear()


@pytest.fixture
def fiche(secteur):
    return make_fiche(secteur, parcours=PARCOURS)


@pytest.fixture
def proposition(fiche, autrice):
    return submit(fiche, autrice)


@pytest.fixture
def lien(proposition, relectrice):
    """A link and its address."""
    made, jeton = links.create(proposition, by=relectrice, relecteur=WHO)
    made.adresse = reverse("relecture", args=[jeton])
    made.jeton = jeton
    return made


def answer(client, lien, **fields):
    revision = lien.proposition.revision
    return client.post(lien.adresse, {"revision": revision, "commentaire": ""} | fields)


def test_a_jurist_reads_and_agrees_without_account(client, lien, proposition, fiche):
    page = client.get(lien.adresse)
    html = page.content.decode()
    assert page.status_code == 200
    assert "en ligne, ou" in html
    assert "Demande en ligne" in html
    assert html.count(AUTRE.replace("'", "&#x27;")) == 1  # the preview

    done = answer(client, lien, accord="on", commentaire="Conforme à l'article 101.")

    assert "Votre accord est enregistré" in done.content.decode()
    proposition.refresh_from_db()
    fiche.refresh_from_db()
    assert (proposition.etat, proposition.approuvee_par) == ("approuvee", WHO)
    assert fiche.a_dire != AUTRE  # a rédacteur's hand publishes it
    step = proposition.etapes.get(geste="approuver")
    assert (step.par, step.commentaire) == (WHO, "Conforme à l'article 101.")


def test_a_remark_is_sent_without_agreeing(client, lien, proposition):
    assert answer(client, lien).status_code == 422
    done = answer(client, lien, commentaire="L'article a changé.")
    assert "Votre remarque est enregistrée" in done.content.decode()
    proposition.refresh_from_db()
    assert proposition.etat == "a_relire"
    assert proposition.etapes.last().commentaire == "L'article a changé."


def test_it_answers_once(client, lien, proposition):
    answer(client, lien, commentaire="Une première remarque.")
    for response in (client.get(lien.adresse), answer(client, lien, accord="on")):
        assert response.status_code == 410
        assert "Vous avez déjà répondu" in response.content.decode()
    proposition.refresh_from_db()
    assert proposition.etat == "a_relire"


def test_it_expires_after_seven_days(client, lien, settings):
    assert settings.LIEN_RELECTURE_JOURS == 7
    left = lien.expire_le - timezone.now()
    assert timedelta(days=6, hours=23) < left <= timedelta(days=7)
    earlier = timezone.now() - timedelta(days=8)
    LienRelecture.objects.update(cree_le=earlier, expire_le=earlier + timedelta(days=7))
    for response in (client.get(lien.adresse), answer(client, lien, accord="on")):
        assert response.status_code == 410
        assert "plus valable depuis le" in response.content.decode()


def test_it_is_closed_by_hand(client, login, lien, proposition):
    login(Role.REDACTEUR)
    url = reverse("admin:knowledge_proposition_revoke", args=[proposition.pk, lien.pk])
    assert client.post(url).status_code == 302
    client.logout()
    assert client.get(lien.adresse).status_code == 410
    assert answer(client, lien, accord="on").status_code == 410


def test_it_opens_nothing_once_the_proposition_is_dealt_with(client, lien, proposition, relectrice):
    propose.approve(proposition, by=relectrice)
    response = client.get(lien.adresse)
    assert response.status_code == 410
    assert "a été traité" in response.content.decode()


def test_what_changed_since_it_was_read_is_not_agreed_to(client, lien, proposition, autrice, fiche):
    propose.withdraw(proposition, by=autrice)
    propose.restart(proposition, by=autrice)
    submit(fiche, autrice, a_dire="Tout autre chose.")

    response = answer(client, lien, accord="on")

    assert response.status_code == 409
    assert "Tout autre chose." in response.content.decode()
    proposition.refresh_from_db()
    assert proposition.etat == "a_relire"


def test_an_address_that_never_was_says_so_calmly(client, db):
    response = client.get(reverse("relecture", args=["x" * 43]))
    assert response.status_code == 404
    assert "Ce lien n&#x27;existe pas" in response.content.decode()


def test_the_page_shows_nothing_else_of_the_desk(client, login, lien, secteur):
    linked = [
        {
            "type": "paragraphe",
            "texte": [{"m": "fiche", "reference": "A39-0901", "c": ["le livret"]}],
        }
    ]
    make_fiche(secteur, reference="A39-0901")
    Fiche.objects.filter(reference="A39-0900").update(
        origine="service_public", contenu=linked, parcours={"questions": [], "issues": []}
    )
    login(Role.REDACTEUR)  # even for who has an account
    html = client.get(lien.adresse).content.decode()
    assert "le livret" in html
    assert not re.findall(r'(?:href|action|hx-[a-z]+)="/(?!static/)[^"]*"', html)
    for word in ("Poste 1", "Poste 2", "autrice", "Console", "Administration", "Quitter"):
        assert word not in html, word


def test_each_answer_of_the_fiche_may_be_looked_at(client, lien):
    html = client.get(lien.adresse).content.decode()
    assert 'href="?chemin=2#apercu"' in html
    assert "À Nantes." in client.get(lien.adresse, {"chemin": "2"}).content.decode()
    assert client.get(lien.adresse, {"chemin": "9.9"}).status_code == 200


@pytest.mark.parametrize("closed", [False, True])
def test_nothing_keeps_or_tells_the_address(client, lien, closed):
    if closed:
        LienRelecture.objects.update(revoque_le=timezone.now())
    response = client.get(lien.adresse)
    assert response["Cache-Control"] == "no-store, private"
    assert response["Referrer-Policy"] == "no-referrer"
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert lien.jeton not in response.content.decode()


def test_the_log_of_a_refusal_omits_the_address(client, lien, caplog):
    LienRelecture.objects.update(revoque_le=timezone.now())
    with caplog.at_level(logging.WARNING, logger="django.request"):
        client.get(lien.adresse)
        client.get(lien.adresse + "?a=1")
        client.post(lien.adresse[:-1])
    formatter = DiscreetFormatter("{message}", style="{")
    lines = [formatter.format(record) for record in caplog.records]
    assert any("/relecture/…" in line for line in lines)
    assert not [line for line in lines if lien.jeton in line]


def test_the_server_s_own_log_omits_the_address_too(lien, settings):
    configure_logging(settings.LOGGING_CONFIG, settings.LOGGING)
    logger = logging.getLogger("uvicorn.access")
    told = '%s - "%s %s HTTP/%s" %d'
    record = logger.makeRecord(
        logger.name, logging.INFO, "h.py", 1, told,
        ("127.0.0.1:5", "GET", f"{lien.adresse}?chemin=1", "1.1", 200), None,
    )  # fmt: skip
    lines = [handler.format(record) for handler in logger.handlers]
    assert lines
    assert not [line for line in lines if lien.jeton in line or "/relecture/…" not in line]


def test_only_the_digest_is_kept(lien):
    kept = [str(value) for row in LienRelecture.objects.values() for value in row.values()]
    kept += [f"{trace.objet} {trace.details}" for trace in Trace.objects.all()]
    assert not [text for text in kept if lien.jeton in text]


def test_everything_done_with_it_is_traced(
    client, lien, relectrice, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        client.get(lien.adresse)
    with django_capture_on_commit_callbacks(execute=True):
        client.get(lien.adresse, {"chemin": "1"})  # the same reading goes on
    answer(client, lien, accord="on")

    lien.refresh_from_db()
    assert (lien.lectures, lien.lu_le is not None) == (1, True)
    lines = Trace.objects.filter(acte="lien").order_by("pk")
    told = [(line.agent, line.details["geste"], line.details["relecteur"]) for line in lines]
    assert told == [(relectrice, "créé", WHO), (None, "lu", WHO), (None, "approuvé", WHO)]


def test_a_remark_never_names_anybody_unless_it_is_said_to_be_nobody(client, lien, proposition):
    refused = answer(client, lien, commentaire="Voir le dossier de Mme Kerbastard, 06 39 98 12 45.")
    assert refused.status_code == 422
    assert "Kerbastard" in refused.content.decode()
    assert not proposition.etapes.filter(geste="commenter").exists()
    lien.refresh_from_db()
    assert lien.repondu_le is None

    doubt = "voir karim benhaddou"
    asked = answer(client, lien, commentaire=doubt).content.decode()
    [sign] = re.findall(r'name="confirme" value="([^"]+)"', asked)
    assert answer(client, lien, commentaire=doubt, confirme=sign).status_code == 200


def test_the_author_makes_no_link_for_the_own_text(client, proposition, autrice):
    with pytest.raises(PropositionInterdite):
        links.create(proposition, by=autrice, relecteur=WHO)
    client.force_login(autrice)
    url = reverse("admin:knowledge_proposition_link", args=[proposition.pk])
    assert client.post(url, {"relecteur": WHO}).status_code == 422
    assert not LienRelecture.objects.exists()


def test_a_draft_is_not_sent_to_anybody(fiche, make_agent, relectrice):
    draft = propose.open_proposition(fiche, by=make_agent(Role.REDACTEUR, username="x"))
    with pytest.raises(PropositionDepassee):
        links.create(draft, by=relectrice, relecteur=WHO)


def test_the_address_is_shown_once_to_who_sends_it(client, login, proposition):
    login(Role.REDACTEUR)
    url = reverse("admin:knowledge_proposition_link", args=[proposition.pk])
    page = client.post(url, {"relecteur": WHO}).content.decode()
    [address] = re.findall(r"http://testserver(/relecture/[^<\s]+)", page)
    assert client.get(address).status_code == 200
    again = client.get(reverse("admin:knowledge_proposition_change", args=[proposition.pk]))
    assert "/relecture/" not in again.content.decode()
    assert WHO in again.content.decode().replace("&#x27;", "'")


def test_a_link_is_for_a_function_not_for_a_name(client, login, proposition):
    login(Role.REDACTEUR)
    url = reverse("admin:knowledge_proposition_link", args=[proposition.pk])
    for text in ("Mme Kerbastard, 06 39 98 12 45", ""):
        assert client.post(url, {"relecteur": text}).status_code == 422
    assert not LienRelecture.objects.exists()


def test_a_link_opened_too_often_waits(client, lien, monkeypatch):
    monkeypatch.setattr(links, "A_MINUTE", 2)
    statuses = [client.get(lien.adresse).status_code for _ in range(3)]
    assert statuses == [200, 200, 429]
