"""What `./dev bench` runs. Each module prints one JSON object; see docs for the targets."""
