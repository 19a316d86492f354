"""What lists of fiches leave in the database."""

# The long texts of a fiche, for lists that only name it.
HEAVY = ("fiche__contenu", "fiche__parcours", "fiche__texte")
