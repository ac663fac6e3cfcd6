# The house, by one command each. "make help" lists them.
SHELL := /bin/sh
PREFIX ?= /usr/local
SYSCONFDIR ?= /etc
DESTDIR ?=
BIN := artifacts/bin
PROGRAMS := saslauthd saslworker testsaslauthd authserver mailsupervisor mailservers mailctl
CLASSIC := postconf doveconf sendmail
RID := $(shell uname -m | sed 's/x86_64/linux-x64/; s/aarch64/linux-arm64/')
export DOTNET_CLI_TELEMETRY_OPTOUT := 1
export DOTNET_NOLOGO := 1

.DEFAULT_GOAL := help
.PHONY: help run test interop build install bench pack format clean dependencies

help: ## list the targets
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' Makefile

dependencies: ## install the Debian packages that building needs (as root; otherwise name them)
	@scripts/dependencies build

build: dependencies ## Native AOT binaries into artifacts/bin
	@scripts/build $(BIN) $(RID) $(PROGRAMS)

run: build ## the whole house on loopback ports under ./run, one mail end to end; ONCE=1 ends after it
	@scripts/run $(BIN) $(ONCE)

test: ## everything: build, AOT gate, unit, dialogue, end-to-end and interop tests
	@scripts/dependencies test
	@scripts/build $(BIN) $(RID) $(PROGRAMS)
	@scripts/test

interop: ## the library against real peers only; writes docs/interop.md anew
	@scripts/dependencies test
	INTEROP_WRITE=1 dotnet test tests/Interop.Tests -c Release

bench: build ## the figures, beside the real peers where they are installed
	@scripts/dependencies bench
	@scripts/bench $(BIN)

pack: ## the NuGet package Sasl.Mechanisms, with symbols, into artifacts/packages
	@dotnet pack src/Sasl.Mechanisms -c Release -o artifacts/packages -v q
	@ls artifacts/packages/*

install: build ## install programs, units and default configuration (DESTDIR, PREFIX, SYSCONFDIR)
	@scripts/install $(BIN) "$(DESTDIR)" "$(PREFIX)" "$(SYSCONFDIR)" "$(CLASSIC)"

format: ## format the sources
	dotnet format Sasl.sln

clean: ## remove what was built
	rm -rf artifacts run
	find src tests bench -type d \( -name bin -o -name obj \) -prune -exec rm -rf {} +
