# SPDX-License-Identifier: ISC
libsextant_core_a_SOURCES += \
	src/dhcp6/dhcp6_answer.c \
	src/dhcp6/dhcp6_answer.h \
	src/dhcp6/dhcp6_bind.c \
	src/dhcp6/dhcp6_bind.h \
	src/dhcp6/dhcp6_class.c \
	src/dhcp6/dhcp6_class.h \
	src/dhcp6/dhcp6_client.c \
	src/dhcp6/dhcp6_client.h \
	src/dhcp6/dhcp6_conf.h \
	src/dhcp6/dhcp6_drop.c \
	src/dhcp6/dhcp6_drop.h \
	src/dhcp6/dhcp6_exchange.h \
	src/dhcp6/dhcp6_expire.c \
	src/dhcp6/dhcp6_expire.h \
	src/dhcp6/dhcp6_fqdn.c \
	src/dhcp6/dhcp6_fqdn.h \
	src/dhcp6/dhcp6_fqdn_conf.h \
	src/dhcp6/dhcp6_exclude.c \
	src/dhcp6/dhcp6_exclude.h \
	src/dhcp6/dhcp6_handler.c \
	src/dhcp6/dhcp6_handler.h \
	src/dhcp6/dhcp6_hints.c \
	src/dhcp6/dhcp6_hints.h \
	src/dhcp6/dhcp6_host.c \
	src/dhcp6/dhcp6_host.h \
	src/dhcp6/dhcp6_leaseless.c \
	src/dhcp6/dhcp6_leaseless.h \
	src/dhcp6/dhcp6_limits.c \
	src/dhcp6/dhcp6_link.c \
	src/dhcp6/dhcp6_link.h \
	src/dhcp6/dhcp6_log.c \
	src/dhcp6/dhcp6_log.h \
	src/dhcp6/dhcp6_msg.c \
	src/dhcp6/dhcp6_msg.h \
	src/dhcp6/dhcp6_network.c \
	src/dhcp6/dhcp6_option.c \
	src/dhcp6/dhcp6_option.h \
	src/dhcp6/dhcp6_option_put.c \
	src/dhcp6/dhcp6_option_row.h \
	src/dhcp6/dhcp6_option_s46.c \
	src/dhcp6/dhcp6_options.h \
	src/dhcp6/dhcp6_others.c \
	src/dhcp6/dhcp6_others.h \
	src/dhcp6/dhcp6_packet.h \
	src/dhcp6/dhcp6_path.c \
	src/dhcp6/dhcp6_path.h \
	src/dhcp6/dhcp6_pick.c \
	src/dhcp6/dhcp6_pick.h \
	src/dhcp6/dhcp6_port.c \
	src/dhcp6/dhcp6_port.h \
	src/dhcp6/dhcp6_proto.h \
	src/dhcp6/dhcp6_quota.c \
	src/dhcp6/dhcp6_quota.h \
	src/dhcp6/dhcp6_reconf.c \
	src/dhcp6/dhcp6_reconf.h \
	src/dhcp6/dhcp6_register.c \
	src/dhcp6/dhcp6_register.h \
	src/dhcp6/dhcp6_relay.c \
	src/dhcp6/dhcp6_rate.c \
	src/dhcp6/dhcp6_rate.h \
	src/dhcp6/dhcp6_relay.h \
	src/dhcp6/dhcp6_relay_conf.h \
	src/dhcp6/dhcp6_relay_map.c \
	src/dhcp6/dhcp6_relay_map.h \
	src/dhcp6/dhcp6_reserved.c \
	src/dhcp6/dhcp6_reserved.h \
	src/dhcp6/dhcp6_rkap.c \
	src/dhcp6/dhcp6_rkap.h \
	src/dhcp6/dhcp6_server.c \
	src/dhcp6/dhcp6_server.h \
	src/dhcp6/dhcp6_share.c \
	src/dhcp6/dhcp6_share.h \
	src/dhcp6/dhcp6_told.c \
	src/dhcp6/dhcp6_told.h \
	src/dhcp6/dhcp6_unbind.c \
	src/dhcp6/dhcp6_unbind.h \
	src/dhcp6/dhcp6_way.c \
	src/dhcp6/dhcp6_way.h

libsextant_conf_a_SOURCES += \
	src/dhcp6/dhcp6_class_conf.c \
	src/dhcp6/dhcp6_conf.c \
	src/dhcp6/dhcp6_conf_check.c \
	src/dhcp6/dhcp6_fqdn_conf.c \
	src/dhcp6/dhcp6_limits_conf.c \
	src/dhcp6/dhcp6_option_conf.c \
	src/dhcp6/dhcp6_option_conf.h \
	src/dhcp6/dhcp6_relay_conf.c \
	src/dhcp6/dhcp6_s46_conf.c \
	src/dhcp6/dhcp6_s46_conf.h

# A server on a bench with messages and answers as text; scenarios use it too.
dhcp6_rig = \
	tests/unit/dhcp6/peer.c \
	tests/unit/dhcp6/peer.h \
	tests/unit/dhcp6/rig.c \
	tests/unit/dhcp6/rig.h

check_PROGRAMS += tests/unit/dhcp6/test_dhcp6_leaseless
TESTS += tests/unit/dhcp6/test_dhcp6_leaseless
tests_unit_dhcp6_test_dhcp6_leaseless_SOURCES = tests/unit/dhcp6/test_dhcp6_leaseless.c
tests_unit_dhcp6_test_dhcp6_leaseless_LDADD = $(UNIT_LDADD)

check_PROGRAMS += tests/unit/dhcp6/test_dhcp6_msg
TESTS += tests/unit/dhcp6/test_dhcp6_msg
tests_unit_dhcp6_test_dhcp6_msg_SOURCES = \
	tests/unit/dhcp6/peer.c \
	tests/unit/dhcp6/peer.h \
	tests/unit/dhcp6/test_dhcp6_msg.c
tests_unit_dhcp6_test_dhcp6_msg_LDADD = $(UNIT_LDADD)

check_PROGRAMS += tests/unit/dhcp6/test_dhcp6_server
TESTS += tests/unit/dhcp6/test_dhcp6_server
tests_unit_dhcp6_test_dhcp6_server_SOURCES = $(dhcp6_rig) tests/unit/dhcp6/test_dhcp6_server.c
tests_unit_dhcp6_test_dhcp6_server_LDADD = $(UNIT_LDADD)

check_PROGRAMS += tests/unit/dhcp6/test_dhcp6_bind
TESTS += tests/unit/dhcp6/test_dhcp6_bind
tests_unit_dhcp6_test_dhcp6_bind_SOURCES = $(dhcp6_rig) tests/unit/dhcp6/test_dhcp6_bind.c
tests_unit_dhcp6_test_dhcp6_bind_LDADD = $(UNIT_LDADD)

check_PROGRAMS += tests/unit/dhcp6/test_dhcp6_drop
TESTS += tests/unit/dhcp6/test_dhcp6_drop
tests_unit_dhcp6_test_dhcp6_drop_SOURCES = \
	$(dhcp6_rig) \
	tests/unit/base/check_drop.h \
	tests/unit/dhcp6/test_dhcp6_drop.c
tests_unit_dhcp6_test_dhcp6_drop_LDADD = $(UNIT_LDADD)

check_PROGRAMS += tests/unit/dhcp6/test_dhcp6_option
TESTS += tests/unit/dhcp6/test_dhcp6_option
tests_unit_dhcp6_test_dhcp6_option_SOURCES = $(dhcp6_rig) tests/unit/dhcp6/test_dhcp6_option.c
tests_unit_dhcp6_test_dhcp6_option_LDADD = $(UNIT_LDADD)

check_PROGRAMS += tests/unit/dhcp6/test_dhcp6_options
TESTS += tests/unit/dhcp6/test_dhcp6_options
tests_unit_dhcp6_test_dhcp6_options_SOURCES = $(dhcp6_rig) tests/unit/dhcp6/test_dhcp6_options.c
tests_unit_dhcp6_test_dhcp6_options_LDADD = libsextant-conf.a $(UNIT_LDADD) $(YAML_LIBS)

check_PROGRAMS += tests/unit/dhcp6/test_dhcp6_conf
TESTS += tests/unit/dhcp6/test_dhcp6_conf
tests_unit_dhcp6_test_dhcp6_conf_SOURCES = \
	tests/unit/dhcp6/peer.c \
	tests/unit/dhcp6/peer.h \
	tests/unit/dhcp6/test_dhcp6_conf.c
tests_unit_dhcp6_test_dhcp6_conf_LDADD = libsextant-conf.a $(UNIT_LDADD) $(YAML_LIBS)

check_PROGRAMS += tests/unit/dhcp6/test_dhcp6_storm
TESTS += tests/unit/dhcp6/test_dhcp6_storm
tests_unit_dhcp6_test_dhcp6_storm_SOURCES = $(dhcp6_rig) tests/unit/dhcp6/test_dhcp6_storm.c
tests_unit_dhcp6_test_dhcp6_storm_LDADD = $(UNIT_LDADD)

check_PROGRAMS += tests/unit/dhcp6/test_dhcp6_promises
TESTS += tests/unit/dhcp6/test_dhcp6_promises
tests_unit_dhcp6_test_dhcp6_promises_SOURCES = $(dhcp6_rig) tests/unit/dhcp6/test_dhcp6_promises.c
tests_unit_dhcp6_test_dhcp6_promises_LDADD = $(UNIT_LDADD)

check_PROGRAMS += tests/unit/dhcp6/test_dhcp6_exclude
TESTS += tests/unit/dhcp6/test_dhcp6_exclude
tests_unit_dhcp6_test_dhcp6_exclude_SOURCES = \
	tests/unit/dhcp6/peer.c \
	tests/unit/dhcp6/peer.h \
	tests/unit/dhcp6/test_dhcp6_exclude.c
tests_unit_dhcp6_test_dhcp6_exclude_LDADD = $(UNIT_LDADD)

check_PROGRAMS += tests/unit/dhcp6/test_dhcp6_flood
TESTS += tests/unit/dhcp6/test_dhcp6_flood
tests_unit_dhcp6_test_dhcp6_flood_SOURCES = $(dhcp6_rig) tests/unit/dhcp6/test_dhcp6_flood.c
tests_unit_dhcp6_test_dhcp6_flood_LDADD = $(UNIT_LDADD)

check_PROGRAMS += tests/unit/dhcp6/test_dhcp6_rate
TESTS += tests/unit/dhcp6/test_dhcp6_rate
tests_unit_dhcp6_test_dhcp6_rate_SOURCES = \
	tests/unit/dhcp6/peer.c \
	tests/unit/dhcp6/peer.h \
	tests/unit/dhcp6/test_dhcp6_rate.c
tests_unit_dhcp6_test_dhcp6_rate_LDADD = $(UNIT_LDADD)

check_PROGRAMS += tests/unit/dhcp6/test_dhcp6_relay
TESTS += tests/unit/dhcp6/test_dhcp6_relay
tests_unit_dhcp6_test_dhcp6_relay_SOURCES = $(dhcp6_rig) tests/unit/dhcp6/test_dhcp6_relay.c
tests_unit_dhcp6_test_dhcp6_relay_LDADD = $(UNIT_LDADD)

check_PROGRAMS += tests/unit/dhcp6/test_dhcp6_relay_map
TESTS += tests/unit/dhcp6/test_dhcp6_relay_map
tests_unit_dhcp6_test_dhcp6_relay_map_SOURCES = \
	tests/unit/dhcp6/peer.c \
	tests/unit/dhcp6/peer.h \
	tests/unit/dhcp6/test_dhcp6_relay_map.c
tests_unit_dhcp6_test_dhcp6_relay_map_LDADD = $(UNIT_LDADD)

check_PROGRAMS += tests/unit/dhcp6/test_dhcp6_path
TESTS += tests/unit/dhcp6/test_dhcp6_path
tests_unit_dhcp6_test_dhcp6_path_SOURCES = $(dhcp6_rig) tests/unit/dhcp6/test_dhcp6_path.c
tests_unit_dhcp6_test_dhcp6_path_LDADD = $(UNIT_LDADD)
