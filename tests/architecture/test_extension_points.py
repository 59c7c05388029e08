"""Every plug-in is found by its folder, answers to its file's name, and has a test of its own."""

import importlib
import pkgutil

import chuangwei
from chuangwei.core.registry import Registry
from tests.architecture.house import ROOT


def registries() -> dict[str, Registry]:
    """Every registry that a module of the product holds, by the folder it is filled from."""
    found: dict[str, Registry] = {}
    for module in pkgutil.walk_packages(chuangwei.__path__, "chuangwei."):
        if ".migrations" in module.name or module.name.endswith("__main__"):
            continue
        for thing in vars(importlib.import_module(module.name)).values():
            if isinstance(thing, Registry):
                found[thing.package] = thing
    return found


def test_every_entry_has_a_test_of_its_name() -> None:
    missing = []
    for package, registry in registries().items():
        tests = ROOT / "tests" / "/".join(package.split(".")[1:])
        names = [f"test_{slug.replace('-', '_')}.py" for slug in registry.all()]
        missing += [str((tests / name).relative_to(ROOT)) for name in names if not list(tests.glob(f"**/{name}"))]
    assert missing == []


def test_the_extension_points_are_found() -> None:
    assert {"chuangwei.domain.appraisal.scoring", "chuangwei.domain.appraisal.flags"} <= set(registries())
