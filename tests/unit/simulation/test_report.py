"""The sums of many stories, told by one process or by several."""

from collections import Counter

from simulation.report import Report
from simulation.signals import Violation
from simulation.story import Outcome, Story


def outcome(orders, failure=None):
    return Outcome(Story(1), failure, {}, 1.5, 10, Counter(orders=orders))


def test_the_sums_of_a_file_are_added_to(tmp_path):
    file = tmp_path / "sums.json"
    Report(file).add(outcome(30))
    second = Report(file)
    second.add(outcome(12, Violation("Levels", "wrong")))
    assert second.sums["orders"] == 42
    assert second.sums["stories"] == 2
    assert second.sums["stories that failed"] == 1
    assert Report(file).sums == second.sums
    assert "         540 times as fast as the time of the shop" in second.text()


def test_without_a_file_nothing_is_kept(tmp_path):
    report = Report()
    report.add(outcome(30))
    assert report.sums["orders"] == 30
