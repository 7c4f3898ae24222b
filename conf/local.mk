# SPDX-License-Identifier: ISC
# Example configurations, installed as documentation: which one becomes /etc/sextant/sextant.yaml
# is for the operator to say. And the systemd unit, below the prefix, where systemd looks as well.
examplesdir = $(docdir)/examples
dist_examples_DATA = \
	conf/examples/cloned-machines.yaml \
	conf/examples/containers.yaml \
	conf/examples/hypervisor.yaml \
	conf/examples/namespaces.yaml \
	conf/examples/openstack.yaml \
	conf/examples/per-host.yaml \
	conf/examples/prefix-delegation.yaml \
	conf/examples/pxe.yaml \
	conf/examples/relays.yaml \
	conf/examples/slaac.yaml \
	conf/examples/stateful.yaml \
	conf/examples/stateless.yaml \
	conf/examples/uplink.yaml

CONF_UNIT_EDIT = sed -e 's,/usr/sbin/,$(sbindir)/,g' -e 's,/etc/sextant/,$(sysconfdir)/sextant/,g'

systemdunitdir = $(prefix)/lib/systemd/system
nodist_systemdunit_DATA = sextantd.service
sextantd.service: conf/sextantd.service Makefile
	$(AM_V_GEN)$(CONF_UNIT_EDIT) $(srcdir)/conf/sextantd.service >$@.part && mv $@.part $@
CLEANFILES += sextantd.service sextantd.service.part

EXTRA_DIST += conf/sextantd.service conf/start.yaml
