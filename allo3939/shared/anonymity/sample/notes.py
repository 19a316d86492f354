"""Notes of agents around what identifies somebody."""

from __future__ import annotations

import random

SUBJECTS = """
carte grise après décès|changement d'adresse sur la carte grise|RSA et reprise d'emploi|renouvellement du passeport
divorce par consentement mutuel|succession sans notaire|loyer impayé et commandement de payer|congé pour vente
APL suspendue depuis deux mois|CSS refusée|pension de réversion|demande de logement social|titre de séjour étudiant
licenciement économique|rupture conventionnelle|allocation de rentrée|amende contestée|vol de papiers à l'étranger
certificat de nationalité|changement de nom de famille|tutelle de sa mère|dossier de surendettement|prime d'activité
permis de conduire perdu|Pacs et impôts|garde alternée|pension alimentaire impayée|arrêt maladie et indemnités
inscription sur les listes électorales|acte de naissance en ligne|retraite à 62 ans et 9 mois|bruit de voisinage
""".strip().replace("\n", "|").split("|")  # fmt: skip

FRAMES: dict[str, tuple[str, ...]] = {
    "telephone": (
        "à rappeler au {x}", "rappeler {x} svp", "tel {x}", "joignable au {x} après 18h", "numéro : {x}",
        "son portable c'est le {x}", "mobile {x}", "laisser un message au {x}", "{x} pour la rappeler",
        "le {x}, demander le fils", "appelle du {x}", "sms possible au {x}", "fixe {x}", "{x}",
    ),
    "courriel": (
        "envoyer le lien à {x}", "mail : {x}", "son adresse mail {x}", "écrire à {x}", "courriel {x}",
        "{x} pour recevoir la liste", "elle épelle {x}", "adresse {x} à vérifier",
    ),
    "nir": (
        "n° sécu {x}", "numéro de sécurité sociale : {x}", "NIR {x}", "sécu {x}", "son numéro {x}",
        "immatriculé {x}", "{x} sur la carte vitale", "n° SS {x}",
    ),
    "fiscal": (
        "numéro fiscal {x}", "SPI {x}", "n° fiscal : {x}", "identifiant fiscal {x}", "fiscal {x} sur l'avis",
        "référence de l'avis {x}",
    ),
    "compte": (
        "IBAN {x}", "RIB : {x}", "compte {x} à créditer", "prélèvement sur {x}", "carte {x}", "{x} refusé par la Caf",
    ),
    "plaque": (
        "véhicule {x}", "plaque {x}", "immatriculation {x}", "carte grise du {x}", "immatriculé {x}", "voiture {x} vendue",
        "plaque : {x}", "le {x} est en fourrière",
    ),
    "naissance": (
        "né le {x}", "née le {x}", "date de naissance : {x}", "DDN {x}", "né à Lyon le {x}", "naissance {x}",
        "sa fille est née le {x}", "ddn : {x}", "née à Oran le {x}, nationalité", "né(e) le {x}",
    ),
    "nom": (
        "M. {x}", "Mme {x} rappelle", "monsieur {x} conteste", "madame {x} n'a rien reçu", "Mlle {x}", "appel de Mme {x}",
        "Mr {x} locataire", "s'appelle {x}", "nom : {x}", "le bailleur, M. {x}, refuse", "Me {x} notaire",
        "M. et Mme {x}", "docteur {x} n'a pas signé", "née {x}", "au nom de {x}", "dossier de Mme {x}",
    ),
    "personne": (
        "{x}", "pour {x}", "c'est {x} qui appelle", "usager {x}", "{x}, séparé depuis mars", "succession de {x}",
        "s'appelle {x}", "la dame, {x}, veut savoir", "procuration pour {x}", "au nom de {x}", "fils : {x}",
    ),
    "adresse": (
        "habite {x}", "habite au {x}", "demeurant {x}", "domicilié {x}", "son adresse : {x}", "réside {x}", "vit au {x}",
    ),
    "numero": (
        "allocataire {x}", "n° allocataire {x}", "numéro de dossier {x}", "dossier n° {x}", "passeport {x}",
        "titre de séjour n° {x}", "numéro étranger {x}", "CNI n° {x}", "récépissé n° {x}",
    ),
}  # fmt: skip
_CAPITAL = ("née {x}", "au nom de {x}", "Me {x} notaire", "docteur {x} n'a pas signé", "nom : {x}")


def around(draw: random.Random, kind: str, value: str) -> str:
    """A note that holds the identifier: alone, before, after or within the question."""
    frame = draw.choice(FRAMES[kind])
    if kind == "nom" and draw.random() < 0.25 and frame not in _CAPITAL:
        value = value.lower() if draw.random() < 0.7 else value.upper()
    said = frame.format(x=value)
    subject = draw.choice(SUBJECTS)
    way = draw.randrange(5)
    text = [said, f"{subject}, {said}", f"{said}, {subject}", f"{subject}. {said[:1].upper()}{said[1:]}",
            f"{subject} - {said} - urgent"][way]  # fmt: skip
    return text
