"""此人能看到什么 says the same as signing in would, and tells the one who asks no more than she may know."""

import pytest

from chuangwei.core.models import AuditEvent
from chuangwei.domain.organisation.models import Account, Person, Unit
from chuangwei.domain.places.models import Site
from tests.factories import organisation, places

pytestmark = pytest.mark.django_db


def shelves(response) -> dict[str, tuple[int, int | None]]:
    """How many are seen of each kind, and how many are not."""
    found = response.context["sight"].shelves
    return {shelf.title: (shelf.count.number, shelf.rest.number if shelf.rest else None) for shelf in found}


def test_an_account_of_one_community_sees_its_half(security, two, made):
    made("jia", roles=["office"], area=two[0])
    told = shelves(security.get("/accounts/of/jia/sight/"))
    assert (told["区划"], told["点位"], told["人员"], told["问题"]) == ((1, 3), (1, 1), (1, 1), (1, 1))
    assert told["检查记录"] == (0, 0)


def test_by_duty_it_says_what_is_answered_for_today(security, two, made):
    person = Person.objects.get(code="P-620101")
    organisation.duty(person, "巷长", Site.objects.get(code="L-620102"))
    made("jia", roles=["grid-worker"], person=person, by_duty=True)
    response = security.get("/accounts/of/jia/sight/")
    assert response.context["sight"].duties == ["乙一巷"]
    assert shelves(response)["点位"] == (1, 1)


def test_by_unit_it_names_the_units(security, two, made):
    made("jia", roles=["department"], unit=Unit.objects.get(code="U-620101"))
    assert security.get("/accounts/of/jia/sight/").context["sight"].units == ["甲社区市政所"]


def test_who_sees_no_business_data_is_shown_numbers_and_no_content(security, two, made):
    made("jia", roles=["office"], is_everywhere=True)
    told = security.get("/accounts/of/jia/sight/").content.decode()
    assert "您自己无权看这些内容，只显示数目" in told
    assert "甲一巷" in told, "the places a scope is made of are named"
    for hidden in ("甲处占道", "乙某", "W-620101"):
        assert hidden not in told


def test_who_sees_the_data_anyway_is_shown_examples_that_open(signed_in, two, made):
    made("jia", roles=["office"], is_everywhere=True)
    told = signed_in("admin").get("/accounts/of/jia/sight/").content.decode()
    assert "甲处占道" in told
    assert '/problems/W-620101/"' in told


def test_the_menu_and_the_words_are_those_of_the_account(security, two, made):
    made("jia", roles=["discipline"], area=two[0])
    sight = security.get("/accounts/of/jia/sight/").context["sight"]
    titles = [word.title for word in sight.menu]
    assert "评比" in titles
    assert not {"设置", "导入", "标准"} & set(titles)
    appraisal = next(noun for noun in sight.nouns if noun.title == "评比")
    assert (list(appraisal.held), "公示评比、定案" in appraisal.lacking) == (["查看评比", "办理表态发言和约谈"], True)


def test_the_menu_is_the_one_met_after_signing_in(security, two, made, client):
    client.force_login(made("jia", roles=["office"], area=two[0]))
    sight = security.get("/accounts/of/jia/sight/").context["sight"]
    page = client.get("/desk/").content.decode()
    assert all(f">{word.title}<" in page for word in sight.menu)


def test_a_switched_off_account_is_shown_as_if_it_were_on(security, two, made):
    made("jia", roles=["office"], area=two[0], is_active=False)
    assert shelves(security.get("/accounts/of/jia/sight/"))["点位"] == (1, 1)


def test_an_account_without_a_role_sees_nothing(security, two, made):
    made("jia", area=two[0])
    response = security.get("/accounts/of/jia/sight/")
    assert response.context["sight"].is_empty
    assert all(count == 0 for count, _ in shelves(response).values())


# --- Before anything is saved ------------------------------------------------------------------------------------------


def test_a_draft_is_told_and_changes_nothing(security, two, made):
    made("jia", roles=["leader"], area=two[0])
    before = AuditEvent.objects.count()
    asked = "/accounts/sight/?account=jia&roles=office&area=620102"
    response = security.get(asked)
    assert shelves(response)["问题"] == (1, 1)
    assert "还没有保存" in response.content.decode()
    assert Account.objects.get(username="jia").roles == ["leader"]
    assert AuditEvent.objects.count() == before


def test_a_new_account_is_told_before_it_has_a_name(security, two):
    assert shelves(security.get("/accounts/sight/?roles=office&is_everywhere=on"))["问题"] == (2, 0)
    assert shelves(security.get("/accounts/sight/?roles=office"))["问题"] == (0, 2)


def test_a_draft_by_duty_knows_the_person(security, two):
    organisation.duty(Person.objects.get(code="P-620101"), "巷长", Site.objects.get(code="L-620101"))
    asked = "/accounts/sight/?roles=grid-worker&by_duty=on&person=P-620101"
    assert shelves(security.get(asked))["点位"] == (1, 1)


def test_a_draft_that_makes_no_sense_says_so(security, two):
    response = security.get("/accounts/sight/?roles=office&area=nowhere")
    assert response.context["sight"] is None
    assert "没有编码为 nowhere 的区划" in response.content.decode()


def test_nobody_looks_through_eyes_wider_than_their_own(two, made, signed_in):
    made("jia", area=two[0])
    made("yi", area=two[1])
    client = signed_in("security-administrator", area=two[0])
    assert client.get("/accounts/of/jia/sight/").status_code == 200
    assert client.get("/accounts/of/yi/sight/").status_code == 404
    assert client.get("/accounts/sight/?roles=office&is_everywhere=on").status_code == 404
    assert client.get("/accounts/sight/?account=yi&roles=office").status_code == 404
    assert shelves(client.get("/accounts/of/jia/sight/"))["点位"] == (0, 1), "it counts what lies in her own scope"


def test_who_gives_out_accounts_reads_no_name_of_a_household(security, signed_in, two, made):
    home = places.site_kind("household", name="农户庭院", is_household=True)
    Site.objects.filter(code="L-620102").update(kind=home, name="王家院")
    person = Person.objects.get(code="P-620101")
    organisation.duty(person, "帮扶", Site.objects.get(code="L-620102"))
    made("jia", roles=["office"], person=person, by_duty=True)
    response = security.get("/accounts/of/jia/sight/")
    assert response.context["sight"].duties == ["户名不显示"]
    assert [one.words for one in response.context["sight"].shelves[1].samples] == ["乙社区 户名不显示"]
    assert "王家院" not in response.content.decode()
    assert signed_in("admin").get("/accounts/of/jia/sight/").context["sight"].duties == ["王家院"]
