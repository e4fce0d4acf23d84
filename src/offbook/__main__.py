"""Starts the command line, as `offbook` and as `python -m offbook`."""

import io
import sys


def main() -> None:
    """Run the command line. `--version` alone is answered before anything is imported."""
    if sys.argv[1:] == ["--version"]:
        from offbook import __version__

        print(f"offbook {__version__}")
        return
    import gc
    import os

    # A stream that the shell has closed (`>&-`) is None: what is printed there is wanted by nobody.
    sys.stdout = sys.stdout or open(os.devnull, "w")  # noqa: PTH123, SIM115
    sys.stderr = sys.stderr or open(os.devnull, "w")  # noqa: PTH123, SIM115
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A console that lacks a letter, such as Windows' with cp1252, shows a question mark instead.
            stream.reconfigure(errors="replace")
    # Most of what a run makes lives to its end: collecting garbage as often as usual takes a fifth of the run.
    gc.set_threshold(500_000, 20, 20)
    try:
        import click

        from offbook.cli import cli

        try:
            sys.exit(cli.main(prog_name="offbook", standalone_mode=False))
        except click.ClickException as error:
            error.show()
            sys.exit(error.exit_code)
        except click.Abort:
            raise KeyboardInterrupt from None
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        sys.exit(130)
    finally:
        gc.freeze()  # no last collection: the system takes back all memory anyway


if __name__ == "__main__":
    main()
