import django.core.serializers.json
import django.db.models.deletion
import gemba.proposals.models.proposal
import gemba.search.fields
from django.conf import settings
from django.db import migrations, models


POSTGRESQL = """
CREATE FUNCTION proposals_event_is_immutable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'proposals_proposalevent is append-only';
END $$;
CREATE TRIGGER proposals_event_no_update BEFORE UPDATE ON proposals_proposalevent
    FOR EACH ROW EXECUTE FUNCTION proposals_event_is_immutable();
"""
SQLITE = """
CREATE TRIGGER proposals_event_no_update BEFORE UPDATE ON proposals_proposalevent
BEGIN SELECT RAISE(ABORT, 'proposals_proposalevent is append-only'); END;
"""


def forbid_update(apps, schema_editor):
    """Let the database itself refuse to rewrite the history. Keep this when the migration is made anew."""
    schema_editor.execute(POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE)


def allow_update(apps, schema_editor):
    """Take the trigger away."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION proposals_event_is_immutable() CASCADE")
    else:
        schema_editor.execute("DROP TRIGGER proposals_event_no_update")


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('organisation', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='EffectMethod',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('hour_rate', models.DecimalField(decimal_places=2, max_digits=9)),
                ('work_days_a_year', models.PositiveSmallIntegerField()),
                ('made_at', models.DateTimeField()),
                ('municipality', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.municipality')),
            ],
        ),
        migrations.CreateModel(
            name='ImportFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200)),
                ('rows', models.JSONField(default=list, encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ('problems', models.JSONField(default=list)),
                ('made_at', models.DateTimeField()),
                ('loaded_at', models.DateTimeField(blank=True, null=True)),
                ('loaded', models.PositiveIntegerField(default=0)),
                ('municipality', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisation.municipality')),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='NameConsent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('given_at', models.DateTimeField()),
                ('person', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisation.person')),
            ],
        ),
        migrations.CreateModel(
            name='NumberRange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField()),
                ('last', models.PositiveIntegerField(default=0)),
                ('municipality', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.municipality')),
            ],
        ),
        migrations.CreateModel(
            name='PersonCode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(max_length=200)),
                ('issued_on', models.DateField()),
                ('expires_on', models.DateField()),
                ('issued_by', models.CharField(max_length=200)),
                ('municipality', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.municipality')),
                ('person', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='proposal_code', to='organisation.person')),
            ],
        ),
        migrations.CreateModel(
            name='Proposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number_year', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('number', models.PositiveIntegerField(blank=True, null=True)),
                ('state', models.CharField(choices=[('draft', 'Черновик'), ('submitted', 'Подано'), ('registered', 'Зарегистрировано'), ('under_review', 'Рассматривается'), ('returned', 'Нужно уточнить'), ('accepted', 'Принято'), ('rejected', 'Отклонено'), ('to_project', 'Передано в проект'), ('duplicate', 'Повтор'), ('in_progress', 'Внедряется'), ('postponed', 'Отложено'), ('cancelled', 'Снято'), ('implemented', 'Внедрено'), ('verified', 'Внедрение подтверждено'), ('rewarded', 'Автор поощрён'), ('closed', 'Завершено')], default='draft', max_length=20)),
                ('is_public', models.BooleanField(default=False)),
                ('title', models.CharField(max_length=200)),
                ('problem', models.TextField()),
                ('solution', models.TextField()),
                ('expected', models.TextField(blank=True)),
                ('category', models.CharField(blank=True, choices=[('safety', 'Безопасность'), ('quality', 'Качество'), ('time', 'Сроки и лишние действия'), ('cost', 'Затраты'), ('conditions', 'Условия труда'), ('client', 'Удобство для людей')], max_length=20)),
                ('source', models.CharField(choices=[('staff', 'С рабочего места'), ('qr', 'По QR-коду'), ('paper', 'С бумажной карточки'), ('import', 'Загружено из таблицы')], default='staff', max_length=10)),
                ('is_anonymous', models.BooleanField(default=False)),
                ('is_author_ready', models.BooleanField(default=False)),
                ('needs_money', models.BooleanField(default=False)),
                ('touches_others', models.BooleanField(default=False)),
                ('level', models.PositiveSmallIntegerField(default=1)),
                ('created_at', models.DateTimeField()),
                ('moved_at', models.DateTimeField()),
                ('submitted_on', models.DateField(blank=True, null=True)),
                ('registered_on', models.DateField(blank=True, null=True)),
                ('decided_on', models.DateField(blank=True, null=True)),
                ('planned_on', models.DateField(blank=True, null=True)),
                ('implemented_on', models.DateField(blank=True, null=True)),
                ('verified_on', models.DateField(blank=True, null=True)),
                ('postponed_until', models.DateField(blank=True, null=True)),
                ('verified_as', models.CharField(blank=True, max_length=200)),
                ('answer_by', models.DateField(blank=True, null=True)),
                ('term_on', models.DateField(blank=True, null=True)),
                ('decision', models.TextField(blank=True)),
                ('escalations', models.PositiveSmallIntegerField(default=0)),
                ('escalated_on', models.DateField(blank=True, null=True)),
                ('has_author_escalated', models.BooleanField(default=False)),
                ('has_appealed', models.BooleanField(default=False)),
                ('hours_a_year', models.DecimalField(decimal_places=2, default=0, max_digits=12)),
                ('money_a_year', models.DecimalField(decimal_places=2, default=0, max_digits=14)),
                ('sent_key', models.CharField(blank=True, max_length=40, null=True, unique=True)),
                ('receipt', models.CharField(default=gemba.proposals.models.proposal.new_receipt, max_length=24, unique=True)),
                ('words', gemba.search.fields.WordsField(blank=True, default='', editable=False)),
                ('likeness', gemba.search.fields.WordsField(blank=True, default='', editable=False)),
                ('version', models.PositiveIntegerField(default=1)),
                ('author', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='main_proposals', to='organisation.person')),
                ('duplicate_of', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='duplicates', to='proposals.proposal')),
                ('municipality', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='proposals', to='organisation.municipality')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='proposals', to='organisation.organisation')),
                ('responsible', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='proposals_to_implement', to='organisation.person')),
                ('reviewer', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reviewed_proposals', to='organisation.person')),
                ('submitted_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='submitted_proposals', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='proposals', to='organisation.unit')),
                ('verified_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='verified_proposals', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Photo',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('problem', 'Что мешает'), ('before', 'Было'), ('after', 'Стало')], max_length=10)),
                ('file', models.FileField(max_length=200, upload_to='')),
                ('preview', models.FileField(max_length=200, upload_to='')),
                ('width', models.PositiveIntegerField()),
                ('height', models.PositiveIntegerField()),
                ('added_at', models.DateTimeField()),
                ('added_by', models.CharField(blank=True, max_length=200)),
                ('proposal', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='photos', to='proposals.proposal')),
            ],
        ),
        migrations.CreateModel(
            name='Effect',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('time', 'Время'), ('money', 'Деньги'), ('quality', 'Качество'), ('safety', 'Безопасность'), ('words', 'Другое')], max_length=10)),
                ('minutes', models.DecimalField(blank=True, decimal_places=2, max_digits=8, null=True)),
                ('times', models.DecimalField(blank=True, decimal_places=2, max_digits=8, null=True)),
                ('frequency', models.CharField(blank=True, choices=[('day', 'раз в рабочий день'), ('week', 'раз в неделю'), ('month', 'раз в месяц'), ('year', 'раз в год')], max_length=10)),
                ('people', models.PositiveIntegerField(blank=True, null=True)),
                ('hours_a_year', models.DecimalField(decimal_places=2, default=0, max_digits=12)),
                ('money_a_year', models.DecimalField(decimal_places=2, default=0, max_digits=14)),
                ('text', models.TextField(blank=True)),
                ('is_verified', models.BooleanField(default=False)),
                ('verified_by', models.CharField(blank=True, max_length=200)),
                ('verified_on', models.DateField(blank=True, null=True)),
                ('added_by', models.CharField(blank=True, max_length=200)),
                ('added_at', models.DateTimeField()),
                ('added_by_person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.person')),
                ('method', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='proposals.effectmethod')),
                ('proposal', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='effects', to='proposals.proposal')),
            ],
        ),
        migrations.CreateModel(
            name='Comment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200)),
                ('text', models.TextField()),
                ('at', models.DateTimeField()),
                ('mentioned', models.ManyToManyField(blank=True, related_name='+', to='organisation.person')),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.person')),
                ('user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('proposal', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='comments', to='proposals.proposal')),
            ],
        ),
        migrations.CreateModel(
            name='Author',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_main', models.BooleanField(default=False)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.organisation')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='authored', to='organisation.person')),
                ('joined_from', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='proposals.proposal')),
                ('proposal', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='authors', to='proposals.proposal')),
            ],
        ),
        migrations.CreateModel(
            name='ProposalCounter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month_on', models.DateField()),
                ('what', models.CharField(max_length=20)),
                ('count', models.IntegerField(default=0)),
                ('municipality', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.municipality')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.organisation')),
            ],
        ),
        migrations.CreateModel(
            name='ProposalEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('verb', models.CharField(max_length=30)),
                ('title', models.CharField(max_length=200)),
                ('source', models.CharField(blank=True, max_length=20)),
                ('target', models.CharField(blank=True, max_length=20)),
                ('text', models.TextField(blank=True)),
                ('actor_user_id', models.BigIntegerField(null=True)),
                ('actor_person_id', models.BigIntegerField(null=True)),
                ('actor_name', models.CharField(max_length=200)),
                ('at', models.DateTimeField()),
                ('proposal', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='events', to='proposals.proposal')),
            ],
        ),
        migrations.CreateModel(
            name='ProposalSettings',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('data', models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ('version', models.PositiveIntegerField(default=1)),
                ('municipality', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='proposal_settings', to='organisation.municipality')),
            ],
        ),
        migrations.CreateModel(
            name='Replication',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('recommended', 'Рекомендовано'), ('agreed', 'Согласовано'), ('in_progress', 'Внедряется'), ('introduced', 'Внедрено'), ('confirmed', 'Подтверждено'), ('declined', 'Отклонено')], default='recommended', max_length=12)),
                ('adaptation', models.TextField(blank=True)),
                ('reason', models.TextField(blank=True)),
                ('suggested_on', models.DateField()),
                ('suggested_by', models.CharField(max_length=200)),
                ('introduced_on', models.DateField(blank=True, null=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('municipality', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.municipality')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='proposal_replications', to='organisation.organisation')),
                ('proposal', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='replications', to='proposals.proposal')),
                ('responsible', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.person')),
                ('suggested_by_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.unit')),
            ],
        ),
        migrations.CreateModel(
            name='Reward',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('thanks', 'Благодарность'), ('certificate', 'Грамота'), ('bonus', 'Премия'), ('points', 'Баллы')], max_length=12)),
                ('act_kind', models.CharField(blank=True, max_length=100)),
                ('act_number', models.CharField(max_length=60)),
                ('act_on', models.DateField()),
                ('points', models.PositiveIntegerField(default=0)),
                ('amount', models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True)),
                ('note', models.CharField(blank=True, max_length=500)),
                ('given_at', models.DateTimeField()),
                ('given_by', models.CharField(max_length=200)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='proposal_rewards', to='organisation.person')),
                ('proposal', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rewards', to='proposals.proposal')),
            ],
        ),
        migrations.CreateModel(
            name='SavedFilter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=100)),
                ('query', models.CharField(max_length=1000)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='StemCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('stem', models.CharField(max_length=60)),
                ('count', models.PositiveIntegerField()),
                ('municipality', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisation.municipality')),
            ],
        ),
        migrations.CreateModel(
            name='AnswerTemplate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('verb', models.CharField(max_length=20)),
                ('title', models.CharField(max_length=100)),
                ('text', models.TextField()),
                ('municipality', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.municipality')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('municipality', 'verb', 'title'), name='proposal_template_once')],
            },
        ),
        migrations.CreateModel(
            name='CodeFailure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('address', models.CharField(max_length=64)),
                ('at', models.DateTimeField()),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisation.person')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisation.unit')),
            ],
            options={
                'indexes': [models.Index(fields=['unit', 'address', 'at'], name='proposal_failure_idx'), models.Index(fields=['person', 'at'], name='proposal_failed_person_idx')],
            },
        ),
        migrations.AddConstraint(
            model_name='effectmethod',
            constraint=models.UniqueConstraint(fields=('municipality', 'number'), name='proposal_method_once'),
        ),
        migrations.AddConstraint(
            model_name='numberrange',
            constraint=models.UniqueConstraint(fields=('municipality', 'year'), name='proposal_range_once'),
        ),
        migrations.AddIndex(
            model_name='proposal',
            index=models.Index(fields=['municipality', '-id'], name='proposal_newest_idx'),
        ),
        migrations.AddIndex(
            model_name='proposal',
            index=models.Index(fields=['municipality', 'state', '-id'], name='proposal_state_idx'),
        ),
        migrations.AddIndex(
            model_name='proposal',
            index=models.Index(fields=['municipality', 'state', 'moved_at'], name='proposal_stagnant_idx'),
        ),
        migrations.AddIndex(
            model_name='proposal',
            index=models.Index(fields=['organisation', '-id'], name='proposal_organisation_idx'),
        ),
        migrations.AddIndex(
            model_name='proposal',
            index=models.Index(fields=['organisation', 'state', '-id'], name='proposal_org_state_idx'),
        ),
        migrations.AddIndex(
            model_name='proposal',
            index=models.Index(condition=models.Q(('term_on__isnull', False)), fields=['municipality', 'term_on', 'id'], name='proposal_term_idx'),
        ),
        migrations.AddIndex(
            model_name='proposal',
            index=models.Index(condition=models.Q(('term_on__isnull', False)), fields=['organisation', 'term_on', 'id'], name='proposal_org_term_idx'),
        ),
        migrations.AddIndex(
            model_name='proposal',
            index=models.Index(condition=models.Q(('is_public', True)), fields=['municipality', '-id'], name='proposal_catalogue_idx'),
        ),
        migrations.AddIndex(
            model_name='proposal',
            index=models.Index(condition=models.Q(('implemented_on__isnull', False)), fields=['municipality', 'implemented_on', 'organisation'], name='proposal_implemented_idx'),
        ),
        migrations.AddIndex(
            model_name='proposal',
            index=models.Index(fields=['municipality', 'submitted_on', 'organisation'], name='proposal_sent_idx'),
        ),
        migrations.AddIndex(
            model_name='proposal',
            index=models.Index(fields=['municipality', 'decided_on'], name='proposal_decided_idx'),
        ),
        migrations.AddIndex(
            model_name='proposal',
            index=models.Index(condition=models.Q(('reviewer__isnull', False)), fields=['reviewer', 'term_on'], name='proposal_reviewer_idx'),
        ),
        migrations.AddIndex(
            model_name='proposal',
            index=models.Index(condition=models.Q(('responsible__isnull', False)), fields=['responsible', 'term_on'], name='proposal_responsible_idx'),
        ),
        migrations.AddConstraint(
            model_name='proposal',
            constraint=models.UniqueConstraint(fields=('municipality', 'number_year', 'number'), name='proposal_number_once'),
        ),
        migrations.AddConstraint(
            model_name='proposal',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'submitted', 'registered', 'under_review', 'returned', 'accepted', 'rejected', 'to_project', 'duplicate', 'in_progress', 'postponed', 'cancelled', 'implemented', 'verified', 'rewarded', 'closed'])), name='proposal_state_is_known'),
        ),
        migrations.AddConstraint(
            model_name='proposal',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'submitted', 'cancelled']), ('number__isnull', False), _connector='OR'), name='proposal_registered_has_number'),
        ),
        migrations.AddConstraint(
            model_name='proposal',
            constraint=models.CheckConstraint(condition=models.Q(('state', 'draft'), ('submitted_on__isnull', False), _connector='OR'), name='proposal_sent_has_day'),
        ),
        migrations.AddConstraint(
            model_name='proposal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['implemented', 'verified', 'rewarded', 'closed']), _negated=True), ('implemented_on__isnull', False), _connector='OR'), name='proposal_implemented_has_day'),
        ),
        migrations.AddConstraint(
            model_name='proposal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('duplicate_of__isnull', False), ('state', 'duplicate')), models.Q(models.Q(('state', 'duplicate'), _negated=True), ('duplicate_of__isnull', True)), _connector='OR'), name='proposal_duplicate_has_original'),
        ),
        migrations.AddConstraint(
            model_name='proposal',
            constraint=models.CheckConstraint(condition=models.Q(('duplicate_of', models.F('id')), _negated=True), name='proposal_not_its_own_duplicate'),
        ),
        migrations.AddConstraint(
            model_name='proposal',
            constraint=models.CheckConstraint(condition=models.Q(('implemented_on__isnull', True), ('implemented_on__gte', models.F('submitted_on')), _connector='OR'), name='proposal_implemented_after_sent'),
        ),
        migrations.AddConstraint(
            model_name='effect',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'time'), _negated=True), models.Q(('minutes__isnull', False), ('people__isnull', False), ('times__isnull', False)), _connector='OR'), name='proposal_effect_time_is_whole'),
        ),
        migrations.AddIndex(
            model_name='comment',
            index=models.Index(fields=['proposal', 'id'], name='proposal_comment_idx'),
        ),
        migrations.AddIndex(
            model_name='author',
            index=models.Index(fields=['person', '-proposal'], name='proposal_author_idx'),
        ),
        migrations.AddConstraint(
            model_name='author',
            constraint=models.UniqueConstraint(fields=('proposal', 'person'), name='proposal_author_once'),
        ),
        migrations.AddIndex(
            model_name='proposalcounter',
            index=models.Index(fields=['municipality', 'month_on'], name='proposal_counter_idx'),
        ),
        migrations.AddConstraint(
            model_name='proposalcounter',
            constraint=models.UniqueConstraint(fields=('organisation', 'month_on', 'what'), name='proposal_counter_once'),
        ),
        migrations.AddIndex(
            model_name='proposalevent',
            index=models.Index(fields=['proposal', '-id'], name='proposal_event_idx'),
        ),
        migrations.AddIndex(
            model_name='replication',
            index=models.Index(fields=['municipality', 'introduced_on'], name='proposal_replicated_idx'),
        ),
        migrations.AddConstraint(
            model_name='replication',
            constraint=models.UniqueConstraint(condition=models.Q(('unit__isnull', True)), fields=('proposal', 'organisation'), name='proposal_replication_once'),
        ),
        migrations.AddConstraint(
            model_name='replication',
            constraint=models.UniqueConstraint(condition=models.Q(('unit__isnull', False)), fields=('proposal', 'organisation', 'unit'), name='proposal_replication_unit_once'),
        ),
        migrations.AddConstraint(
            model_name='replication',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['introduced', 'confirmed']), _negated=True), ('introduced_on__isnull', False), _connector='OR'), name='proposal_replication_has_day'),
        ),
        migrations.AddIndex(
            model_name='reward',
            index=models.Index(fields=['person', 'act_on'], name='proposal_reward_idx'),
        ),
        migrations.AddConstraint(
            model_name='reward',
            constraint=models.UniqueConstraint(fields=('proposal', 'person', 'kind'), name='proposal_reward_once'),
        ),
        migrations.AddConstraint(
            model_name='reward',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'bonus'), _negated=True), ('amount__isnull', False), _connector='OR'), name='proposal_bonus_has_amount'),
        ),
        migrations.AddConstraint(
            model_name='savedfilter',
            constraint=models.UniqueConstraint(fields=('user', 'title'), name='proposal_filter_once'),
        ),
        migrations.AddConstraint(
            model_name='stemcount',
            constraint=models.UniqueConstraint(fields=('municipality', 'stem'), name='proposal_stem_once'),
        ),
        migrations.RunPython(forbid_update, allow_update),
    ]
