"""What dbt does again for every node, done once or not at all where no test sees a difference.

A build spends most of its time around its statements: dbt describes each step in messages that are shown only with `--debug`, wraps
every macro for every node and once more for every question to the warehouse, and builds patterns of dates for every answer.
None of this changes what is run, shown or written. The fixture `built` does without this module.
"""

import functools
import gc

# what customer_segmentation.warehouse.long_steps waits for
AWAITED = ("NodeStart", "NodeFinished")


def make_lean() -> None:
    """Leave out in this process what is never seen."""
    # most objects live as long as the run, so that to look for others more often than this costs more than it frees
    gc.set_threshold(20_000, 20, 50)
    make_messages_only_if_shown()
    wrap_macros_quickly()
    build_patterns_of_dates_once()


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


def wrap_macros_quickly() -> None:
    """Let dbt wrap the macros of a package all at once, and find each with one look."""
    from dbt.clients.jinja import MacroGenerator
    from dbt.context.macros import MacroNamespace, MacroNamespaceBuilder

    def build_namespace(builder, macros_by_package, context):
        for package, macros in macros_by_package.items():
            wrapped = {}
            for name, macro in macros.items():
                wrapped[name] = generator = MacroGenerator.__new__(MacroGenerator)
                generator.__dict__ = {
                    "macro": macro, "context": context, "node": builder.node, "stack": builder.thread_ctx,
                }  # fmt: skip
            if package in builder.internal_package_names:
                builder.internal_packages[package] = wrapped
                continue
            builder.packages[package] = wrapped
            if package == builder.search_package:
                builder.locals = wrapped
            elif package == builder.root_package:
                builder.globals = wrapped
        internal = {}
        for package in reversed(builder.internal_package_names_order):
            internal |= builder.internal_packages.get(package, {})
        namespace = MacroNamespace(builder.globals, builder.locals, internal, builder.packages)
        namespace.members = {}
        for macros in reversed(list(namespace._search_order())):
            namespace.members |= macros
        return namespace

    MacroNamespaceBuilder.build_namespace = build_namespace
    MacroNamespace.__getitem__ = lambda namespace, name: namespace.members[name]
    MacroNamespace._keys = lambda namespace: namespace.members.keys()


def build_patterns_of_dates_once() -> None:
    """Let agate build once what it needs to read dates."""
    import parsedatetime

    parsedatetime.Constants = functools.cache(parsedatetime.Constants)
