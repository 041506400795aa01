"""Digests change with their inputs, and with nothing else."""

import pytest

from devtools.provision import stamps


@pytest.fixture
def tree(tmp_path):
    root = tmp_path / "tree"
    (root / "sub").mkdir(parents=True)
    (root / "a.txt").write_text("a")
    (root / "sub" / "b.txt").write_text("b")
    return root


def test_digest_is_stable(tree):
    assert stamps.digest(tree, "x") == stamps.digest(tree, "x")


def test_digest_sees_content(tree):
    before = stamps.digest(tree)
    (tree / "sub" / "b.txt").write_text("B")
    assert stamps.digest(tree) != before


def test_digest_sees_names(tree):
    before = stamps.digest(tree)
    (tree / "a.txt").rename(tree / "c.txt")
    assert stamps.digest(tree) != before


def test_digest_separates_its_inputs():
    assert stamps.digest("ab", "c") != stamps.digest("a", "bc")


def test_digest_ignores_caches(tree):
    before = stamps.digest(tree)
    (tree / "__pycache__").mkdir()
    (tree / "__pycache__" / "a.pyc").write_bytes(b"1")
    assert stamps.digest(tree) == before


def test_stamp_is_current_only_for_the_same_value(tmp_path):
    stamp = tmp_path / "stamp"
    assert not stamps.is_current(stamp, "one")
    stamp.write_text("one")
    assert stamps.is_current(stamp, "one")
    assert not stamps.is_current(stamp, "two")
