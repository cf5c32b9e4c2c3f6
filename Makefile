.PHONY: setup setup-test lock run check test test-long bench docs
CHECKED = --ignore tests/test_repository.py --ignore tests/test_migrations.py # check has asked these already
# programs that the tests start are compiled once, not at every start, also where the environment says not to
check test test-long: export PYTHONDONTWRITEBYTECODE =

setup: ; @setup/environment.sh && setup/pages.sh                                      # .venv and static/vendor; cheap when done
setup-test: setup ; @setup/proofs.sh                                                  # what the tests need: dev tools, PostgreSQL, Chromium, fonts
lock: ; @setup/lock.sh                                                                # write requirements*.txt and package-lock.json anew
run: setup ; @setup/run.sh                                                            # migrate, fill an empty database, serve and work until Ctrl-C
check: setup-test ; @setup/check.sh                                                   # format, lint, types, imports, docs and migrations up to date
test: check ; @.venv/bin/python -m pytest -n 2 --dist loadgroup $(CHECKED)            # check + all other tests, on SQLite and PostgreSQL
test-long: setup-test ; @DUKAO_LONG=1 .venv/bin/python -m pytest -m long -n 2 --dist loadgroup # the promises with their full figures
bench: setup-test ; @.venv/bin/python -m bench                                        # speed and memory beside the floor of this machine
docs: setup ; @.venv/bin/flask docs                                                   # write docs/workflows from the transition tables
