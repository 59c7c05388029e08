"""Lock every dependency by version and hash, for x86-64 and aarch64, Python 3.11 and later; no address of any registry.

New releases are taken where pyproject.toml allows them; the locks are proved installable for each platform.
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REQUIREMENTS = ROOT / "requirements"
UV = Path(sys.executable).with_name("uv")
SHAPE = [
    "--universal", "--python-version", "3.11", "--generate-hashes", "--no-header", "--no-emit-index-url", "--quiet", "--upgrade",
]  # fmt: skip
SOURCES = {
    "runtime": ["pyproject.toml"],
    "dev": ["pyproject.toml", "--group", "dev"],
    "bootstrap": ["requirements/bootstrap.in"],
    "node": ["requirements/node.in"],
}
PLATFORMS = ["x86_64-unknown-linux-gnu", "aarch64-unknown-linux-gnu"]
PYTHONS = ["3.11", "3.13"]


def main() -> int:
    for name, source in SOURCES.items():
        lock = REQUIREMENTS / f"{name}.lock"
        subprocess.run([UV, "pip", "compile", *source, *SHAPE, "--output-file", lock], cwd=ROOT, check=True)
        for platform in PLATFORMS:
            for python in PYTHONS:
                subprocess.run(
                    [UV, "pip", "install", "--dry-run", "--quiet", "--require-hashes", "--only-binary", ":all:", "--target",
                     ROOT / "var" / "nothing", "--python-platform", platform, "--python-version", python, "-r", lock],
                    check=True,
                )  # fmt: skip
        print(f"{lock.relative_to(ROOT)}：{', '.join(PLATFORMS)} 均可安装")
    return 0


if __name__ == "__main__":
    sys.exit(main())
