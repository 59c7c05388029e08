from django.apps import AppConfig


class AppraisalConfig(AppConfig):
    name = "chuangwei.domain.appraisal"
    label = "appraisal"
    verbose_name = "评比"
