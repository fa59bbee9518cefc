import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import daily8.store.models.columns


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0011_vectors"),
    ]

    operations = [
        migrations.CreateModel(
            name="Assigner",
            fields=[
                ("id", models.PositiveSmallIntegerField(primary_key=True, serialize=False)),
                ("token", models.UUIDField(null=True)),
                ("seq", models.BigIntegerField(default=0)),
                ("place", models.BigIntegerField(default=0)),
                ("era", models.PositiveIntegerField(default=0)),
                ("since", models.DateTimeField(null=True)),
                ("repaired_at", models.DateTimeField(null=True)),
                ("repaired_seq", models.BigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="Checkpoint",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("seq", models.BigIntegerField()),
                ("place", models.BigIntegerField()),
                ("body", models.BinaryField()),
                ("made_at", models.DateTimeField()),
                ("made_by", models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name="Hashtag",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        db_default=daily8.store.models.columns.UuidV7(),
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("key", models.TextField(unique=True)),
                ("name_en", models.TextField(default="")),
                ("name_ar", models.TextField(default="")),
                ("added_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
        ),
        migrations.CreateModel(
            name="Arrival",
            fields=[
                ("seq", models.BigIntegerField(primary_key=True, serialize=False)),
                ("title", models.TextField(default="")),
                ("text", models.TextField(default="")),
                ("language", models.CharField(default="", max_length=35)),
                ("publisher", models.TextField(default="")),
                ("published_at", models.DateTimeField()),
                ("taken_at", models.DateTimeField()),
                (
                    "article",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="arrival",
                        to="store.article",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Copy",
            fields=[
                (
                    "article",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="copy",
                        serialize=False,
                        to="store.article",
                    ),
                ),
                ("reason", models.TextField()),
                ("share", models.FloatField()),
                ("recipe", models.TextField()),
                (
                    "leader",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="copies", to="store.article"
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "copies",
            },
        ),
        migrations.CreateModel(
            name="Progress",
            fields=[
                (
                    "article",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="progress",
                        serialize=False,
                        to="store.article",
                    ),
                ),
                ("understand_at", models.DateTimeField(null=True)),
                ("assign_at", models.DateTimeField(null=True)),
                ("relate_at", models.DateTimeField(null=True)),
                ("generation", models.PositiveSmallIntegerField(default=0)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("claimed_until", models.DateTimeField(null=True)),
                ("claim_token", models.UUIDField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("understand_at__isnull", False)),
                        fields=["understand_at", "article"],
                        name="progress_understand",
                    ),
                    models.Index(
                        condition=models.Q(("assign_at__isnull", False)),
                        fields=["article"],
                        name="progress_assign",
                    ),
                    models.Index(
                        condition=models.Q(("relate_at__isnull", False)),
                        fields=["relate_at", "article"],
                        name="progress_relate",
                    ),
                    models.Index(fields=["generation"], name="progress_generation"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Story",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        db_default=daily8.store.models.columns.UuidV7(),
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("opened_seq", models.BigIntegerField(unique=True)),
                ("opened_at", models.DateTimeField()),
                ("locked", models.BooleanField(default=False)),
                ("headline", models.TextField(default="")),
                (
                    "forward_to",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merged",
                        to="store.story",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "stories",
            },
        ),
        migrations.CreateModel(
            name="Understanding",
            fields=[
                (
                    "article",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="understanding",
                        serialize=False,
                        to="store.article",
                    ),
                ),
                ("language", models.CharField(default="", max_length=35)),
                ("category", models.TextField(default="")),
                ("recipe", models.TextField()),
            ],
            options={
                "indexes": [models.Index(fields=["category", "-article"], name="understanding_category")],
            },
        ),
        migrations.CreateModel(
            name="Entity",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("key", models.TextField()),
                ("name", models.TextField()),
                ("kind", models.TextField()),
                ("place", models.PositiveSmallIntegerField()),
                ("recipe", models.TextField()),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="entities",
                        to="store.article",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "entities",
                "indexes": [models.Index(fields=["key", "-article"], name="entity_newest")],
                "constraints": [models.UniqueConstraint(fields=("article", "key"), name="entity_once")],
            },
        ),
        migrations.CreateModel(
            name="Relation",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("relation", models.TextField()),
                ("score", models.FloatField()),
                ("reason", models.JSONField(default=dict)),
                ("place", models.PositiveSmallIntegerField()),
                ("recipe", models.TextField()),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="relations",
                        to="store.article",
                    ),
                ),
                (
                    "other",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="relations_from_others",
                        to="store.article",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("article", "other"), name="relation_once")],
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                (
                    "article",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="membership",
                        serialize=False,
                        to="store.article",
                    ),
                ),
                ("seq", models.BigIntegerField(unique=True)),
                ("decision", models.JSONField()),
                ("recipe", models.TextField()),
                (
                    "story",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="members", to="store.story"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["story", "seq"], name="membership_story")],
            },
        ),
        migrations.CreateModel(
            name="StoryAct",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "kind",
                    models.TextField(
                        choices=[
                            ("merge", "Merge"),
                            ("split", "Split"),
                            ("move", "Move"),
                            ("lock", "Lock"),
                            ("unlock", "Unlock"),
                            ("headline", "Headline"),
                        ]
                    ),
                ),
                ("articles", models.JSONField(default=list)),
                ("headline", models.TextField(default="")),
                ("origin", models.TextField(choices=[("editor", "Editor"), ("repair", "Repair")])),
                ("by", models.TextField(default="")),
                ("at", models.DateTimeField()),
                ("why", models.TextField(default="")),
                ("change", models.JSONField(null=True)),
                ("place", models.BigIntegerField(null=True, unique=True)),
                ("after_seq", models.BigIntegerField(null=True)),
                ("refused", models.TextField(default="")),
                (
                    "other",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="acts_from_others",
                        to="store.story",
                    ),
                ),
                (
                    "story",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="acts", to="store.story"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["story", "-id"], name="story_act_story"),
                    models.Index(fields=["other", "-id"], name="story_act_other"),
                    models.Index(
                        condition=models.Q(
                            ("place", None), ("refused", ""), models.Q(("kind", "headline"), _negated=True)
                        ),
                        fields=["id"],
                        name="story_act_due",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Tagging",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("place", models.PositiveSmallIntegerField()),
                ("recipe", models.TextField()),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="taggings",
                        to="store.article",
                    ),
                ),
                (
                    "hashtag",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="taggings",
                        to="store.hashtag",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["hashtag", "-article"], name="tagging_newest")],
                "constraints": [models.UniqueConstraint(fields=("article", "hashtag"), name="tagging_once")],
            },
        ),
        migrations.RunSQL(  # what has arrived before is understood in its order, the rest follows from that
            """
            INSERT INTO store_progress (article_id, understand_at, generation, tries)
            SELECT id, arrived_at, 0, 0 FROM store_article ORDER BY id
            """,
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL(  # it is packed already: trying again costs time and wins nothing
            "ALTER TABLE store_checkpoint ALTER COLUMN body SET STORAGE EXTERNAL", migrations.RunSQL.noop
        ),
    ]
