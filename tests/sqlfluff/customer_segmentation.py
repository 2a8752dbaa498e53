"""What sqlfluff sees in place of the package: the macros of this project, which call each other by its name."""

from jinja2 import pass_context


def __getattr__(name):
    """Return a macro of this project as the template that calls it knows it."""
    if name.startswith("_"):
        raise AttributeError(name)

    @pass_context
    def macro(context, *arguments, **named):
        return context.resolve(name)(*arguments, **named)

    return macro
