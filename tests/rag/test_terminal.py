"""Progress in a terminal is one line that fills; elsewhere a line a step."""

import io

from rag.terminal import progress_bar, time_left


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_file_gets_one_line_for_each_step() -> None:
    out = io.StringIO()
    draw = progress_bar(out)
    for done in (0, 50, 100):
        draw("Weights", done, 200)
    draw("Words", 150, 200)
    assert out.getvalue() == "  0 %  Weights\n 75 %  Words\n"


def test_a_terminal_gets_a_bar_with_the_time_left() -> None:
    times = iter([0.0, 10.0, 20.0])
    out = Terminal()
    draw = progress_bar(out, clock=lambda: next(times))
    draw("Weights", 100, 200)
    draw("Weights", 200, 200)
    first, last = out.getvalue().split("\r")[1:]
    assert first == "█" * 15 + "░" * 15 + "  50 %  Weights, 10 s left\x1b[K"
    assert last == "█" * 30 + " 100 %  Weights\x1b[K\n"


def test_no_time_is_promised_before_a_twentieth_is_done() -> None:
    assert (time_left(4, 100, 1.0), time_left(5, 100, 1.0), time_left(100, 100, 9.0)) == ("", ", 19 s left", "")
