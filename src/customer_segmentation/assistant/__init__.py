"""A publication for assistants: tools that a language model calls through the Model Context Protocol, read-only."""
