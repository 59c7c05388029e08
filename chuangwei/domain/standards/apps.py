from django.apps import AppConfig


class StandardsConfig(AppConfig):
    name = "chuangwei.domain.standards"
    label = "standards"
    verbose_name = "标准"
