"""When it is the place that fails, not the work: a full or read-only disk, a database that is busy or away.

One sentence each, for a page and for a command alike. Nothing was saved by halves: every write is one transaction.
"""

import errno

from django.db import DatabaseError

NO_SERVER = "连不上 PostgreSQL。请检查 DATABASE_URL，以及数据库服务是否已启动。"
FULL = "磁盘已满，未能保存。请腾出空间后重试。"
# What SQLite says, PostgreSQL's code for the same, and the sentence.
DATABASE = (
    ("disk is full", "53100", FULL),
    ("readonly database", "25006", "数据库为只读，未能保存。请检查数据目录的属主与权限。"),
    ("database is locked", "55P03", "数据库正忙，稍后再试即可。"),
    ("disk i/o error", "58030", "磁盘读写出错，未能保存。请检查磁盘是否已满或损坏。"),
    ("unable to open database file", "3D000", "打不开数据库。请检查 CHUANGWEI_HOME 或 DATABASE_URL。"),
    ("disk image is malformed", "XX001", "数据库文件已损坏。请停止使用并从备份恢复。"),
    ("file is not a database", "XX002", "数据目录中的数据库文件不是有效的数据库。"),
)
DISK = {
    errno.ENOSPC: FULL,
    errno.EDQUOT: "磁盘配额已用完，未能保存。",
    errno.EFBIG: "文件超出允许的大小，未能保存。",
    errno.EROFS: "磁盘为只读，未能保存。",
    errno.EIO: "磁盘读写出错，未能保存。请检查磁盘是否已满或损坏。",
}


def outage(error: BaseException | None) -> str | None:
    """The sentence for an error of the place, however deep it is wrapped; None for any other."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        sentence = _of_database(error) if isinstance(error, DatabaseError) else None
        if sentence is None and isinstance(error, OSError):
            sentence = DISK.get(error.errno or 0)
        if sentence is not None:
            return sentence
        error = error.__cause__
    return None


def code_of(error: DatabaseError) -> str | None:
    """PostgreSQL's code of what went wrong."""
    code = getattr(error.__cause__, "sqlstate", None)
    return code if isinstance(code, str) else None


def _of_database(error: DatabaseError) -> str | None:
    code, text = code_of(error), str(error).lower()
    for words, sqlstate, sentence in DATABASE:
        if words in text or code == sqlstate:
            return sentence
    refused_by_server = code is not None and code[:2] in {"08", "28", "57"}
    unreachable = code is None and type(error.__cause__).__module__.startswith("psycopg") and "connection" in text
    return NO_SERVER if refused_by_server or unreachable else None
