from chuangwei.core.models import TransitionLog
from chuangwei.core.rows import MOVES_SHOWN, PROGRESS_EVERY, Codes, Fault, Faults, Move, Rows, Taking, Tally, counted


def test_rows_come_by_row_and_by_column():
    rows = Rows([2, 5], {"code": ["a", "b"], "name": ["甲", "乙"]})
    assert list(rows.each("name", "code")) == [(2, "甲", "a"), (5, "乙", "b")]
    assert (rows["code"], len(rows), len(Rows())) == (["a", "b"], 2, 0)


def test_open_codes_hold_every_code():
    assert "x" in Codes(is_open=True)
    assert "x" not in Codes(["a"], ["b", None])
    assert "b" in Codes(["a"], ["b", None])


def test_faults_beyond_the_limit_are_counted():
    faults = Faults(limit=2)
    faults.extend([Fault(3, "code", "错"), Fault(2, "", "错"), Fault(1, "", "错")])
    assert (list(faults), len(faults), faults.dropped) == ([Fault(3, "code", "错"), Fault(2, "", "错")], 3, 1)


def test_tallies_add_up():
    assert Tally(1, 2, 3) + Tally(10) == Tally(11, 2, 3)


def test_a_taking_is_faulty_with_any_fault():
    taking = Taking()
    assert not taking.of("areas")
    assert not taking.is_faulty
    taking.of("sites").add(2, "code", "错")
    assert taking.is_faulty


def test_a_taking_shows_the_first_moves():
    taking = Taking()
    log = TransitionLog(subject_code="a", move_name="变更名称", source="甲", target="乙")
    taking.show([log] * (MOVES_SHOWN + 5))
    taking.show([log])
    assert (taking.moves[0], len(taking.moves)) == (Move("a", "变更名称", "甲", "乙"), MOVES_SHOWN)


def test_counted_rows_are_the_same_and_tell_of_themselves():
    heard: list[tuple[int, int]] = []
    rows = range(PROGRESS_EVERY * 2 + 1)
    assert list(counted(rows, len(rows), lambda done, total: heard.append((done, total)))) == list(rows)
    assert heard == [(done, len(rows)) for done in (0, PROGRESS_EVERY, 2 * PROGRESS_EVERY)]
