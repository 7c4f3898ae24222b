# SPDX-License-Identifier: ISC
# Tests that are not of one room. `check` needs no root; `check-netns` runs real clients in
# namespaces and needs it.

# What the shell tests need to know.
AM_TESTS_ENVIRONMENT = \
	SEXTANTD='$(abs_builddir)/sextantd'; export SEXTANTD; \
	NETNS_BIN='$(abs_builddir)/tests/netns'; export NETNS_BIN; \
	SANITIZED='$(SANITIZE)'; export SANITIZED;

NETNS_TESTS = \
	tests/netns/slaac.sh \
	tests/netns/dhclient-ll.sh \
	tests/netns/dhclient-stateless.sh \
	tests/netns/dhclient-pd.sh \
	tests/netns/dhclient-links.sh \
	tests/netns/moved.sh \
	tests/netns/dhcpcd.sh \
	tests/netns/clients.sh \
	tests/netns/settings.sh \
	tests/netns/reconfigure.sh \
	tests/netns/decline.sh \
	tests/netns/duplicate.sh \
	tests/netns/drops.sh \
	tests/netns/renamed.sh \
	tests/netns/renew.sh \
	tests/netns/relays.sh \
	tests/netns/beside-relay.sh \
	tests/netns/final-ra.sh \
	tests/netns/frames.sh \
	tests/netns/idle-cost.sh \
	tests/netns/learned-prefix.sh \
	tests/netns/link-local.sh \
	tests/netns/links.sh \
	tests/netns/log-identifiers.sh \
	tests/netns/many-links.sh \
	tests/netns/many-routes.sh \
	tests/netns/neighbours-full.sh \
	tests/netns/netns-again.sh \
	tests/netns/netns-glob.sh \
	tests/netns/netns-learned.sh \
	tests/netns/netns-relays.sh \
	tests/netns/reload.sh \
	tests/netns/routed.sh \
	tests/netns/routes-commit.sh \
	tests/netns/routes-namespaces.sh \
	tests/netns/relays-routes.sh \
	tests/netns/routes-relays.sh \
	tests/netns/routes.sh \
	tests/netns/signals-early.sh \
	tests/netns/signals.sh \
	tests/netns/start-errors.sh \
	tests/netns/start-faults.sh \
	tests/netns/steady-faults.sh \
	tests/netns/other-routers.sh \
	tests/netns/other-servers.sh \
	tests/netns/per-host-routes.sh \
	tests/netns/per-host.sh \
	tests/netns/privileges.sh \
	tests/netns/store-full.sh \
	tests/netns/store-readonly.sh \
	tests/netns/store-stall.sh \
	tests/netns/store-sync.sh \
	tests/netns/service.sh \
	tests/netns/slow-reader.sh \
	tests/netns/vanish.sh \
	tests/netns/small-mtu.sh \
	tests/netns/soak.sh \
	tests/netns/many.sh \
	tests/netns/takeover.sh \
	tests/netns/taps.sh \
	tests/netns/examples.sh \
	tests/netns/start.sh \
	tests/netns/clock-prefix.sh \
	tests/netns/clock-step.sh

# Nothing beside these: they fill the kernel's neighbour table, which is one for all namespaces, or
# take all of the processor. The others wait most of the time.
NETNS_TESTS_ALONE = \
	tests/netns/bad-neighbours.sh \
	tests/netns/crash.sh \
	tests/netns/fairness.sh \
	tests/netns/fairness-relays.sh \
	tests/netns/flood.sh \
	tests/netns/flood-forged.sh \
	tests/netns/flood-over.sh \
	tests/netns/senders.sh

check_PROGRAMS += tests/netns/bindloop tests/netns/frame tests/netns/taploop tests/netns/torrent
tests_netns_frame_SOURCES = tests/netns/frame.c
tests_netns_frame_LDADD = libsextant-core.a
tests_netns_taploop_SOURCES = tests/netns/taploop.c
tests_netns_torrent_SOURCES = tests/netns/torrent.c
tests_netns_torrent_LDADD = libsextant-core.a
tests_netns_bindloop_SOURCES = tests/netns/bindloop.c
tests_netns_bindloop_LDADD = libsextant-core.a

EXTRA_DIST += $(NETNS_TESTS) $(NETNS_TESTS_ALONE) \
	tests/netns/lib.sh tests/netns/lib-clients.sh \
	tests/netns/lib-faults.sh \
	tests/netns/dhclient-script
EXTRA_DIST += start check scripts/build scripts/capture scripts/demo scripts/packages \
	.clang-tidy .cppcheck

# The same harness with another list: results in tests/netns/*.trs.
.PHONY: check-netns
check-netns:
	status=0; \
	$(MAKE) $(AM_MAKEFLAGS) check TESTS='$(NETNS_TESTS)' \
		TEST_SUITE_LOG=check-netns.log || status=$$?; \
	$(MAKE) -j1 $(AM_MAKEFLAGS) check TESTS='$(NETNS_TESTS_ALONE)' \
		TEST_SUITE_LOG=check-netns-alone.log || status=$$?; \
	exit $$status

# The simulated shell, for scenarios and captures.
SIM_SOURCES = \
	src/daemon/outbox.c \
	src/daemon/outbox.h \
	tests/sim/message.c \
	tests/sim/message.h \
	tests/sim/sim.c \
	tests/sim/sim.h \
	tests/sim/sim_show.c \
	tests/sim/sim_show.h
SIM_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
SIM_LDADD = libsextant-conf.a libsextant-core.a $(YAML_LIBS)

check_PROGRAMS += tests/scenario/scenario
tests_scenario_scenario_SOURCES = tests/scenario/scenario.c $(SIM_SOURCES)
tests_scenario_scenario_CPPFLAGS = $(SIM_CPPFLAGS)
tests_scenario_scenario_LDADD = $(SIM_LDADD)

SCN_LOG_COMPILER = tests/scenario/scenario
SCENARIOS = \
	tests/scenario/advertise.scn \
	tests/scenario/anycast.scn \
	tests/scenario/classes.scn \
	tests/scenario/clock-behind.scn \
	tests/scenario/clock-restart.scn \
	tests/scenario/clock.scn \
	tests/scenario/cloned-machines.scn \
	tests/scenario/commit.scn \
	tests/scenario/confirm.scn \
	tests/scenario/decrementing.scn \
	tests/scenario/deprecated-prefix.scn \
	tests/scenario/discard.scn \
	tests/scenario/each-prefix.scn \
	tests/scenario/four-messages.scn \
	tests/scenario/fqdn-records.scn \
	tests/scenario/fqdn.scn \
	tests/scenario/information-request.scn \
	tests/scenario/learned-delegation.scn \
	tests/scenario/learned-dns.scn \
	tests/scenario/learned-hosts.scn \
	tests/scenario/learned-overlap.scn \
	tests/scenario/learned-prefix.scn \
	tests/scenario/limits-renumbered.scn \
	tests/scenario/limits-shares.scn \
	tests/scenario/limits.scn \
	tests/scenario/log-identifiers.scn \
	tests/scenario/new-duid.scn \
	tests/scenario/off-link.scn \
	tests/scenario/one-network-two-links.scn \
	tests/scenario/options.scn \
	tests/scenario/other-routers-fields.scn \
	tests/scenario/other-routers.scn \
	tests/scenario/other-servers.scn \
	tests/scenario/per-host-reload.scn \
	tests/scenario/per-host.scn \
	tests/scenario/pools.scn \
	tests/scenario/prefix-delegation.scn \
	tests/scenario/prefix-ended.scn \
	tests/scenario/prefix-exclude.scn \
	tests/scenario/prefix-lengths.scn \
	tests/scenario/prefix-offered.scn \
	tests/scenario/prefix-returns.scn \
	tests/scenario/prefix-room.scn \
	tests/scenario/profiles.scn \
	tests/scenario/rapid-commit.scn \
	tests/scenario/rebind-taken.scn \
	tests/scenario/reconfigure-prefix.scn \
	tests/scenario/reconfigure-restart.scn \
	tests/scenario/reconfigure-stateless.scn \
	tests/scenario/reconfigure.scn \
	tests/scenario/register-undone.scn \
	tests/scenario/register.scn \
	tests/scenario/relay-chain.scn \
	tests/scenario/relay-discard.scn \
	tests/scenario/relay-dns.scn \
	tests/scenario/relay-ldra.scn \
	tests/scenario/relay-options.scn \
	tests/scenario/relay-reload.scn \
	tests/scenario/relay-select.scn \
	tests/scenario/relay.scn \
	tests/scenario/release-decline.scn \
	tests/scenario/renew-rebind.scn \
	tests/scenario/reservation-declined.scn \
	tests/scenario/reservations-by-place.scn \
	tests/scenario/reservations.scn \
	tests/scenario/routed.scn \
	tests/scenario/routes.scn \
	tests/scenario/same-address.scn \
	tests/scenario/sent-again.scn \
	tests/scenario/server-identity.scn \
	tests/scenario/short-prefix.scn \
	tests/scenario/solicited-delay.scn \
	tests/scenario/stateless-leases.scn \
	tests/scenario/two-ias.scn \
	tests/scenario/virtual-source.scn
TESTS += $(SCENARIOS)
EXTRA_DIST += $(SCENARIOS) tests/scenario/README.md

check_PROGRAMS += tests/pcap/replay
tests_pcap_replay_SOURCES = \
	tests/pcap/conversation.c \
	tests/pcap/conversation.h \
	tests/pcap/replay.c \
	$(SIM_SOURCES)
tests_pcap_replay_CPPFLAGS = $(SIM_CPPFLAGS) $(PCAP_CFLAGS)
tests_pcap_replay_LDADD = $(SIM_LDADD) $(PCAP_LIBS)

# What real clients said; scripts/capture records it.
PCAP_LOG_COMPILER = tests/pcap/replay
CAPTURES = \
	tests/pcap/dhclient-decline.pcap \
	tests/pcap/dhclient-moved.pcap \
	tests/pcap/dhclient-prefix.pcap \
	tests/pcap/dhclient-rapid-commit.pcap \
	tests/pcap/dhclient-renew.pcap \
	tests/pcap/dhclient-stateful.pcap \
	tests/pcap/dhclient-stateless.pcap \
	tests/pcap/dhcpcd-confirm.pcap \
	tests/pcap/dhcpcd-prefix.pcap \
	tests/pcap/dhcpcd-stateful.pcap \
	tests/pcap/dibbler.pcap \
	tests/pcap/kernel-slaac.pcap \
	tests/pcap/networkd.pcap \
	tests/pcap/networkmanager.pcap \
	tests/pcap/relay-chain.pcap \
	tests/pcap/wide-dhcp6c.pcap
TESTS += $(CAPTURES)
EXTRA_DIST += $(CAPTURES) $(CAPTURES:.pcap=.yaml) $(CAPTURES:.pcap=.ok) tests/pcap/README.md

# Every reason for a drop is in the manual.
TESTS += tests/docs.sh tests/drops.sh tests/log-lines.sh
EXTRA_DIST += tests/docs.sh tests/drops.sh tests/log-lines.sh
tests/drops.log: docs/sextantd.8

# Configurations that are accepted, with and without warnings, and refused.
TESTS += tests/config/run.sh
EXTRA_DIST += tests/config/run.sh tests/config/good tests/config/warn tests/config/bad

# What a dissector that is not ours reads in our packets.
check_PROGRAMS += tests/tshark/ra_pcap
tests_tshark_ra_pcap_SOURCES = tests/tshark/ra_pcap.c
tests_tshark_ra_pcap_LDADD = libsextant-conf.a libsextant-core.a $(YAML_LIBS)
TESTS += tests/tshark/ra.sh
EXTRA_DIST += tests/tshark/ra.sh

# The fuzz target of relays, with chains and all that comes of changing them.
check_PROGRAMS += tests/fuzz/relay_seeds
TESTS += tests/fuzz/relay_seeds
tests_fuzz_relay_seeds_SOURCES = \
	tests/fuzz/fuzz_relay.c \
	tests/fuzz/relay_seeds.c \
	tests/sim/message.c \
	tests/sim/message.h
tests_fuzz_relay_seeds_CPPFLAGS = $(SIM_CPPFLAGS)
tests_fuzz_relay_seeds_LDADD = libsextant-core.a
