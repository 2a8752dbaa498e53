import time

from segmentation_tools import progress


def test_a_long_step_says_how_far_it_is_and_a_short_one_nothing(monkeypatch, capsys):
    seconds = iter([0, 1, 6, 7, 12, 20])
    monkeypatch.setattr(progress.time, "monotonic", lambda: next(seconds))
    report = progress.Progress("counting")
    for done in range(1, 6):
        report(done, 5)
    assert capsys.readouterr().err.split("\n") == ["          counting: 2 of 5", "          counting: 4 of 5", ""]


def test_a_step_without_known_end_says_that_it_runs_until_it_ends(monkeypatch, capsys):
    monkeypatch.setattr(progress, "SECONDS_BETWEEN_MESSAGES", 0.01)
    with progress.still_running("publishing") as now:
        now("segments")
        deadline = time.monotonic() + 10
        said = ""
        while "segments" not in said and time.monotonic() < deadline:
            said += capsys.readouterr().err
    assert "          publishing: segments, after 0 seconds\n" in said
    capsys.readouterr()
    time.sleep(0.05)
    assert capsys.readouterr().err == ""


def test_a_short_step_without_known_end_says_nothing(capsys):
    with progress.still_running("publishing") as now:
        now("segments")
    assert capsys.readouterr().err == ""
