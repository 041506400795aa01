"""Stories: drawn from one seed, told in part, made shorter."""

import json
from collections import Counter

from simulation.shrink import Shrinker
from simulation.story import Outcome, Story


class Failure:
    def __init__(self, name):
        self.name = name


class Machine:
    """Fails when customer 3 and crash 5 meet; in another way when clerk 2 is there alone."""

    def __init__(self):
        self.told = 0

    def tell(self, story):
        self.told += 1
        meet = story.happens("Customers", 3) and story.happens("Crashes", 5) and story.hours > 1
        other = story.happens("Clerk", 2) and not meet
        failure = Failure("Stock") if meet else Failure("Other") if other else None
        turns = {"Customers": list(range(8)), "Crashes": [5, 6], "Clerk": [1, 2], "Till": [1]}
        return Outcome(story, failure, turns, story.hours, 1, Counter(orders=1))


def test_the_dice_of_a_turn_are_the_same_whatever_else_happens():
    story = Story(7)
    first = story.dice("Customers", 3).random()
    story.dice("Customers", 2).random()
    assert story.but(only={"Customers": [3]}).dice("Customers", 3).random() == first
    assert Story(8).dice("Customers", 3).random() != first
    assert story.dice("Customers", 4).random() != first
    assert story.dice("Till", 3).random() != first


def test_everything_happens_unless_the_story_names_what_does():
    assert Story(1).happens("Till", 99)
    part = Story(1, only={"Till": [2]})
    assert part.happens("Till", 2)
    assert not part.happens("Till", 3)
    assert not part.happens("Customers", 2)
    assert not Story(1, only={}).happens("Till", 2)


def test_a_story_comes_back_from_its_line_of_text():
    story = Story(4, "pharmacy", 3.5, {"Till": [1, 2]}, 2, {"Calls": 3})
    assert Story.from_json(json.loads(story.to_json())) == story


def test_a_failure_is_made_as_short_as_it_can_be():
    machine = Machine()
    story = Shrinker(machine, 60).shortest(machine.tell(Story(1, hours=24)))
    assert story.only == {"Customers": [3], "Crashes": [5]}
    assert story.hours == 6


def test_without_time_the_story_stays_as_it_is():
    machine = Machine()
    story = Story(1, hours=24)
    assert Shrinker(machine, -1).shortest(machine.tell(story)) == story
    assert machine.told == 1


def test_many_kinds_are_left_out_together():
    machine = Machine()
    kinds = {f"Kind {number}": [1] for number in range(30)}
    tell = machine.tell

    def crowded(story):
        outcome = tell(story)
        outcome.turns |= kinds
        return outcome

    machine.tell = crowded
    story = Shrinker(machine, 60).shortest(crowded(Story(1, hours=4)))
    assert story.only == {"Customers": [3], "Crashes": [5]}
    assert machine.told < 40
