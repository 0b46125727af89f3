"""Projects that were kept on paper: a passport out of Word, a list of projects and a roadmap out of Excel."""
