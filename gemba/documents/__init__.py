"""Official documents out of data: kinds with Word templates, issued for ever with number and fingerprint; attached files."""
