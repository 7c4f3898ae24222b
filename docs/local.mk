# SPDX-License-Identifier: ISC
EXTRA_DIST += docs/sextantd.8.in docs/decisions.md docs/performance.md docs/performance.svg docs/scale.md docs/sextant.yaml.5.in docs/config.md.in docs/options.md.in

# The reference of the configuration is printed from the rows that read it.
noinst_PROGRAMS += docs/reference
docs_reference_SOURCES = docs/reference.c
docs_reference_LDADD = libsextant-shell.a libsextant-conf.a libsextant-core.a $(YAML_LIBS)

nodist_man_MANS = docs/sextant.yaml.5 docs/sextantd.8
doc_DATA = docs/config.md docs/options.md
dist_doc_DATA = docs/coming-from.md docs/log.md
CLEANFILES += docs/sextant.yaml.5 docs/sextantd.8 docs/config.md docs/options.md

docs/sextant.yaml.5: docs/reference docs/sextant.yaml.5.in
	$(AM_V_GEN)docs/reference man $(srcdir)/docs/sextant.yaml.5.in >$@.tmp && mv $@.tmp $@
docs/sextantd.8: docs/reference docs/sextantd.8.in
	$(AM_V_GEN)docs/reference drops $(srcdir)/docs/sextantd.8.in >$@.tmp && mv $@.tmp $@
docs/config.md: docs/reference docs/config.md.in
	$(AM_V_GEN)docs/reference markdown $(srcdir)/docs/config.md.in >$@.tmp && mv $@.tmp $@
docs/options.md: docs/reference docs/options.md.in
	$(AM_V_GEN)docs/reference options $(srcdir)/docs/options.md.in >$@.tmp && mv $@.tmp $@

# Which test proves which row of the standards checklist, read from the tests.
EXTRA_DIST += docs/conformance.rows docs/conformance.notes scripts/conformance
doc_DATA += docs/conformance.md
CLEANFILES += docs/conformance.md
docs/conformance.md: docs/conformance.rows docs/conformance.notes scripts/conformance $(SCENARIOS)
	$(AM_V_GEN)$(srcdir)/scripts/conformance $(srcdir) >$@.tmp && mv $@.tmp $@
