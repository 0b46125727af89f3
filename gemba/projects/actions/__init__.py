"""What changes projects: each function is one act, one transaction, one line in the record of acts."""
