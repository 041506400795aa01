"""The migration gives scheduled actions the models and methods that a new database has."""

import ast
from pathlib import Path
from xml.etree import ElementTree

ADDON = Path(__file__).parents[2] / "linga_octopus"
MIGRATION = ADDON / "migrations" / "19.0.2.0.0" / "post-scheduled_actions.py"


def test_a_migrated_action_is_that_of_a_new_database():
    [actions] = [
        ast.literal_eval(node.value)
        for node in ast.parse(MIGRATION.read_text()).body
        if isinstance(node, ast.Assign) and node.targets[0].id == "ACTIONS"
    ]
    data = ElementTree.parse(ADDON / "data" / "ir_cron_data.xml")
    new = {}
    for record in data.iter("record"):
        fields = {field.get("name"): field for field in record.iter("field")}
        model = fields["model_id"].get("ref").removeprefix("model_").replace("_", ".")
        new[record.get("id")] = (fields["name"].text, model, fields["code"].text)
    assert {
        external_id: (f"Octopus: {name}", model, f"model.{method}()")
        for external_id, (name, model, method) in actions.items()
    } == new
