from chuangwei.web.office.imports.enums import UNDER_WAY, ImportState
from chuangwei.web.office.imports.shown import BODIES, REACHED
from chuangwei.web.office.imports.states import MOVES


def test_every_state_can_be_reached_and_the_open_ones_left():
    reached = {move.target for move in MOVES} | {ImportState.CHECKING}
    left = {source for move in MOVES for source in move.sources}
    assert reached == set(ImportState)
    assert left == UNDER_WAY | {ImportState.CHECKED}


def test_every_state_has_its_place_on_the_page():
    assert set(BODIES) == set(REACHED) == set(ImportState)
