"""Official documents out of data: kinds with Word templates, issued for ever; files attached to anything."""
