from django.apps import AppConfig
from django.db.models.signals import post_migrate


class CoreConfig(AppConfig):
    name = "chuangwei.core"
    label = "core"
    verbose_name = "公共"

    def ready(self) -> None:
        """Let every noun say which tables of a preset it reads."""
        from chuangwei.core import presets, search  # noqa: PLC0415 - models must be loaded first

        presets.discover()
        post_migrate.connect(search.build_indexes, dispatch_uid="search")
