from django.db import migrations

# code, label, whether a question has to be recorded
CODES = [
    ("RE", "Répondu", False),
    ("OR", "Orienté", False),
    ("ES", "Escaladé", False),
    ("PF", "Pas de fiche", False),
    ("FI", "Fiche insuffisante", False),
    ("HC", "Hors champ", False),
    ("AB", "Abandonné", True),
    ("UR", "Urgence", True),
    ("MU", "Appel muet", True),
    ("AA", "Appel abusif", True),
]


def load(apps, schema_editor):
    model = apps.get_model("calls", "CodeIssue")
    model.objects.bulk_create(
        [
            model(code=code, libelle=label, ordre=order, sans_question=without)
            for order, (code, label, without) in enumerate(CODES, start=1)
        ]
    )


def unload(apps, schema_editor):
    codes = [code for code, _, _ in CODES]
    apps.get_model("calls", "CodeIssue").objects.filter(code__in=codes).delete()


class Migration(migrations.Migration):
    dependencies = [("calls", "0001_initial")]
    operations = [migrations.RunPython(load, unload)]
