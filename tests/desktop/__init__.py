"""The real desktop Anki: what its windows show and keep while offbook brings packages in. Run by `make test-desktop`."""
