"""The environment variables of programs in the venv."""

import subprocess
import sys

from devtools import paths
from devtools.provision import venv


def test_a_module_is_compiled_once_and_nothing_is_written_beside_it(tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "LOCAL", tmp_path / "local")
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    (tmp_path / "code").mkdir()
    (tmp_path / "code" / "large_module.py").touch()
    command = [sys.executable, "-c", "import large_module; print(large_module.__cached__)"]
    env = venv.environ(tmp_path / "code")
    done = subprocess.run(command, env=env, stdout=subprocess.PIPE, text=True, check=True)
    [compiled] = paths.LOCAL.rglob("large_module.*.pyc")
    assert done.stdout.strip() == str(compiled)
    assert [path.name for path in (tmp_path / "code").iterdir()] == ["large_module.py"]
