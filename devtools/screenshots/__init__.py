"""./dev screenshots: takes the pictures of docs/img/ from the running demo."""
