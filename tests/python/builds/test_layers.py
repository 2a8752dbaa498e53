"""What a build says: a line for each layer, and each error once."""

from types import SimpleNamespace

import pytest

from customer_segmentation.builds.layers import LayerProgress, plain

LAYERS = {"seed.p.campaigns": "seeds", "model.p.segments": "marts", "model.p.personas": "marts"}
PROMISES = {"test.p.key": "Every row is there once."}
NO_NODE = SimpleNamespace(unique_id="")


def event(name, node=NO_NODE, level="info", msg="", status="success", message=""):
    result = SimpleNamespace(status=status, message=message, execution_time=1.5)
    return SimpleNamespace(
        info=SimpleNamespace(name=name, level=level, msg=msg), data=SimpleNamespace(node_info=node, run_result=result)
    )


def node(identity):
    kind, _, name = identity.split(".")
    return SimpleNamespace(unique_id=identity, resource_type=kind, node_name=name)


def finished(identity, status="success", message=""):
    return event("NodeFinished", node(identity), status=status, message=message)


@pytest.fixture
def said(capsys):
    def say(*events, is_terminal=False):
        progress = LayerProgress(LAYERS, PROMISES, is_terminal=is_terminal)
        for one in events:
            progress(one)
        progress.end()
        return capsys.readouterr().out

    return say


def test_a_layer_is_named_when_all_its_tables_are_built(said):
    built = [finished(one) for one in LAYERS]
    assert "  marts          tables:   2      3.0 s\n" in said(*built, finished("test.p.key", "pass"))
    output = said(*built[:2], finished("model.p.personas", "skipped"), finished("test.p.key", "skipped"))
    assert "  seeds          tables:   1      1.5 s\n" in output
    assert "marts" not in output
    assert "Tables: 2 built, 1 skipped.\nTests: 1 skipped.\n" in output


MISTAKE = """Compilation Error in model {0} (models/{0}.sql)
  seeds/campaigns.csv, row 3: found x.

  > in macro stop_on_problems (macros/stop_on_problems.sql)
  > called by model {0} (models/{0}.sql)"""


def test_a_mistake_that_stops_several_tables_is_said_once(said):
    failed = [finished(f"model.p.{name}", "error", MISTAKE.format(name)) for name in ("segments", "personas")]
    output = said(*failed)
    assert output.startswith("segments: seeds/campaigns.csv, row 3: found x.\nTables: 2 failed.")


def test_a_test_that_warns_or_fails_is_named_with_its_promise(said):
    output = said(finished("test.p.new_fit", "warn", "Got 2 results"), finished("test.p.key", "fail", "Got 1 result"))
    assert "new_fit: Got 2 results\nkey: Got 1 result. Every row is there once.\n" in output
    assert "Tests: 1 failed, 1 warned." in output


def test_what_dbt_says_of_no_step_is_passed_on(said):
    warning = event("Deprecation", level="warn", msg="This is deprecated.")
    assert said(warning, warning).count("This is deprecated.") == 1
    assert said(event("JinjaLogInfo", node("model.p.segments"), msg="1 row left out")).startswith("1 row left out\n")
    about_a_step = event("LogTestResult", node("test.p.key"), level="error", msg="1 of 2 FAIL")
    assert "1 of 2 FAIL" not in said(about_a_step, event("Note", msg="of no interest"))


def test_the_step_that_runs_is_shown_on_a_terminal_alone(said):
    steps = [event("NodeStart", node("model.p.segments")), event("Note", msg="still running model segments: 5 s")]
    assert "segments" not in said(*steps)
    assert "0 of 3 tables: still running model segments: 5 s\r" in said(*steps, is_terminal=True)


def test_a_message_of_one_line_stays_whole():
    assert plain("Got 1 result, configured to fail if != 0") == "Got 1 result, configured to fail if != 0"
    assert plain("") == ""
