"""The real desktop Anki: what its windows show and keep during an import. Run by `make test-desktop`."""
