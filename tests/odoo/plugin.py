"""What pytest-odoo needs besides, for the tests here and for those in the addon.

Makes Odoo's test classes work outside an addon. `./dev test` loads it as a plugin.
"""

import os
import shutil
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis.internal.conjecture import providers

from odoo.tests.common import BaseCase
from odoo.tools import config

from devtools import paths

# Odoo sets the tags of test classes only for modules below odoo.addons, and fails without.
# "standard" also switches on Odoo's guard against calls to outside hosts.
if getattr(BaseCase, "test_tags", None) is None:
    BaseCase.test_tags = {"standard", "post_install"}

# Hypothesis tries the constants of local modules. All of Odoo is local for it, and takes seconds to
# parse; those of the addon are enough.
providers.is_local_module_file = lambda path: (
    path.startswith(f"{paths.ADDON}/") and not path.startswith(f"{paths.ADDON}/tests/")
)


@pytest.fixture(scope="session", autouse=True)
def own_filestore(load_registry):
    """Give each of the processes that share the suite a file store of its own.

    pytest-odoo gives each a database only; but a picture that one test spoils, or Odoo's clean-up
    of files that its database knows nothing of, is not for the tests of the other.
    """
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if not worker:
        yield
        return
    original = Path(config.filestore(None))
    copy = original.with_name(f"{original.name}-{worker}")
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(original, copy)
    with patch.object(config, "filestore", lambda _database: str(copy)):
        yield
    shutil.rmtree(copy)
