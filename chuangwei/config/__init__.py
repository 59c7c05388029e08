"""Everything an installation decides: settings, addresses, commands.

The SQLite swap runs here because Django reads the settings, and therefore this package, before it opens a database.
"""

from chuangwei.config.sqlite import use_current_sqlite

use_current_sqlite()
