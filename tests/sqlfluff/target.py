"""What sqlfluff sees in place of the target of the profile."""

name = "local"
schema = "main"
