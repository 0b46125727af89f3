"""Keys of likeness written anew: «щиток» and «щитки» are one key now."""

from typing import Any

from django.db import migrations

BATCH = 1000


def write_keys(apps: Any, schema_editor: Any) -> None:
    from gemba.proposals.rules.likeness import keys_of

    proposals = apps.get_model("proposals", "Proposal").objects.using(schema_editor.connection.alias)
    last = 0
    while True:
        rows = list(
            proposals.filter(pk__gt=last).order_by("pk").only("problem", "solution", "likeness")[:BATCH]
        )
        if not rows:
            return
        last = rows[-1].pk
        changed = []
        for row in rows:
            keys = " ".join(keys_of(f"{row.problem} {row.solution}"))
            if keys != row.likeness:
                row.likeness = keys
                changed.append(row)
        proposals.bulk_update(changed, ["likeness"], batch_size=200)


class Migration(migrations.Migration):
    dependencies = [("proposals", "0003_bottlenecks")]

    operations = [migrations.RunPython(write_keys, migrations.RunPython.noop, elidable=True)]
