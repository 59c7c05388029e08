from django.apps import AppConfig


class OrganisationConfig(AppConfig):
    name = "chuangwei.domain.organisation"
    label = "organisation"
    verbose_name = "组织"
