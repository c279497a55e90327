"""``python -m voicelanes``."""

from __future__ import annotations

import sys

from voicelanes import main

if __name__ == "__main__":
    sys.exit(main())
