"""The source of Odoo 19: ODOO_HOME, or Debian's package, unpacked once into the shared cache."""

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from .. import paths
from ..steps import Failure, run, step
from . import stamps

# Odoo's package links to fonts and scripts of other packages.
PACKAGES = (
    "odoo-19",
    "fonts-font-awesome",
    "fonts-montserrat",
    "fonts-roboto-unhinted",
    "fonts-inconsolata",
    "fonts-ocr-b",
    "libjs-jquery",
    "libjs-jquery-form",
    "libjs-underscore",
)
SUITE = "sid"
SPACE_NEEDED = 3 * 1024**3
OWN_SOURCE = "Or set ODOO_HOME to an Odoo 19 source tree."
STORE = paths.CACHE / "odoo"
LINK = paths.LOCAL / "odoo"
KEYRINGS = [
    Path("/usr/share/keyrings/debian-archive-keyring").with_suffix(suffix)
    for suffix in (".pgp", ".gpg")
]


@dataclass(frozen=True)
class OdooSource:
    """An Odoo source tree: `home` is the directory that holds the package `odoo`."""

    home: Path

    @property
    def addons_paths(self):
        """Odoo's own addons directories: two in a git checkout, one in the package."""
        return [path for path in (self.home / "addons", self.home / "odoo/addons") if path.is_dir()]

    @property
    def release(self):
        """The text of release.py, or "" when `home` holds no Odoo."""
        file = self.home / "odoo" / "release.py"
        return file.read_text() if file.is_file() else ""

    @property
    def is_odoo_19(self):
        """Whether this is Odoo 19.0, the version that the addon needs."""
        return bool(re.search(r"^version_info = \(19, 0,", self.release, re.MULTILINE))


def ensure():
    """Return the Odoo source; fetch it when there is none yet.

    :raise Failure: when ODOO_HOME is no Odoo 19, or Odoo cannot be fetched
    """
    if os.environ.get("ODOO_HOME"):
        source = OdooSource(Path(os.environ["ODOO_HOME"]).expanduser().resolve())
        if not source.is_odoo_19:
            raise Failure(f"ODOO_HOME={source.home} is not a source tree of Odoo 19.0.")
        return source
    source = _linked()
    if source.is_odoo_19:
        return source
    with stamps.lock(paths.CACHE / "odoo.lock", "Waiting for another checkout that fetches Odoo"):
        unpacked = newest_unpacked() or fetch()
    LINK.parent.mkdir(parents=True, exist_ok=True)
    LINK.unlink(missing_ok=True)
    LINK.symlink_to(unpacked)
    return _linked()


def _linked():
    return OdooSource(LINK / "usr/lib/python3/dist-packages")


def newest_unpacked():
    """Return the newest complete Odoo of the cache, or None."""
    complete = [path for path in STORE.glob("*") if path.suffix != ".part"]
    return max(complete, key=lambda path: path.stat().st_mtime, default=None)


def fetch():
    """Download the packages with apt, which checks their signatures, and unpack them.

    Return the directory.

    :raise Failure: without apt, a network, or enough disk space
    """
    if not shutil.which("apt-get") or not shutil.which("dpkg"):
        raise Failure(f"Odoo 19 is fetched with apt, which this machine lacks. {OWN_SOURCE}")
    apt = paths.CACHE / "apt"
    for folder in ("state/lists/partial", "cache/archives/partial", "debs"):
        (apt / folder).mkdir(parents=True, exist_ok=True)
    if shutil.disk_usage(apt).free < SPACE_NEEDED:
        raise Failure(f"Odoo needs 3 GB of disk space for a moment below {paths.CACHE}.")
    (apt / "status").touch()
    source = f"deb {_signed_by()} {find_mirror(apt)} {SUITE} main\n"
    (apt / "sources.list").write_text(source.replace("  ", " "))
    apt_get = ["apt-get", "-q", *private_options(apt)]
    hint = f"Is there a network? {OWN_SOURCE}"
    with step(f"Package index of Debian {SUITE}"):
        run([*apt_get, "update"], "Reading the package index", log="odoo-index", hint=hint)
    with step("Download Odoo 19 (about 130 MB)") as current:
        run(
            [*apt_get, "download", *PACKAGES],
            "Downloading Odoo",
            log="odoo-download",
            cwd=apt / "debs",
            hint=hint,
            watch=lambda log: current.progress(f"{_megabytes(apt)} MB"),
        )
    return unpack(apt / "debs")


def unpack(debs):
    """Unpack the downloaded packages; return the directory, named after Odoo's version."""
    packages = sorted(debs.glob("*.deb"))
    version = next(deb.name.split("_")[1] for deb in packages if deb.name.startswith("odoo-19_"))
    root = STORE / version
    part = STORE / f"{version}.part"
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    with step(f"Unpack Odoo {version}") as current:
        for count, deb in enumerate(packages, start=1):
            current.progress(f"{count} of {len(packages)}")
            run(["dpkg", "-x", deb, part], f"Unpacking {deb.name}", log="odoo-unpack")
        part.rename(root)
    shutil.rmtree(debs)
    return root


def private_options(apt):
    """Return options of apt-get: use one source, write below `apt` only, need no root."""
    settings = {
        "Dir::State": apt / "state",
        "Dir::State::status": apt / "status",
        "Dir::Cache": apt / "cache",
        "Dir::Etc::sourcelist": apt / "sources.list",
        "Dir::Etc::sourceparts": "-",
        "Dir::Etc::preferencesparts": "-",
        "APT::Architecture": _architecture(),
        "APT::Sandbox::User": "root",  # the _apt user cannot write to a private directory
        "Acquire::Languages": "none",
        "Acquire::Retries": "3",
    }
    return [part for name, value in settings.items() for part in ("-o", f"{name}={value}")]


def find_mirror(apt):
    """Return the address of the Debian mirror in this machine's apt sources.

    Reads apt's current state. On a machine without package lists, updates a private copy of
    the state and reads that.

    :raise Failure: when apt has no Debian source
    """
    mirror = parse_mirror(_index_targets())
    if not mirror:
        options = ["-o", f"Dir::State={apt / 'state'}", "-o", "APT::Sandbox::User=root"]
        update = ["apt-get", "-q", *options, "-o", f"Dir::Cache={apt / 'cache'}", "update"]
        subprocess.run(update, stdin=subprocess.DEVNULL, capture_output=True, check=False)
        mirror = parse_mirror(_index_targets(*options))
    if not mirror:
        raise Failure(f"Odoo 19 comes from Debian, but apt here has no Debian source. {OWN_SOURCE}")
    return mirror


def parse_mirror(targets):
    """Return the first address of Debian's main component in the output of `indextargets`."""
    for line in targets.splitlines():
        origin, label, component, address = line.split("|")
        if (origin, label, component) == ("Debian", "Debian", "main"):
            return address
    return None


def _index_targets(*options):
    line = "$(ORIGIN)|$(LABEL)|$(COMPONENT)|$(REPO_URI)"
    command = ["apt-get", "indextargets", *options, "--format", line, "Created-By: Packages"]
    return subprocess.run(
        command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    ).stdout


def _signed_by():
    keyring = next((path for path in KEYRINGS if path.is_file()), None)
    return f"[signed-by={keyring}]" if keyring else ""


def _architecture():
    command = ["dpkg", "--print-architecture"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def _megabytes(folder):
    return sum(path.stat().st_size for path in folder.rglob("*.deb")) // 1_000_000
