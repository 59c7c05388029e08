from django.db import migrations

from chuangwei.core.secrets import blind_index
from chuangwei.core.text import Unreadable, phone_number

PURPOSE = "index organisation.person.phone"
BATCH = 500


def fill(apps, schema_editor):
    """Give every phone its blind index. Without phones no key is asked for; one that does not open is left out, and
    the nightly check says so (`chuangwei keys rotate --index` fills it once its key is back)."""
    persons = apps.get_model("organisation", "Person").objects.using(schema_editor.connection.alias)
    waiting = persons.exclude(phone="").filter(phone_index="").only("pk", "phone").order_by("pk")
    last = 0
    while batch := list(waiting.filter(pk__gt=last)[:BATCH]):
        last = batch[-1].pk
        for person in batch:
            if not isinstance(person.phone, Unreadable):
                person.phone_index = blind_index(phone_number(person.phone), PURPOSE)
        persons.bulk_update(batch, ["phone_index"])


class Migration(migrations.Migration):
    dependencies = [("organisation", "0002_scopes_and_phone_index")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
