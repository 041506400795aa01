"""Each suite runs as its own pytest process (see devtools/test.py) and has its own conftest."""
