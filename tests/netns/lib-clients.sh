# SPDX-License-Identifier: ISC
# shellcheck shell=dash
#
# Clients beside dhclient: WIDE dhcp6c, dibbler-client, systemd-networkd, NetworkManager and dhcpcd.
# After lib.sh.
#
#	wide_start g1			in the background; returns at once
#	client_stop g1 TERM		as its init system would end it; KILL: as a power cut
#
# What a client remembers is in $T/NAME/state and stays until it is deleted; what it writes is in
# $T/NAME.client.log. DUIDs are made of the link-layer address where the client can be told so.

networkd=/lib/systemd/systemd-networkd
# networkd and NetworkManager wait for udev unless this is read-only.
sys_read_only='mount -o remount,bind,ro /sys'

# client_spawn NAME SETUP COMMAND...: SETUP is a line of shell for mounts, which are the client's own.
client_spawn()
{
	spawn_name=$1 spawn_setup=$2
	shift 2
	mkdir -p "$T/$spawn_name/state"
	ip netns exec "$spawn_name" sh -ec "$spawn_setup"'; exec "$@"' sh "$@" \
		>>"$T/$spawn_name.client.log" 2>&1 &
	echo $! >"$T/$spawn_name/client.pid"
}

# state_over NAME DIR: a setup.
state_over()
{
	echo "mount --bind $T/$1/state $2"
}

# client_stop NAME SIGNAL
client_stop()
{
	stop_pid=$(cat "$T/$1/client.pid")
	kill "-$2" "$stop_pid"
	wait_for 15 "the client in $1 to end" not alive "$stop_pid"
	wait "$stop_pid" 2>/dev/null || true
}

# wide_start NAME: one address, and one prefix for its link lan, which is made here.
wide_start()
{
	cat >"$T/$1/dhcp6c.conf" <<-END
		interface eth0 { send ia-na 0; send ia-pd 0; request domain-name-servers; };
		id-assoc na 0 { };
		id-assoc pd 0 { prefix-interface lan { sla-id 1; sla-len 8; }; };
	END
	ip -n "$1" link show lan >/dev/null 2>&1 || ip -n "$1" link add lan up type bridge
	client_spawn "$1" "$(state_over "$1" /var/lib/dhcpv6)" \
		dhcp6c -f -D -c "$T/$1/dhcp6c.conf" -p "$T/$1/dhcp6c.pid" eth0
}

# wide_ask NAME: settings alone.
wide_ask()
{
	echo 'interface eth0 { information-only; request domain-name-servers; };' \
		>"$T/$1/dhcp6c.conf"
	client_spawn "$1" "$(state_over "$1" /var/lib/dhcpv6)" \
		dhcp6c -f -D -c "$T/$1/dhcp6c.conf" -p "$T/$1/dhcp6c.pid" eth0
}

# $dibbler_options, if set, are more lines of its configuration.
# dibbler_start NAME WHAT...: "ia" an address, "pd" a prefix; nothing: stateless. What stands in
# dibbler_more goes to its configuration. It would replace /etc/resolv.conf by way of a new file in
# /etc.
dibbler_start()
{
	mkdir -p "$T/$1/dibbler"
	dibbler_asks="${2-} ${3-}"
	cat >"$T/$1/dibbler/client.conf" <<-END
		log-level 8
		duid-type duid-ll
		${dibbler_options-}
		$([ -n "${2-}" ] || echo stateless)
		${dibbler_more-}
		iface eth0 {
			$dibbler_asks
			option dns-server
		}
	END
	client_spawn "$1" "$(state_over "$1" /var/lib/dibbler)
		mount --rbind /etc /etc && mount -o remount,bind,ro /etc
		mount --bind $T/$1/dibbler /etc/dibbler
		mount -t tmpfs sextant-test /var/log/dibbler" dibbler-client run
}

# networkd_start NAME: it asks for what the advertisement says.
networkd_start()
{
	mkdir -p "$T/$1/networkd" /run/systemd
	cat >"$T/$1/networkd/eth0.network" <<-END
		[Match]
		Name=eth0
		[Network]
		LinkLocalAddressing=ipv6
		IPv6AcceptRA=yes
		[DHCPv6]
		DUIDType=link-layer
	END
	client_spawn "$1" "$sys_read_only
		mount --bind $T/$1/networkd /etc/systemd/network" \
		env SYSTEMD_LOG_LEVEL=debug SYSTEMD_LOG_TARGET=console "$networkd"
}

# nm_start NAME: NetworkManager, with a D-Bus of its own.
nm_start()
{
	nm_dir=$T/$1/nm
	mkdir -p "$nm_dir/connections" "$nm_dir/conf.d"
	cat >"$nm_dir/bus.conf" <<-END
		<busconfig>
		<type>system</type>
		<listen>unix:path=$nm_dir/bus</listen>
		<policy context="default">
		<allow user="*"/><allow own="*"/><allow send_type="*"/><allow eavesdrop="true"/>
		</policy>
		</busconfig>
	END
	cat >"$nm_dir/connections/eth0.nmconnection" <<-END
		[connection]
		id=eth0
		uuid=5e87a417-0000-4000-8000-000000000001
		type=ethernet
		interface-name=eth0
		[ipv4]
		method=disabled
		[ipv6]
		method=auto
		addr-gen-mode=eui64
		dhcp-duid=ll
	END
	chmod 600 "$nm_dir/connections/eth0.nmconnection"
	cat >"$nm_dir/nm.conf" <<-END
		[main]
		plugins=keyfile
		dhcp=internal
		dns=none
		rc-manager=unmanaged
		hostname-mode=none
		[keyfile]
		path=$nm_dir/connections
	END
	[ -e "$nm_dir/bus" ] ||
		ip netns exec "$1" dbus-daemon --config-file="$nm_dir/bus.conf" --nofork &
	wait_for 10 "D-Bus" test -e "$nm_dir/bus"
	client_spawn "$1" "$sys_read_only; $(state_over "$1" /var/lib/NetworkManager)" \
		env DBUS_SYSTEM_BUS_ADDRESS="unix:path=$nm_dir/bus" NetworkManager --no-daemon \
		--log-level=DEBUG --config="$nm_dir/nm.conf" --config-dir="$nm_dir/conf.d" \
		--system-config-dir="$nm_dir/conf.d" --intern-config="$nm_dir/intern.conf" \
		--state-file="$nm_dir/state" --pid-file="$nm_dir/pid"
}

# dhcpcd_start NAME LINE...: lines of dhcpcd.conf for eth0. It is kept from others that run.
dhcpcd_start()
{
	dhcpcd_guest=$1
	shift
	printf '%s\n' "duid ll" "slaac hwaddr" "script /bin/true" noipv4 nodev "interface eth0" "$@" \
		>"$T/$dhcpcd_guest/dhcpcd.conf"
	mkdir -p /run/dhcpcd
	client_spawn "$dhcpcd_guest" "$(state_over "$dhcpcd_guest" /var/lib/dhcpcd)
		mount -t tmpfs sextant-test /run/dhcpcd" \
		dhcpcd -6 -B -d -f "$T/$dhcpcd_guest/dhcpcd.conf" eth0
}

# listen_start LINK...: from now on what is said on those links of the router is in $T/heard.LINK.
listen_start()
{
	for listen_link; do
		ip netns exec router tcpdump -i "$listen_link" -Z root -n -l -e -v --immediate-mode \
			'udp port 547' >"$T/heard.$listen_link" 2>"$T/tcpdump.$listen_link.log" &
		wait_for 10 "tcpdump" grep -q 'listening on' "$T/tcpdump.$listen_link.log"
	done
}

# said NUMBER MESSAGE [LINK]: whether the guest with that link-layer address sent one.
said()
{
	grep -q -e "$(printf '02:00:00:00:00:%02x' "$1") > .* dhcp6 $2" "$T/heard.${3-br0}"
}

# was_told NUMBER MESSAGE [LINK]: whether it got one.
was_told()
{
	grep -q -e "> $(printf '02:00:00:00:00:%02x' "$1"),.* dhcp6 $2" "$T/heard.${3-br0}"
}

# held NUMBER: what the guest with that link-layer address holds, a line a lease: KIND ADDRESS/LENGTH
held()
{
	db "SELECT kind || ' ' || address || '/' || length FROM lease
		WHERE mac = '$(printf '02:00:00:00:00:%02x' "$1")' AND state = 'active' ORDER BY kind"
}
