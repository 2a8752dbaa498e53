"""One look for every picture: colours, sizes and fonts. The colours of personas are data, in the table `segments`."""

INK = "#1f2933"  # text and axes
MUTED = "#616e7c"  # what should step back: labels, captions
GRID = "#e4e7eb"
PAPER = "#ffffff"
POPULATION = "#9aa5b1"  # all customers, wherever they are compared with a segment
ACCENT = "#0072b2"  # a single series, and what a title talks about
CONTRAST = "#d55e00"  # the second series, and warnings

# From dark to light as trust fades, in grey: every segment has a hue. Dark text is readable on all of them.
GRADES = {"stable": "#8795a1", "usable": "#aab5c0", "doubtful": "#cbd2d9", "dissolved": "#e4e7eb"}
