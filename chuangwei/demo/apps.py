from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "chuangwei.demo"
    label = "demo"
    verbose_name = "示范镇"
