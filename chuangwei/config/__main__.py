"""`python -m chuangwei.config` is `chuangwei`, where the console script is not on the path."""

import sys

from chuangwei.config.cli import main

sys.exit(main())
