"""What sqlfluff sees in place of the Python modules that dbt offers."""

import re

__all__ = ["re"]
