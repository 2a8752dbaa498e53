"""What tests of charts need of the process that runs them."""

from helpers import lean_altair

lean_altair.make_lean()
