"""The moves of a job of importing."""

from chuangwei.core.transitions import Transition
from chuangwei.web.office.imports.enums import ImportState as S

PASS_CHECK = Transition("pass_check", "预检通过", frozenset({S.CHECKING, S.IMPORTING}), S.CHECKED)
REFUSE = Transition("refuse", "预检不通过", frozenset({S.CHECKING, S.IMPORTING}), S.REFUSED)
CONFIRM = Transition("confirm", "确认导入", frozenset({S.CHECKED}), S.IMPORTING)
FINISH = Transition("finish", "导入完成", frozenset({S.IMPORTING}), S.DONE)
CANCEL = Transition("cancel", "放弃导入", frozenset({S.CHECKED}), S.CANCELLED)
FAIL = Transition("fail", "导入未完成", frozenset({S.CHECKING, S.IMPORTING}), S.FAILED)
MOVES = (PASS_CHECK, REFUSE, CONFIRM, FINISH, CANCEL, FAIL)
