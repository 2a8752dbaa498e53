"""What dbt does again for every node, done once or not at all where no test sees a difference.

A build spends most of its time around its statements: dbt describes each step in messages that are shown only with `--debug`, wraps
every macro for every node and once more for every question to the warehouse, prepares a macro for each of its calls, and builds
patterns of dates for every answer. A run of a few models spends it on the graph of all of them. None of this changes what is run,
shown or written, but for a summary of the graph that no test reads. The fixture `built` does without this module.
"""

import functools
import gc
from collections.abc import Callable, Collection
from typing import Any

# what customer_segmentation.warehouse.long_steps waits for
AWAITED = ("NodeStart", "NodeFinished")


def make_lean() -> None:
    """Leave out in this process what is never seen."""
    # most objects live as long as the run, so that to look for others more often than this costs more than it frees
    gc.set_threshold(20_000, 20, 50)
    make_messages_only_if_shown()
    name_things_when_asked()
    prepare_macros_once()
    make_environments_once()
    build_patterns_of_dates_once()
    know_the_graph_quickly()


def make_messages_only_if_shown() -> None:
    """Let dbt make no message for debugging unless it shows or writes such messages, or the project waits for it."""
    from dbt_common.events.base_types import BaseEvent, EventLevel
    from dbt_common.events.event_manager import EventManager

    make, get, fire = BaseEvent.__init__, BaseEvent.__getattr__, EventManager.fire_event
    hidden = (EventLevel.DEBUG, EventLevel.TEST)

    def keep(event, *arguments, **given):
        vars(event)["given"] = (arguments, given)

    def get_made(event, name):
        if "given" in vars(event):
            arguments, given = vars(event).pop("given")
            make(event, *arguments, **given)
        return get(event, name)

    def fire_if_shown(manager, event, level=None, node=None, force_warn_or_error_handling=False):
        is_shown = (level or event.level_tag()) not in hidden or any(one.level in hidden for one in manager.loggers)
        if is_shown or force_warn_or_error_handling or type(event).__name__ in AWAITED:
            fire(manager, event, level, node, force_warn_or_error_handling)

    BaseEvent.__init__, BaseEvent.__getattr__, EventManager.fire_event = keep, get_made, fire_if_shown


def name_things_when_asked() -> None:
    """Let dbt make what a template can name, hundreds of macros among it, only where a template does name it."""
    from dbt.context.macros import MacroNamespace
    from dbt.context.manifest import ManifestContext
    from dbt.include.global_project import PROJECT_NAME
    from dbt_common.clients.jinja import MacroFuzzTemplate, NativeSandboxTemplate
    from jinja2.runtime import Context, missing

    known: dict[tuple[str, str], tuple] = {}  # of the macros of the latest manifest

    def sorted_macros(context, builder) -> tuple[dict, dict, dict[str, int]]:
        """Return the macros of dbt, those of other packages, and where a name is found: the first place wins."""
        macros, searched = context.manifest.get_macros_by_package(), (builder.search_package, builder.root_package)
        size = sum(map(len, macros.values()))
        if searched not in known or known[searched][0] is not macros or known[searched][1] != size:
            internal: dict = {}
            for package in reversed(builder.internal_package_names_order):
                internal |= macros.get(package, {})
            packages = {name: found for name, found in macros.items() if name not in builder.internal_package_names}
            local, others = (packages.get(package, {}) for package in searched)
            places: dict[str, int] = {}
            for place, names in reversed(list(enumerate([local, others, packages, {PROJECT_NAME}, internal]))):
                places |= dict.fromkeys(names, place)
            known[searched] = (macros, size, internal, packages, places)
        return known[searched][2:]

    def build_namespace(context):
        from dbt.clients.jinja import MacroGenerator

        builder = context._get_namespace_builder()
        unwrapped, packages, places = sorted_macros(context, builder)
        context._ctx = names = Later((), None)

        def wrapped(macros):
            return Later(macros, lambda name: MacroGenerator(macros[name], names, builder.node, builder.thread_ctx))

        internal, outer = wrapped(unwrapped), Later(packages, lambda name: wrapped(packages[name]))
        local = outer.get(builder.search_package, {})
        others = {} if builder.search_package == builder.root_package else outer.get(builder.root_package, {})
        namespace = MacroNamespace(others, local, internal, outer)
        found = [local, others, outer, {PROJECT_NAME: internal}, internal]
        namespace.members = Later(places, lambda name: found[places[name]][name])
        return namespace

    def to_dict(context):
        if not isinstance(context._ctx, Later):
            return eager(context)
        context.config.load_dependencies()  # as what knows the vars does, which is made later here
        given, members = context._context_members_, context.namespace.members

        def builtin(name):
            value = given[name]
            return value.__get__(context) if hasattr(value, "__get__") else value

        context._ctx.can_have(
            given.keys() | members.names(), lambda name: members[name] if name in members else builtin(name)
        )
        context._ctx.update(context=context._ctx, builtins=Later(given, builtin))
        return context._ctx

    class QuickContext(Context):
        """Looks a name up where it most often is; what is there already is not copied."""

        def resolve_or_missing(self, key):
            if key in self.vars:
                return self.vars[key]
            found = dict.get(self.parent, key, missing)
            if found is not missing:
                return found
            return self.parent[key] if key in self.parent else self.otherwise.get(key, missing)

        def get_all(self):
            return {**self.otherwise, **self.parent, **self.vars}

    def new_context(template, names=None, shared=False, locals=None):
        if shared or locals:
            raise NotImplementedError("dbt renders every template with its own names.")
        context = QuickContext(template.environment, {} if names is None else names, template.name, template.blocks)
        context.otherwise = template.globals
        return context

    eager = ManifestContext.to_dict
    ManifestContext._build_namespace, ManifestContext.to_dict = build_namespace, to_dict
    MacroNamespace.__getitem__ = lambda namespace, name: namespace.members[name]
    MacroNamespace._keys = lambda namespace: namespace.members.names()
    MacroFuzzTemplate.new_context = NativeSandboxTemplate.new_context = new_context


class Later(dict):
    """Values that are made when they are first looked up."""

    def __init__(self, names: Collection[str], make: Callable[[str], Any] | None):
        self.can_have(names, make)

    def can_have(self, names, make) -> None:
        self._names, self._make = names, make

    def names(self) -> set:
        return {*self._names, *dict.keys(self)}

    def __missing__(self, name):
        if name not in self._names:
            raise KeyError(name)
        self[name] = made = self._make(name)
        return made

    def __contains__(self, name) -> bool:
        return dict.__contains__(self, name) or name in self._names

    def __iter__(self):
        return iter(self.names())

    def __len__(self) -> int:
        return len(self.names())

    def get(self, name, otherwise=None):
        if name not in self:
            return otherwise
        return self[name]

    def keys(self):
        return self.names()

    def values(self):
        return [self[name] for name in self]

    def items(self):
        return [(name, self[name]) for name in self]


def prepare_macros_once() -> None:
    """Let dbt prepare a macro for its first call among the same names, not for every call."""
    from dbt.clients.jinja import MacroGenerator

    prepare = MacroGenerator.get_macro

    def get_macro(macro):
        if "prepared" not in vars(macro):
            macro.prepared = prepare(macro)
        return macro.prepared

    def call(macro, *arguments, **named):
        stack, name = macro.stack, macro.macro.unique_id
        if stack is None:
            return macro.call_macro(*arguments, **named)
        if not stack.call_stack and macro.node:
            macro.node.depends_on.add_macro(name)
        stack.push(name)
        try:
            return macro.call_macro(*arguments, **named)
        finally:
            stack.pop(name)

    MacroGenerator.get_macro, MacroGenerator.__call__ = get_macro, call


def make_environments_once() -> None:
    """Let dbt render all templates in one environment of Jinja, but for those in which it looks for macros that are missing."""
    from dbt_common.clients import jinja

    make = jinja.get_environment
    shared = functools.cache(lambda native: make(native=native))

    def get_environment(node=None, capture_macros=False, native=False):
        return make(node, capture_macros, native) if capture_macros else shared(native)

    jinja.get_environment = get_environment


def know_the_graph_quickly() -> None:
    """Let dbt select from a graph of its own instead of a view of the whole, which asks at every edge what belongs to it."""
    from dbt.compilation import Linker
    from dbt.graph.graph import Graph

    Graph.subgraph = lambda graph, nodes: Graph(graph.graph.subgraph(nodes).copy())
    # what has a circle does not build in a shell either, and no test reads the summary
    Linker.find_cycles = lambda linker: None
    Linker.get_graph_summary = lambda linker, manifest: {}


def build_patterns_of_dates_once() -> None:
    """Let agate build once what it needs to read dates."""
    import parsedatetime

    parsedatetime.Constants = functools.cache(parsedatetime.Constants)
