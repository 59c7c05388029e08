"""Write the town's workbooks without an installation: `python -m chuangwei.demo.town examples`."""

import argparse
import sys
from datetime import date
from importlib import resources
from pathlib import Path

from chuangwei.core import calendar
from chuangwei.demo.town.examples import town, write_examples
from chuangwei.demo.town.town import SEED, TODAY


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m chuangwei.demo.town", description="生成云渡镇（虚构）的工作簿和预设"
    )
    parser.add_argument("folder", type=Path, metavar="目录")
    parser.add_argument("--seed", type=int, default=SEED, metavar="数", help=f"同一个数得到同一个镇，默认 {SEED}")
    parser.add_argument("--today", type=date.fromisoformat, default=TODAY, metavar="日期", help=f"默认 {TODAY}")
    wanted = parser.parse_args()
    days = calendar.read(resources.files("chuangwei.presets") / "calendars")
    for file in write_examples(wanted.folder, town(days=days, seed=wanted.seed, today=wanted.today)):
        sys.stdout.write(f"{file}\n")


if __name__ == "__main__":
    main()
