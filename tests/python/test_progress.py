from segmentation_tools import progress


def test_a_long_step_says_how_far_it_is_and_a_short_one_nothing(monkeypatch, capsys):
    seconds = iter([0, 1, 6, 7, 12, 20])
    monkeypatch.setattr(progress.time, "monotonic", lambda: next(seconds))
    report = progress.Progress("counting")
    for done in range(1, 6):
        report(done, 5)
    assert capsys.readouterr().err.split("\n") == ["          counting: 2 of 5", "          counting: 4 of 5", ""]
