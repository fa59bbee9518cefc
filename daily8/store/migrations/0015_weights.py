from __future__ import annotations

from django.db import migrations, models

_UNSEEN = "".join(map(chr, [*range(0x0610, 0x061B), 0x0640, *range(0x064B, 0x0660), 0x0670]))
_FOLDED = f"translate(left(title, 1000), 'أإآٱىةؤئکی{_UNSEEN}', 'اااايهويكي')"


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0014_join"),
    ]

    operations = [
        migrations.AddField(
            model_name="source",
            name="weight",
            field=models.FloatField(db_default=1.0, default=1.0),
        ),
        migrations.CreateModel(
            name="FrontRun",
            fields=[
                ("id", models.PositiveSmallIntegerField(primary_key=True, serialize=False)),
                ("worked_at", models.DateTimeField()),
                ("mark", models.TextField()),
                ("seconds", models.FloatField()),
                ("editions", models.PositiveIntegerField()),
            ],
        ),
        migrations.RunSQL(  # as `daily8.store.story_search.WORDS` says it
            f"CREATE INDEX arrival_words ON store_arrival USING gin (to_tsvector('simple', {_FOLDED}))",
            "DROP INDEX arrival_words",
        ),
        migrations.AddIndex(
            model_name="story",
            index=models.Index(
                fields=["opened_seq"],
                name="story_headed",
                condition=models.Q(("headline", ""), _negated=True),
            ),
        ),
    ]
