from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0005_silent_hubs"),
    ]

    operations = [
        migrations.AddField(
            model_name="revision",
            name="kind",
            field=models.TextField(db_default=""),
        ),
        migrations.AddField(
            model_name="revision",
            name="silent",
            field=models.BooleanField(db_default=False),
        ),
        migrations.AddField(
            model_name="revision",
            name="updated_at",
            field=models.DateTimeField(null=True),
        ),
    ]
