"""What went wrong, in one sentence for the person at the keyboard. The traceback goes to the log, never to them."""

import errno
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError
from django.db import DatabaseError

from chuangwei.config.env import BadSetting
from chuangwei.core.errors import DomainError
from chuangwei.core.outages import DISK, code_of, outage

# What SQLite says, and PostgreSQL's code for the same.
DATABASE_SENTENCES = (
    (
        "no such table",
        "42P01",
        "数据库尚未建立或版本较旧：请先运行 chuangwei init；升级后首次使用请先运行 chuangwei serve。",
    ),
    ("no such column", "42703", "数据库的版本较旧：请先运行一次 chuangwei serve，由它更新。"),
)
OTHER_SENTENCES: dict[type[BaseException], str] = {
    UnicodeDecodeError: "文件不是 UTF-8 编码的文本，无法读取。",
    MemoryError: "内存不足，未能完成。请把文件拆小后重试。",
    KeyboardInterrupt: "已中止，未完成的部分没有保存。",
}
FILE_SENTENCES = {
    errno.EACCES: "没有权限读写：{file}",
    errno.EPERM: "没有权限读写：{file}",
    errno.EISDIR: "这是一个目录，不是文件：{file}",
    errno.ENOTDIR: "路径中有一段不是目录：{file}",
    errno.EEXIST: "已经存在：{file}",
    errno.ENAMETOOLONG: "文件名太长：{file}",
    errno.EADDRINUSE: "端口已被占用，请用 --port 另选一个。",
    errno.EMFILE: "打开的文件过多，请稍后再试。",
}


def sentence_of(error: BaseException) -> str | None:
    """The sentence for an error we know, or None for one that is a fault of ours."""
    match error:
        case DomainError() | CommandError() | BadSetting() | ImproperlyConfigured():
            return str(error)
        case DatabaseError():
            return _of_database(error) or outage(error)
        case OSError():
            return _of_file(error)
        case _:
            return _wrapped(error) or next(
                (sentence for kind, sentence in OTHER_SENTENCES.items() if isinstance(error, kind)), None
            )


def _wrapped(error: BaseException) -> str | None:
    """Of a library that says in its own words what the disk said (XlsxWriter)."""
    inner = error.args[0] if len(error.args) == 1 else None
    return _of_file(inner) if isinstance(inner, OSError) else None


def _of_database(error: DatabaseError) -> str | None:
    code, text = code_of(error), str(error).lower()
    return next((said for words, state, said in DATABASE_SENTENCES if words in text or code == state), None)


def _of_file(error: OSError) -> str | None:
    file = error.filename if isinstance(error.filename, str) else ""
    number = error.errno or 0
    if number == errno.ENOENT:
        folder = Path(file).absolute().parent
        return f"找不到文件：{file}" if not file or folder.is_dir() else f"目录不存在：{folder}"
    if number in DISK:
        return f"{DISK[number]}（{file}）" if number == errno.EROFS and file else DISK[number]
    sentence = FILE_SENTENCES.get(number)
    return sentence.format(file=file) if sentence else None
