"""A whole invented town, and the command that brings it to life (interface.md, `chuangwei demo`)."""
