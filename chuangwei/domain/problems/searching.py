"""What problems are found by, for many of them at once: the names of places and categories are read only once."""

from chuangwei.core.search import search_text
from chuangwei.domain.places.models import Area, Site
from chuangwei.domain.problems.models import Problem
from chuangwei.domain.standards.models import Category


class Words:
    """The text a problem is found by, as `Problem.words` has it, without asking the database for each."""

    def __init__(self) -> None:
        self._sites = dict(Site.objects.filter(kind__is_household=False).values_list("pk", "name"))
        self._areas = dict(Area.objects.values_list("pk", "name"))
        self._categories = dict(Category.objects.values_list("pk", "name"))

    def of(self, problem: Problem) -> str:
        site = self._sites.get(problem.site_id, "") if problem.site_id else ""
        return search_text(
            problem.code, problem.description, site, self._areas[problem.area_id], self._categories[problem.category_id]
        )
