"""argparse in Chinese. Its messages go through gettext, but no catalogue of them exists, so they are given here."""

import argparse

MESSAGES = {
    "usage: ": "用法：",
    "positional arguments": "参数",
    "options": "选项",
    "show this help message and exit": "显示本说明",
    "argument %(argument_name)s: %(message)s": "%(argument_name)s：%(message)s",
    "unrecognized arguments: %s": "不认识的参数：%s",
    "not allowed with argument %s": "不能与 %s 同时使用",
    "ignored explicit argument %r": "不接受值 %r",
    "the following arguments are required: %s": "缺少：%s",
    "one of the arguments %s is required": "须给出其中之一：%s",
    "expected one argument": "后面须跟一个值",
    "expected at most one argument": "后面至多跟一个值",
    "expected at least one argument": "后面至少跟一个值",
    "expected %s argument": "后面须跟 %s 个值",
    "expected %s arguments": "后面须跟 %s 个值",
    "ambiguous option: %(option)s could match %(matches)s": "%(option)s 不明确，可能是 %(matches)s",
    "unexpected option string: %s": "此处不能用 %s",
    "invalid %(type)s value: %(value)r": "值 %(value)r 不合要求",
    "invalid choice: %(value)r (choose from %(choices)s)": "没有 %(value)r 这一项，可选：%(choices)s",
    "can't open '%(filename)s': %(error)s": "打不开 %(filename)s：%(error)s",
    "%(prog)s: error: %(message)s\n": "用法不对：%(message)s\n",
}


def speak_chinese() -> None:
    """Give argparse its Chinese messages, in this process."""
    argparse._ = lambda message: MESSAGES.get(message, message)  # type: ignore[attr-defined]
    argparse.ngettext = lambda one, many, count: MESSAGES.get(one if count == 1 else many, one)  # type: ignore[attr-defined]
