import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q
from django.utils import timezone


def read_once(apps, schema_editor):
    """Until now a fiche was before the agent from its opening, once."""
    apps.get_model("calls", "Consultation").objects.update(lue_le=F("ouverte_le"))


class Migration(migrations.Migration):
    dependencies = [("calls", "0004_organisme_exterieur_donne")]

    operations = [
        migrations.AddField(
            model_name="consultation",
            name="depuis",
            field=models.ForeignKey(
                blank=True,
                help_text="la consultation dont un lien a mené à celle-ci",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="suites",
                to="calls.consultation",
            ),
        ),
        migrations.AddField(
            model_name="consultation",
            name="lue_le",
            field=models.DateTimeField(
                default=timezone.now,
                help_text="dernière fois devant l'agent ; la plus récente est celle qu'il lit",
                verbose_name="lue le",
            ),
            preserve_default=False,
        ),
        migrations.RunPython(read_once, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="consultation",
            constraint=models.CheckConstraint(
                condition=~Q(depuis=F("pk")), name="consultation_ne_vient_pas_d_elle_meme"
            ),
        ),
        migrations.AddConstraint(
            model_name="consultation",
            constraint=models.CheckConstraint(
                condition=Q(lue_le__gte=F("ouverte_le")),
                name="consultation_lue_apres_son_ouverture",
            ),
        ),
    ]
