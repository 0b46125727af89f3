import django.db.models.deletion
import gemba.search.fields
from django.conf import settings
from django.db import migrations, models

POSTGRESQL = """
CREATE FUNCTION projects_event_is_immutable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'projects_projectevent is append-only';
END $$;
CREATE TRIGGER projects_event_no_update BEFORE UPDATE ON projects_projectevent
    FOR EACH ROW EXECUTE FUNCTION projects_event_is_immutable();
CREATE FUNCTION projects_edition_is_immutable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'an approved edition of a passport is immutable';
END $$;
CREATE TRIGGER projects_edition_no_update BEFORE UPDATE ON projects_passportedition
    FOR EACH ROW WHEN (OLD.state = 'approved') EXECUTE FUNCTION projects_edition_is_immutable();
"""
SQLITE = (
    """
CREATE TRIGGER projects_event_no_update BEFORE UPDATE ON projects_projectevent
BEGIN SELECT RAISE(ABORT, 'projects_projectevent is append-only'); END;
""",
    """
CREATE TRIGGER projects_edition_no_update BEFORE UPDATE ON projects_passportedition WHEN OLD.state = 'approved'
BEGIN SELECT RAISE(ABORT, 'an approved edition of a passport is immutable'); END;
""",
)


def forbid_update(apps, schema_editor):
    """Let the database itself refuse to rewrite the history. Keep this when the migration is made anew."""
    for statement in [POSTGRESQL] if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


def allow_update(apps, schema_editor):
    """Take the triggers away."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION projects_event_is_immutable() CASCADE")
        schema_editor.execute("DROP FUNCTION projects_edition_is_immutable() CASCADE")
    else:
        schema_editor.execute("DROP TRIGGER projects_event_no_update")
        schema_editor.execute("DROP TRIGGER projects_edition_no_update")


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('organisation', '0001_initial'),
        ('proposals', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ProjectSettings',
            fields=[
                ('municipality', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='+', serialize=False, to='organisation.municipality')),
                ('values', models.JSONField(default=dict)),
                ('version', models.PositiveIntegerField(default=1)),
            ],
        ),
        migrations.CreateModel(
            name='Portfolio',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=200)),
                ('purpose', models.TextField(blank=True)),
                ('is_active', models.BooleanField(default=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('municipality', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.municipality')),
                ('organisation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.organisation')),
            ],
        ),
        migrations.CreateModel(
            name='Project',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number_year', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('number', models.PositiveIntegerField(blank=True, null=True)),
                ('title', models.CharField(max_length=300)),
                ('status', models.CharField(choices=[('draft', 'Черновик'), ('approval', 'На согласовании'), ('active', 'В работе'), ('paused', 'Приостановлен'), ('stability', 'Закрыт, проверяется стабильность'), ('stable', 'Результат стабилен'), ('degraded', 'Результат ухудшился'), ('closed_success', 'Закрыт с результатом'), ('closed_partial', 'Закрыт частично'), ('terminated', 'Прекращён')], default='draft', max_length=20)),
                ('outcome', models.CharField(blank=True, choices=[('success', 'Цели достигнуты'), ('partial', 'Цели достигнуты частично'), ('terminated', 'Прекращён')], max_length=12)),
                ('stage', models.PositiveSmallIntegerField(default=1)),
                ('stage_code', models.CharField(blank=True, max_length=60)),
                ('stage_end_on', models.DateField(blank=True, null=True)),
                ('aim', models.CharField(default='lean', max_length=40)),
                ('scale', models.CharField(blank=True, max_length=40)),
                ('object_kind', models.CharField(blank=True, max_length=40)),
                ('created_at', models.DateTimeField()),
                ('moved_at', models.DateTimeField()),
                ('opened_on', models.DateField(blank=True, null=True)),
                ('closed_on', models.DateField(blank=True, null=True)),
                ('closing_text', models.TextField(blank=True)),
                ('has_quality_goal', models.BooleanField(default=False)),
                ('presentation_url', models.URLField(blank=True, max_length=500)),
                ('draft', models.JSONField(default=dict)),
                ('edition_number', models.PositiveSmallIntegerField(default=0)),
                ('is_sent', models.BooleanField(default=False)),
                ('sent_on', models.DateField(blank=True, null=True)),
                ('hours_a_year', models.DecimalField(decimal_places=2, default=0, max_digits=12)),
                ('money_a_year', models.DecimalField(decimal_places=2, default=0, max_digits=14)),
                ('words', gemba.search.fields.WordsField(blank=True, default='', editable=False)),
                ('version', models.PositiveIntegerField(default=1)),
                ('created_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('customer', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='ordered_projects', to='organisation.person')),
                ('direction', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.direction')),
                ('leader', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='led_projects', to='organisation.person')),
                ('municipality', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='projects', to='organisation.municipality')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='projects', to='organisation.organisation')),
                ('origin', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replicas', to='projects.project')),
                ('portfolio', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='projects', to='projects.portfolio')),
                ('process_owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='owned_projects', to='organisation.person')),
                ('proposal', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='projects', to='proposals.proposal')),
            ],
        ),
        migrations.CreateModel(
            name='PassportEdition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('state', models.CharField(choices=[('sent', 'На согласовании'), ('approved', 'Согласована'), ('returned', 'Возвращена'), ('recalled', 'Отозвана')], default='sent', max_length=10)),
                ('content', models.JSONField()),
                ('note', models.TextField(blank=True)),
                ('sent_at', models.DateTimeField()),
                ('sent_by', models.CharField(max_length=200)),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('decided_by', models.CharField(blank=True, max_length=200)),
                ('decided_as', models.CharField(blank=True, max_length=300)),
                ('reason', models.TextField(blank=True)),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.person')),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='editions', to='projects.project')),
            ],
        ),
        migrations.CreateModel(
            name='Participant',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.organisation')),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='participants', to='projects.project')),
            ],
        ),
        migrations.CreateModel(
            name='Measure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('kind', models.CharField(choices=[('measure', 'Мероприятие'), ('task', 'Задача'), ('milestone', 'Веха')], default='measure', max_length=10)),
                ('problem', models.TextField(blank=True)),
                ('root_cause', models.TextField(blank=True)),
                ('title', models.CharField(max_length=300)),
                ('starts_on', models.DateField(blank=True, null=True)),
                ('due_on', models.DateField(blank=True, null=True)),
                ('baseline_start', models.DateField(blank=True, null=True)),
                ('baseline_due', models.DateField(blank=True, null=True)),
                ('expected', models.TextField(blank=True)),
                ('resources', models.TextField(blank=True)),
                ('state', models.CharField(choices=[('planned', 'Запланировано'), ('doing', 'Выполняется'), ('done', 'Выполнено'), ('cancelled', 'Снято')], default='planned', max_length=10)),
                ('done_on', models.DateField(blank=True, null=True)),
                ('evidence', models.TextField(blank=True)),
                ('was', models.TextField(blank=True)),
                ('became', models.TextField(blank=True)),
                ('reason', models.TextField(blank=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('follows', models.ManyToManyField(blank=True, related_name='followed_by', to='projects.measure')),
                ('responsible', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.person')),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='measures', to='projects.project')),
            ],
        ),
        migrations.CreateModel(
            name='Ground',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=60)),
                ('text', models.TextField()),
                ('clause', models.CharField(blank=True, max_length=100)),
                ('links_to', models.CharField(blank=True, max_length=40)),
                ('object_title', models.CharField(blank=True, max_length=500)),
                ('object_on', models.DateField(blank=True, null=True)),
                ('proposal', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='proposals.proposal')),
                ('earlier', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='developed', to='projects.project')),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='grounds', to='projects.project')),
            ],
        ),
        migrations.CreateModel(
            name='Goal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=20)),
                ('place', models.PositiveSmallIntegerField()),
                ('title', models.CharField(max_length=300)),
                ('unit', models.CharField(max_length=60)),
                ('kind', models.CharField(choices=[('time', 'Время'), ('quality', 'Качество услуги'), ('money', 'Деньги'), ('count', 'Количество'), ('other', 'Другое')], max_length=10)),
                ('better', models.CharField(choices=[('less', 'Чем меньше, тем лучше'), ('more', 'Чем больше, тем лучше')], max_length=5)),
                ('baseline', models.DecimalField(decimal_places=4, max_digits=14)),
                ('target', models.DecimalField(decimal_places=4, max_digits=14)),
                ('final', models.DecimalField(blank=True, decimal_places=4, max_digits=14, null=True)),
                ('deviation_reason', models.TextField(blank=True)),
                ('is_deviation_accepted', models.BooleanField(default=False)),
                ('is_dropped', models.BooleanField(default=False)),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='goals', to='projects.project')),
            ],
        ),
        migrations.CreateModel(
            name='GateTick',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=80)),
                ('comment', models.TextField()),
                ('by', models.CharField(max_length=200)),
                ('at', models.DateTimeField()),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='ticks', to='projects.project')),
            ],
        ),
        migrations.CreateModel(
            name='Evidence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(blank=True, max_length=80)),
                ('title', models.CharField(max_length=200)),
                ('file', models.FileField(max_length=200, upload_to='')),
                ('name', models.CharField(max_length=200)),
                ('kind', models.CharField(max_length=10)),
                ('by', models.CharField(max_length=200)),
                ('at', models.DateTimeField()),
                ('is_withdrawn', models.BooleanField(default=False)),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='evidence', to='projects.project')),
            ],
        ),
        migrations.CreateModel(
            name='Effect',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('time', 'Время'), ('money', 'Деньги'), ('satisfaction', 'Удовлетворённость')], max_length=12)),
                ('minutes', models.DecimalField(blank=True, decimal_places=2, max_digits=8, null=True)),
                ('times', models.DecimalField(blank=True, decimal_places=2, max_digits=8, null=True)),
                ('frequency', models.CharField(blank=True, choices=[('day', 'в день'), ('week', 'в неделю'), ('month', 'в месяц'), ('year', 'в год')], max_length=10)),
                ('people', models.PositiveIntegerField(blank=True, null=True)),
                ('before', models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True)),
                ('after', models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True)),
                ('hours_a_year', models.DecimalField(decimal_places=2, default=0, max_digits=12)),
                ('money_a_year', models.DecimalField(decimal_places=2, default=0, max_digits=14)),
                ('text', models.TextField(blank=True)),
                ('counted_in', models.CharField(blank=True, max_length=300)),
                ('is_verified', models.BooleanField(default=False)),
                ('verified_by', models.CharField(blank=True, max_length=200)),
                ('verified_on', models.DateField(blank=True, null=True)),
                ('added_by', models.CharField(max_length=200)),
                ('added_by_person_id', models.BigIntegerField(null=True)),
                ('added_at', models.DateTimeField()),
                ('method', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='proposals.effectmethod')),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='effects', to='projects.project')),
            ],
        ),
        migrations.CreateModel(
            name='Defence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('customer_plan', 'План мероприятий перед заказчиком'), ('commission', 'Перед комиссией'), ('region', 'Перед регионом')], max_length=15)),
                ('held_on', models.DateField()),
                ('place', models.CharField(blank=True, max_length=300)),
                ('decision', models.CharField(blank=True, choices=[('approved', 'Одобрено'), ('approved_with_remarks', 'Одобрено с замечаниями'), ('rework', 'На доработку'), ('stop', 'Прекратить')], max_length=25)),
                ('decided_by', models.CharField(blank=True, max_length=300)),
                ('text', models.TextField(blank=True)),
                ('at', models.DateTimeField()),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='defences', to='projects.project')),
            ],
        ),
        migrations.CreateModel(
            name='ProjectEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('verb', models.CharField(max_length=30)),
                ('title', models.CharField(max_length=300)),
                ('text', models.TextField(blank=True)),
                ('stage', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('actor_user_id', models.BigIntegerField(null=True)),
                ('actor_name', models.CharField(max_length=200)),
                ('at', models.DateTimeField()),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='events', to='projects.project')),
            ],
        ),
        migrations.CreateModel(
            name='Remark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField()),
                ('due_on', models.DateField(blank=True, null=True)),
                ('done_on', models.DateField(blank=True, null=True)),
                ('answer', models.TextField(blank=True)),
                ('is_corrective', models.BooleanField(default=False)),
                ('defence', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='remarks', to='projects.defence')),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='remarks', to='projects.project')),
                ('responsible', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.person')),
            ],
        ),
        migrations.CreateModel(
            name='SavedFilter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=100)),
                ('query', models.CharField(max_length=1000)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='project_filters', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='StabilityPoint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('months', models.PositiveSmallIntegerField()),
                ('due_on', models.DateField()),
                ('checked_on', models.DateField(blank=True, null=True)),
                ('is_stable', models.BooleanField(blank=True, null=True)),
                ('values', models.JSONField(default=list)),
                ('text', models.TextField(blank=True)),
                ('by', models.CharField(blank=True, max_length=200)),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='points', to='projects.project')),
            ],
        ),
        migrations.CreateModel(
            name='Stage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('code', models.CharField(max_length=60)),
                ('title', models.CharField(max_length=300)),
                ('clause', models.CharField(blank=True, max_length=100)),
                ('is_period', models.BooleanField(default=True)),
                ('plan_start', models.DateField(blank=True, null=True)),
                ('plan_end', models.DateField(blank=True, null=True)),
                ('baseline_start', models.DateField(blank=True, null=True)),
                ('baseline_end', models.DateField(blank=True, null=True)),
                ('forecast_start', models.DateField(blank=True, null=True)),
                ('forecast_end', models.DateField(blank=True, null=True)),
                ('actual_start', models.DateField(blank=True, null=True)),
                ('actual_end', models.DateField(blank=True, null=True)),
                ('delay_reason', models.TextField(blank=True)),
                ('is_overridden', models.BooleanField(default=False)),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='stages', to='projects.project')),
            ],
        ),
        migrations.CreateModel(
            name='TeamMember',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('part', models.CharField(blank=True, max_length=200)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.person')),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='team', to='projects.project')),
            ],
        ),
        migrations.CreateModel(
            name='WeeklyCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('week_on', models.DateField()),
                ('text', models.TextField()),
                ('obstacles', models.TextField(blank=True)),
                ('done', models.PositiveSmallIntegerField(default=0)),
                ('late', models.PositiveSmallIntegerField(default=0)),
                ('total', models.PositiveSmallIntegerField(default=0)),
                ('by', models.CharField(max_length=200)),
                ('at', models.DateTimeField()),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='weeks', to='projects.project')),
            ],
        ),
        migrations.CreateModel(
            name='Measurement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('measured_on', models.DateField()),
                ('value', models.DecimalField(decimal_places=4, max_digits=14)),
                ('how', models.CharField(blank=True, max_length=300)),
                ('by', models.CharField(max_length=200)),
                ('at', models.DateTimeField()),
                ('goal', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='measurements', to='projects.goal')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('goal', 'measured_on'), name='project_measurement_once_a_day')],
            },
        ),
        migrations.CreateModel(
            name='NumberRange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField()),
                ('last', models.PositiveIntegerField(default=0)),
                ('municipality', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.municipality')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('municipality', 'year'), name='project_range_once')],
            },
        ),
        migrations.AddConstraint(
            model_name='portfolio',
            constraint=models.UniqueConstraint(fields=('municipality', 'title'), name='project_portfolio_once'),
        ),
        migrations.AddIndex(
            model_name='project',
            index=models.Index(fields=['municipality', '-id'], name='project_newest_idx'),
        ),
        migrations.AddIndex(
            model_name='project',
            index=models.Index(fields=['municipality', 'status', '-id'], name='project_status_idx'),
        ),
        migrations.AddIndex(
            model_name='project',
            index=models.Index(fields=['municipality', 'status', 'stage', '-id'], name='project_stage_idx'),
        ),
        migrations.AddIndex(
            model_name='project',
            index=models.Index(fields=['municipality', 'status', 'stage_end_on', 'id'], name='project_red_idx'),
        ),
        migrations.AddIndex(
            model_name='project',
            index=models.Index(fields=['organisation', '-id'], name='project_organisation_idx'),
        ),
        migrations.AddIndex(
            model_name='project',
            index=models.Index(fields=['portfolio', '-id'], name='project_portfolio_idx'),
        ),
        migrations.AddIndex(
            model_name='project',
            index=models.Index(fields=['municipality', 'closed_on'], name='project_closed_idx'),
        ),
        migrations.AddIndex(
            model_name='project',
            index=models.Index(fields=['customer', 'is_sent'], name='project_customer_idx'),
        ),
        migrations.AddIndex(
            model_name='project',
            index=models.Index(fields=['leader', '-id'], name='project_leader_idx'),
        ),
        migrations.AddConstraint(
            model_name='project',
            constraint=models.UniqueConstraint(condition=models.Q(('number__isnull', False)), fields=('municipality', 'number_year', 'number'), name='project_number_once'),
        ),
        migrations.AddConstraint(
            model_name='project',
            constraint=models.UniqueConstraint(condition=models.Q(('proposal__isnull', False), models.Q(('status', 'terminated'), _negated=True)), fields=('proposal',), name='project_of_proposal_once'),
        ),
        migrations.AddConstraint(
            model_name='project',
            constraint=models.CheckConstraint(condition=models.Q(('customer__isnull', True), ('leader__isnull', True), models.Q(('customer', models.F('leader')), _negated=True), ('status__in', ['draft', 'terminated']), _connector='OR'), name='project_customer_does_not_lead'),
        ),
        migrations.AddConstraint(
            model_name='project',
            constraint=models.CheckConstraint(condition=models.Q(('closed_on__isnull', False), models.Q(('status__in', ['stability', 'stable', 'degraded', 'closed_success', 'closed_partial']), _negated=True), _connector='OR'), name='project_closed_has_day'),
        ),
        migrations.AddConstraint(
            model_name='project',
            constraint=models.CheckConstraint(condition=models.Q(('closed_on__isnull', True), ('opened_on__isnull', True), ('closed_on__gte', models.F('opened_on')), _connector='OR'), name='project_closed_after_opened'),
        ),
        migrations.AddConstraint(
            model_name='project',
            constraint=models.CheckConstraint(condition=models.Q(('origin', models.F('id')), _negated=True), name='project_not_its_own_origin'),
        ),
        migrations.AddIndex(
            model_name='passportedition',
            index=models.Index(fields=['project', '-id'], name='project_edition_idx'),
        ),
        migrations.AddConstraint(
            model_name='passportedition',
            constraint=models.UniqueConstraint(condition=models.Q(('number__isnull', False)), fields=('project', 'number'), name='project_edition_once'),
        ),
        migrations.AddConstraint(
            model_name='passportedition',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'sent')), fields=('project',), name='project_one_sent'),
        ),
        migrations.AddConstraint(
            model_name='passportedition',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'approved'), _negated=True), models.Q(('decided_at__isnull', False), ('number__isnull', False)), _connector='OR'), name='project_edition_approved_whole'),
        ),
        migrations.AddIndex(
            model_name='participant',
            index=models.Index(fields=['organisation', 'project'], name='project_participant_idx'),
        ),
        migrations.AddConstraint(
            model_name='participant',
            constraint=models.UniqueConstraint(fields=('project', 'organisation'), name='project_participant_once'),
        ),
        migrations.AddIndex(
            model_name='measure',
            index=models.Index(fields=['responsible', 'state', 'due_on'], name='project_measure_whose_idx'),
        ),
        migrations.AddConstraint(
            model_name='measure',
            constraint=models.UniqueConstraint(fields=('project', 'number'), name='project_measure_once'),
        ),
        migrations.AddConstraint(
            model_name='measure',
            constraint=models.CheckConstraint(condition=models.Q(('due_on__isnull', True), ('starts_on__isnull', True), ('due_on__gte', models.F('starts_on')), _connector='OR'), name='project_measure_forward'),
        ),
        migrations.AddConstraint(
            model_name='measure',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'done'), _negated=True), ('done_on__isnull', False), _connector='OR'), name='project_measure_done_has_day'),
        ),
        migrations.AddConstraint(
            model_name='goal',
            constraint=models.UniqueConstraint(fields=('project', 'key'), name='project_goal_once'),
        ),
        migrations.AddConstraint(
            model_name='gatetick',
            constraint=models.UniqueConstraint(fields=('project', 'code'), name='project_tick_once'),
        ),
        migrations.AddIndex(
            model_name='evidence',
            index=models.Index(fields=['project', 'code'], name='project_evidence_idx'),
        ),
        migrations.AddConstraint(
            model_name='effect',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'time'), _negated=True), models.Q(('minutes__isnull', False), ('people__isnull', False), ('times__isnull', False)), _connector='OR'), name='project_effect_time_whole'),
        ),
        migrations.AddIndex(
            model_name='defence',
            index=models.Index(fields=['project', '-held_on'], name='project_defence_idx'),
        ),
        migrations.AddIndex(
            model_name='projectevent',
            index=models.Index(fields=['project', '-id'], name='project_event_idx'),
        ),
        migrations.AddIndex(
            model_name='remark',
            index=models.Index(fields=['responsible', 'done_on', 'due_on'], name='project_remark_whose_idx'),
        ),
        migrations.AddConstraint(
            model_name='savedfilter',
            constraint=models.UniqueConstraint(fields=('user', 'title'), name='project_filter_once'),
        ),
        migrations.AddIndex(
            model_name='stabilitypoint',
            index=models.Index(fields=['checked_on', 'due_on'], name='project_point_due_idx'),
        ),
        migrations.AddConstraint(
            model_name='stabilitypoint',
            constraint=models.UniqueConstraint(fields=('project', 'months'), name='project_point_once'),
        ),
        migrations.AddConstraint(
            model_name='stage',
            constraint=models.UniqueConstraint(fields=('project', 'number'), name='project_stage_once'),
        ),
        migrations.AddConstraint(
            model_name='stage',
            constraint=models.CheckConstraint(condition=models.Q(('plan_end__isnull', True), ('plan_start__isnull', True), ('plan_end__gte', models.F('plan_start')), _connector='OR'), name='project_stage_plan_forward'),
        ),
        migrations.AddConstraint(
            model_name='stage',
            constraint=models.CheckConstraint(condition=models.Q(('actual_end__isnull', True), ('actual_start__isnull', True), ('actual_end__gte', models.F('actual_start')), _connector='OR'), name='project_stage_fact_forward'),
        ),
        migrations.AddIndex(
            model_name='teammember',
            index=models.Index(fields=['person', 'project'], name='project_member_idx'),
        ),
        migrations.AddConstraint(
            model_name='teammember',
            constraint=models.UniqueConstraint(fields=('project', 'person'), name='project_member_once'),
        ),
        migrations.AddConstraint(
            model_name='weeklycheck',
            constraint=models.UniqueConstraint(fields=('project', 'week_on'), name='project_week_once'),
        ),
        migrations.RunPython(forbid_update, allow_update),
    ]
