# SPDX-License-Identifier: ISC
# After tests/local.mk, which says what tests find in their environment.

# What the pure rooms want from outside is on scripts/fence.allow.
AM_TESTS_ENVIRONMENT += NM='$(NM)'; export NM;
TESTS += tests/fence.sh
EXTRA_DIST += scripts/fence scripts/fence.allow tests/fence.sh
