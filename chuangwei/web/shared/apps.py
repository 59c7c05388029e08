from django.apps import AppConfig


class SharedConfig(AppConfig):
    name = "chuangwei.web.shared"
    label = "shared"
    verbose_name = "页面共用"
