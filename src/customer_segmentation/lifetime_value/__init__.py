"""What customers will buy and pay later: models of purchases and amounts, and how well they foretell against rules."""
