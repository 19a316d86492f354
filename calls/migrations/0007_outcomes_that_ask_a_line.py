from django.db import migrations

ASKING = ("PF", "FI", "HC")


def ask(apps, schema_editor):
    codes = apps.get_model("calls", "CodeIssue").objects.filter(code__in=ASKING)
    codes.update(demande_precision=True)


class Migration(migrations.Migration):
    dependencies = [("calls", "0006_the_whole_log")]

    operations = [migrations.RunPython(ask, migrations.RunPython.noop)]
