from django.apps import AppConfig


class InspectionsConfig(AppConfig):
    name = "chuangwei.domain.inspections"
    label = "inspections"
    verbose_name = "督导检查"
