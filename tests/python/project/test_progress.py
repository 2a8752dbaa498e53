from customer_segmentation.progress import Progress, set_step


def test_a_step_keeps_how_far_it_is_until_it_is_done():
    report = Progress("counting")
    report(2, 5)
    assert Progress.latest == "counting: 2 of 5"
    report(5, 5)
    assert Progress.latest == ""


def test_a_step_keeps_what_it_is_doing():
    set_step("segments, table 3 of 40")
    assert Progress.latest == "segments, table 3 of 40"
