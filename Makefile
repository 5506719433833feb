# Two commands: `make run` serves the site, `make test` checks it.
# Variables: HOST PORT DATABASE_URL SECRET_KEY ALLOWED_HOSTS PY FILE
HOST ?= 127.0.0.1
PORT ?= 8000
export HOST PORT
NEWEST := import sys; sys.exit(sys.version_info < (3, 11))
PY ?= $(or $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	$$p -c '$(NEWEST)' >/dev/null 2>&1 && echo $$p && break; done),python3)
BIN := .venv/bin
STATIC := $(shell find static -type f)
# Where HOME is missing or closed nothing can be kept for the next time.
UV := $(BIN)/uv $(shell [ -w "$$HOME" ] || echo --no-cache)
# A proxy with its own certificate authority is known to the system, not to pip and uv.
CERTIFICATES := $(firstword $(SSL_CERT_FILE) $(wildcard /etc/ssl/certs/ca-certificates.crt \
	/etc/pki/tls/certs/ca-bundle.crt /etc/ssl/cert.pem))
UNFETCHED = { echo "Packages could not be fetched, as said above: check network, proxy and certificates, and run make again." >&2; exit 1; }

# Of two starts at once, one installs and the other waits.
LOCKED := $(PY) -c 'import fcntl, subprocess, sys; lock = open(".lock", "w"); \
	fcntl.flock(lock, fcntl.LOCK_EX); sys.exit(subprocess.call(sys.argv[1:]))'
PYTHON = $(PY) -c '$(NEWEST)' >/dev/null 2>&1 || { echo "Python 3.11 or newer is needed: install it, or run make PY=/path/to/python3." >&2; exit 1; }
WRITABLE = [ -w . ] || { echo "This folder can't be written to: clone the project into a folder of your own." >&2; exit 1; }

.PHONY: run ready test admin backup restore lock clean
.DEFAULT_GOAL := run

run:
	@$(WRITABLE)
	@$(PYTHON)
	@$(LOCKED) $(MAKE) --no-print-directory ready
	@exec $(BIN)/python -m eventsite.serve

ready: .venv/run.ok var/static/staticfiles.json
	@:

test: .venv/dev.ok
	@$(BIN)/python tests/run.py $(if $(ALL),--all)

admin: .venv/run.ok
	@$(BIN)/python manage.py migrate -v0
	@$(BIN)/python manage.py make_owner

# FILE: where to, or where from. A backup goes to var/backups if nothing is said.
backup: .venv/run.ok
	@$(BIN)/python manage.py backup $(FILE)

restore: .venv/run.ok
	@[ -n "$(FILE)" ] || { echo "Say which backup: make restore FILE=var/backups/..." >&2; exit 1; }
	@$(BIN)/python manage.py restore $(FILE)

# uv installs about three times faster than pip; its own wheel comes through pip, by hash.
.venv/bin/uv: requirements-uv.txt
	@$(PYTHON)
	@$(WRITABLE)
	@$(PY) -m venv .venv || { echo "Python's venv module is missing or failed: on Debian, apt-get install python3-venv." >&2; exit 1; }
	@install="$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements-uv.txt"; \
		$$install 2>/dev/null || PIP_CERT="$(CERTIFICATES)" $$install || $(UNFETCHED)
	@touch $@

.venv/run.ok: .venv/bin/uv requirements.txt
	@install="pip install -q --python $(BIN)/python --require-hashes -r requirements.txt"; \
		$(UV) $$install 2>/dev/null || $(UV) --system-certs $$install || $(UNFETCHED)
	@touch $@

.venv/dev.ok: .venv/bin/uv requirements-dev.txt
	@install="pip sync -q --python $(BIN)/python --require-hashes requirements-dev.txt"; \
		$(UV) $$install 2>/dev/null || $(UV) --system-certs $$install || $(UNFETCHED)
	@touch $@ .venv/run.ok

var/static/staticfiles.json: .venv/run.ok $(STATIC)
	@$(BIN)/python manage.py collectstatic --noinput --clear -v0
	@touch $@

# After a change of pyproject.toml: every version and hash, for every platform.
lock: .venv/bin/uv
	$(BIN)/uv pip compile -q --universal --generate-hashes --no-header --python-version 3.11 pyproject.toml -o requirements.txt
	$(BIN)/uv pip compile -q --universal --generate-hashes --no-header --python-version 3.11 --extra dev -c requirements.txt pyproject.toml -o requirements-dev.txt

clean:
	rm -rf .venv var/static
