# What to type first. Everything they do is in scripts/.

.PHONY: help setup demo test soak install

help:
	@echo 'make demo    a release build, 2.2 million log lines, and four tables of rates from them'
	@echo 'make test    every check that guards a merge (scripts/check)'
	@echo 'make soak    the same with twenty times as many random cases, for hours'
	@echo 'make install a program that needs no Swift, in /usr/local/bin or PREFIX/bin'
	@echo 'make setup   the system packages a build and the tests need'

setup:
	@scripts/setup --tests

demo:
	@scripts/setup
	@swift build -c release --product beacon
	@scripts/demo

install:
	@scripts/setup
	@scripts/install

test: setup
	@scripts/check

soak: setup
	@BEACON_CASES=20 scripts/check
