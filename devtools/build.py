"""./dev build: the addon as people install it, a zip for an addons folder and a wheel for pip."""

import ast
import zipfile

from . import paths, venv
from .steps import Failure, run, say, step

OUTPUT = paths.ROOT / "dist"
# Packaging of the wheel itself, and what editors and Python leave behind.
LEFT_OUT = ("__pycache__", "pyproject.toml")


def run_build(arguments):
    """Build both into dist/ and say where they are."""
    if arguments:
        raise Failure(f"./dev build takes no arguments, not {arguments[0]}.")
    OUTPUT.mkdir(exist_ok=True)
    archive = build_zip(OUTPUT)
    say(archive.relative_to(paths.ROOT))
    say(build_wheel(OUTPUT).relative_to(paths.ROOT))
    return 0


def build_zip(output):
    """Write the versioned zip into `output`: unpacked in an addons folder, it is installed."""
    archive = output / f"{paths.ADDON.name}-{version()}.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as content:
        for path in sorted(paths.ADDON.rglob("*")):
            name = path.relative_to(paths.ADDON.parent)
            if path.is_file() and not set(LEFT_OUT) & set(name.parts):
                content.write(path, name)
        content.write(paths.ROOT / "LICENSE", f"{paths.ADDON.name}/LICENSE")
    return archive


def build_wheel(output):
    """Write the wheel into `output`; pip fetches the tool that the addon's pyproject names."""
    venv.ensure()
    with step("Wheel"):
        command = [venv.PYTHON, "-m", "pip", "wheel", "--no-deps", "--no-input", "-q"]
        command += ["--wheel-dir", output, paths.ADDON]
        run(command, "Building the wheel", log="wheel", hint="Is there a network?")
    return output / f"odoo_addon_{paths.ADDON.name}-{version()}-py3-none-any.whl"


def version():
    """The addon's version, from its manifest."""
    return ast.literal_eval((paths.ADDON / "__manifest__.py").read_text())["version"]
