# Builds a router between two hosts in namespaces of its own, then runs the command that it is given. It needs no rights: it
# is run in a user namespace, with a mount namespace for the names of `ip netns`.
set -eu
mount -t tmpfs none /run
mkdir /run/netns
for n in a r b; do
  ip netns add $n
  ip netns exec $n sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
  ip -n $n link set lo up
done
ip link add a0 netns a type veth peer name r0 netns r
ip link add b0 netns b type veth peer name r1 netns r
for each in a/a0/10.71.0.2 r/r0/10.71.0.1 b/b0/10.72.0.2 r/r1/10.72.0.1; do
  IFS=/ read -r netns device address <<X
$each
X
  ip -n $netns addr add $address/24 dev $device
  ip -n $netns link set $device up
done
ip -n a route add default via 10.71.0.1
ip -n b route add default via 10.72.0.1
ip netns exec r sysctl -qw net.ipv4.ip_forward=1
ip netns exec r nft -f - <<X
table ip nat {
  chain pre {
    type nat hook prerouting priority dstnat
    tcp dport 8080 dnat to 10.72.0.2:80
  }
  chain post {
    type nat hook postrouting priority srcnat
    tcp dport 80 masquerade
  }
}
table inet wall {
  chain f {
    type filter hook forward priority 0
    udp dport 9 drop comment "no discard"
  }
}
X
ip netns exec a nft -f - <<X
table inet own {
  chain out {
    type filter hook output priority 0
    udp dport 99 drop
  }
}
X
exec "$@"
