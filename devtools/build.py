"""./dev build: the addon as people install it, a zip for an addons folder and a wheel for pip.

Both are written here, from the same files: a wheel is a zip with a list of its contents, and no
tool has to be fetched for it. (`pip install` of the addon's folder itself works as well, through
its pyproject.toml.)
"""

import ast
import base64
import hashlib
import zipfile

from . import paths
from .steps import Failure, say

OUTPUT = paths.ROOT / "dist"
# Packaging of the folder itself, and what editors and Python leave behind.
LEFT_OUT = ("__pycache__", "pyproject.toml")
WHEEL = "Wheel-Version: 1.0\nGenerator: dev-build\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


def run_build(arguments):
    """Build both into dist/ and say where they are."""
    if arguments:
        raise Failure(f"./dev build takes no arguments, not {arguments[0]}.")
    OUTPUT.mkdir(exist_ok=True)
    for package in (build_zip(OUTPUT), build_wheel(OUTPUT)):
        say(package.relative_to(paths.ROOT))
    return 0


def build_zip(output):
    """Write the versioned zip into `output`: unpacked in an addons folder, it is installed."""
    archive = output / f"{paths.ADDON.name}-{version()}.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as content:
        for name, path in shipped_files():
            content.write(path, name)
    return archive


def build_wheel(output):
    """Write the wheel into `output`: pip puts the addon where Odoo looks, into odoo/addons."""
    distribution = f"odoo_addon_{paths.ADDON.name}-{version()}"
    info = f"{distribution}.dist-info"
    members = {f"odoo/addons/{name}": path.read_bytes() for name, path in shipped_files()}
    members[f"{info}/METADATA"] = metadata().encode()
    members[f"{info}/WHEEL"] = WHEEL.encode()
    record = [f"{name},sha256={digest(data)},{len(data)}" for name, data in members.items()]
    record.append(f"{info}/RECORD,,")
    members[f"{info}/RECORD"] = "\n".join([*record, ""]).encode()
    wheel = output / f"{distribution}-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as content:
        for name, data in members.items():
            content.writestr(name, data)
    return wheel


def shipped_files():
    """Yield (name, path) of what people get, the name beginning with the addon's."""
    for path in sorted(paths.ADDON.rglob("*")):
        name = path.relative_to(paths.ADDON.parent)
        if path.is_file() and not set(LEFT_OUT) & set(name.parts):
            yield name.as_posix(), path
    yield f"{paths.ADDON.name}/LICENSE", paths.ROOT / "LICENSE"


def metadata():
    """The wheel's METADATA, from the manifest: named as the OCA names its addons."""
    about = manifest()
    series = ".".join(about["version"].split(".")[:2])
    requires = [f"odoo=={series}.*", *about["external_dependencies"]["python"]]
    lines = [
        "Metadata-Version: 2.1",
        f"Name: odoo-addon-{paths.ADDON.name}",
        f"Version: {about['version']}",
        f"Summary: {about['summary']}",
        f"Author: {about['author']}",
        f"License: {about['license']}",
        "Classifier: Framework :: Odoo",
        f"Classifier: Framework :: Odoo :: {series}",
        "Requires-Python: >=3.10",
        *(f"Requires-Dist: {requirement}" for requirement in requires),
    ]
    return "\n".join([*lines, ""])


def digest(data):
    """The hash of a file as RECORD spells it."""
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()


def manifest():
    """What the addon says of itself."""
    return ast.literal_eval((paths.ADDON / "__manifest__.py").read_text())


def version():
    """The addon's version, from its manifest."""
    return manifest()["version"]
