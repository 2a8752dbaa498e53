"""Copies of charts that take no longer than their contents ask for.

Altair copies every part of a chart with each step that adds to it, and makes each copy like a new part: it looks at all names that
the part could have, and puts the layers of a chart together again, which copies them again. That is a third of the time of drawing
the pictures. What a part was given is what its copy holds, so here only this is copied. The test that draws the same pictures in
another interpreter does without this module, and finds the same bytes.
"""


def make_lean() -> None:
    """Let Altair copy in this process what the parts of a chart were given, and no more."""
    from altair.utils import schemapi

    part = schemapi.SchemaBase

    def copied(value, by_ref):
        if isinstance(value, part):
            if hasattr(type(value), "__deepcopy__"):
                return copy(value, by_ref)
            made = object.__new__(type(value))
            object.__setattr__(made, "_args", tuple(copied(one, by_ref) for one in value._args))
            object.__setattr__(made, "_kwds", copied(value._kwds, by_ref))
            return made
        if type(value) is list:
            return [copied(one, by_ref) for one in value]
        if type(value) is dict:
            return {
                name: copied(one, by_ref) if isinstance(one, (part, list, dict)) and name not in by_ref else one
                for name, one in value.items()
            }
        return copy(value, by_ref) if isinstance(value, (list, dict)) else value

    copy = schemapi._deep_copy
    schemapi._deep_copy = copied
