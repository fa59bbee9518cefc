from django.db import migrations, models

from daily8.store.models.columns import UuidV7


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0008_wishes"),
    ]

    operations = [
        migrations.AddField(model_name="article", name="episode", field=models.JSONField(null=True)),
        migrations.AddField(
            model_name="article", name="duration", field=models.PositiveIntegerField(null=True)
        ),
        migrations.AlterField(
            model_name="errand",
            name="kind",
            field=models.CharField(
                max_length=8,
                choices=[
                    ("page", "Page"),
                    ("picture", "Picture"),
                    ("delivery", "Delivery"),
                    ("hub", "Hub"),
                    ("timed", "Timed"),
                ],
            ),
        ),
        migrations.CreateModel(
            name="TimedText",
            fields=[
                (
                    "id",
                    models.UUIDField(primary_key=True, db_default=UuidV7(), editable=False, serialize=False),
                ),
                (
                    "kind",
                    models.TextField(choices=[("chapters", "Chapters"), ("transcript", "Transcript")]),
                ),
                ("url", models.TextField(default="")),
                ("type", models.TextField(default="")),
                ("language", models.CharField(max_length=35, default="")),
                ("content", models.JSONField(null=True)),
                ("recipe", models.TextField(default="")),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=models.CASCADE, related_name="timed_texts", to="store.article"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=["article", "kind"], name="timed_text_once")],
            },
        ),
    ]
