"""The commands of ./dev, a module for each, and `paths`, `steps` and `tables`, which they share.

`provision` sets things up, `servers` runs programs in the background, `screenshots` takes pictures.
Only the standard library is imported, except in programs that run in the venv: ./dev makes it.
"""
