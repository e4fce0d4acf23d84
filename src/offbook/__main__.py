"""`python -m offbook`."""

import sys


def main() -> None:
    """Run the command line; `--version` alone is answered before anything else is imported."""
    if sys.argv[1:] == ["--version"]:
        from offbook import __version__

        print(f"offbook {__version__}")
        return
    from offbook.cli import cli

    cli(prog_name="offbook")


if __name__ == "__main__":
    main()
