"""`python -m offbook`."""

import sys


def main() -> None:
    """Run the command line; `--version` alone is answered before anything else is imported."""
    if sys.argv[1:] == ["--version"]:
        from offbook import __version__

        print(f"offbook {__version__}")
        return
    import gc

    from offbook.cli import cli

    # Most of what a run makes lives to its end. Looking for what does not as often as usual takes a fifth of it.
    gc.set_threshold(200_000, 20, 20)
    cli(prog_name="offbook")


if __name__ == "__main__":
    main()
