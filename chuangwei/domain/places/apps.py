from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "chuangwei.domain.places"
    label = "places"
    verbose_name = "地点"
