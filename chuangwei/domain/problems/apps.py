from django.apps import AppConfig


class ProblemsConfig(AppConfig):
    name = "chuangwei.domain.problems"
    label = "problems"
    verbose_name = "问题"
