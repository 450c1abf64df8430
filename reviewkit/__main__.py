"""`python -m reviewkit`: the same as the command `reviewkit`."""

from reviewkit.cli import main

main()
