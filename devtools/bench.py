"""./dev bench NAME: runs the module benchmarks/NAME.py in the venv."""

from . import paths
from .provision import venv
from .steps import Failure, call, say

FOLDER = paths.ROOT / "benchmarks"


def names():
    """The benchmarks that exist."""
    return sorted(path.stem for path in FOLDER.glob("*.py") if not path.stem.startswith("_"))


def run_bench(arguments):
    """Run the benchmark named first in `arguments` (the rest is for it), or list what there is."""
    available = ", ".join(names()) or "none yet"
    if not arguments:
        say(f"Benchmarks: {available}")
        return 0
    name, *rest = arguments
    if name not in names():
        raise Failure(f"There is no benchmark {name!r}; available: {available}.")
    venv.ensure()
    return call([venv.PYTHON, "-m", f"benchmarks.{name}", *rest], env=venv.environ(paths.ROOT))
