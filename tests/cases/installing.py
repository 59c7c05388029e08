"""What a user does with a case: `init` with its preset, `import` of its workbooks."""

from io import StringIO

from django.core.management import call_command

from tests.domain.appraisal.case_facts import Case


def install(case: Case, *books: str) -> None:
    """An installation with the preset of the case and these of its workbooks."""
    call_command("init", preset=str(case.folder / "preset.toml"), county="云岭县", stdout=StringIO())
    call_command("import", *(str(case.folder / book) for book in books), stdout=StringIO())
