from django.apps import AppConfig
from django.core import checks
from django.core.management import call_command
from django.db.models.signals import post_migrate

from chuangwei.config import database


def make_cache_table(sender: AppConfig, **_about: object) -> None:
    """The table that counts sign-in attempts has no model, so no migration makes it."""
    if sender.label == "core":
        call_command("createcachetable", verbosity=0)


class ConfigConfig(AppConfig):
    name = "chuangwei.config"
    label = "config"
    verbose_name = "安装"

    def ready(self) -> None:
        post_migrate.connect(make_cache_table)
        checks.register(database.check_database, checks.Tags.database)
