"""The yearly self-assessment and its rating: campaign, sheets of organisations, check, fixed places."""
