from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('projects', '0003_evidence_versions'),
    ]

    operations = [
        migrations.AddConstraint(
            model_name='evidence',
            constraint=models.UniqueConstraint(fields=('first', 'version'), name='project_evidence_version_once'),
        ),
        migrations.AddConstraint(
            model_name='evidence',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('first__isnull', True), ('version', 1)), models.Q(('first__isnull', False), ('version__gt', 1)), _connector='OR'), name='project_evidence_version_counts'),
        ),
        migrations.AddConstraint(
            model_name='evidence',
            constraint=models.CheckConstraint(condition=models.Q(('is_current', False), ('is_withdrawn', False), _connector='OR'), name='project_evidence_current_is_there'),
        ),
    ]
