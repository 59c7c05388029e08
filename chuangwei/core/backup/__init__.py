"""Backups: everything an installation holds in one encrypted file, and the way back (docs/adr/0012).

`keys` → `sealing` (the encrypted stream) → `packing` (its parts) ← `tables` and `snapshot` (rows read at one instant).
`making` writes a file and reads it back, `restoring` puts one into an empty place, `retention` says which may go.
"""
