from django.apps import AppConfig


class OfficeConfig(AppConfig):
    name = "chuangwei.web.office"
    label = "office"
    verbose_name = "办公室"

    def ready(self) -> None:
        from chuangwei.core import resealing  # noqa: PLC0415  (models are not there before)
        from chuangwei.web.office.account import sealed, signals  # noqa: PLC0415

        signals.connect()
        resealing.seal_elsewhere(sealed.FACTORS)
