"""Reading what users have: text files, workbooks, and numbers as people write them."""
