"""A login in an app: docs/login.md has the rules."""
