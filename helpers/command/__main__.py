"""`python -m helpers.command …`: the same as `unspun …`, for where the command itself is not on the path."""

from helpers.command.door import main

if __name__ == "__main__":
    main()
