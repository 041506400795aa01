"""./dev build: packs the addon as a zip for an addons folder and as a wheel for pip."""

import ast
import shutil
import tempfile
import zipfile
from pathlib import Path

from . import paths
from .provision import venv
from .steps import Failure, run, say

OUTPUT = paths.ROOT / "dist"
PACKAGING = "pyproject.toml"  # names whool, with which pip builds the wheel
LEFT_OUT = (PACKAGING, "__pycache__")


def run_build(arguments):
    """Build both into dist/ and print their paths."""
    if arguments:
        raise Failure(f"./dev build takes no arguments, not {arguments[0]}.")
    venv.ensure()
    OUTPUT.mkdir(exist_ok=True)
    for package in (build_zip(OUTPUT), build_wheel(OUTPUT)):
        say(package.relative_to(paths.ROOT))
    return 0


def build_zip(output):
    """Write the versioned zip into the folder `output`; return its path."""
    archive = output / f"{paths.ADDON.name}-{version()}.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as content:
        for path in sorted(paths.ADDON.rglob("*")):
            name = path.relative_to(paths.ADDON.parent)
            if path.is_file() and not set(LEFT_OUT) & set(name.parts):
                content.write(path, name)
        content.write(paths.ROOT / "LICENSE", f"{paths.ADDON.name}/LICENSE")
    return archive


def build_wheel(output):
    """Write the wheel into the folder `output`; return its path.

    It holds the content of the zip; pip installs it into odoo/addons.
    """
    with tempfile.TemporaryDirectory() as folder:
        with zipfile.ZipFile(build_zip(Path(folder))) as content:
            content.extractall(folder)
        addon = Path(folder) / paths.ADDON.name
        shutil.copy(paths.ADDON / PACKAGING, addon)
        pip = [venv.PYTHON, "-m", "pip", "wheel", "--no-deps", "--no-index", "--no-build-isolation"]
        run([*pip, "--wheel-dir", output, addon], "Building the wheel", log="wheel")
    return output / f"odoo_addon_{paths.ADDON.name}-{version()}-py3-none-any.whl"


def version():
    """Return the version in the addon's manifest."""
    return ast.literal_eval((paths.ADDON / "__manifest__.py").read_text())["version"]
