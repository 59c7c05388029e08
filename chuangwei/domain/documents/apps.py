from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "chuangwei.domain.documents"
    label = "documents"
    verbose_name = "公文"
