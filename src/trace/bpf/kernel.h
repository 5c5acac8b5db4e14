/* The fields of kernel structures that the programs read. Where each of them really is, the loader finds out from the
 * running kernel's description of its types: only the names have to be right, and the sizes of the values. */
#pragma once
typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef int s32;
typedef unsigned long long u64;
typedef u16 __be16;
typedef u32 __be32;
typedef u16 __u16;
typedef u32 __u32;
typedef u64 __u64;
typedef s32 __s32;
typedef u8 __u8;
typedef short __s16;
typedef long long __s64;
typedef u32 __wsum;

enum { BPF_MAP_TYPE_ARRAY = 2, BPF_MAP_TYPE_PERCPU_ARRAY = 6, BPF_MAP_TYPE_LRU_HASH = 9, BPF_MAP_TYPE_RINGBUF = 27 };
enum { BPF_ANY, BPF_RB_NO_WAKEUP = 1 };

#define KERNEL __attribute__((preserve_access_index))

/* Sixteen bytes as two numbers. Of time nothing is meant: it is a type that every kernel describes. */
struct timespec64 { u64 tv_sec, tv_nsec; } KERNEL;

struct ns_common { u32 inum; } KERNEL;
struct net { struct ns_common ns; } KERNEL;
typedef struct { struct net *net; } possible_net_t;
struct net_device { char name[16]; int ifindex; unsigned short type; possible_net_t nd_net; } KERNEL;

struct in6_addr { u8 bytes[16]; };
struct sock_common {
  u16 skc_family;
  u8 skc_state;
  __be32 skc_daddr, skc_rcv_saddr;
  struct in6_addr skc_v6_daddr, skc_v6_rcv_saddr;
  __be16 skc_dport;
  u16 skc_num;
  possible_net_t skc_net;
} KERNEL;
struct socket { short state; } KERNEL;
struct sock { struct sock_common __sk_common; u16 sk_protocol; struct socket *sk_socket; } KERNEL;
struct inode { unsigned long i_ino; } KERNEL;
struct socket_alloc { struct socket socket; struct inode vfs_inode; } KERNEL;

struct sk_buff {
  union { struct net_device *dev; unsigned long dev_scratch; };
  struct sock *sk;
  unsigned long _nfct;
  unsigned char *head, *data;
  u32 len, data_len, mark, tail, end;
  u16 network_header, mac_header;
  __be16 protocol;
  u16 vlan_tci;
  __be16 vlan_proto;
} KERNEL;
typedef struct { int counter; } atomic_t;
struct skb_shared_info { u16 gso_size, gso_segs; atomic_t dataref; } KERNEL;

struct nf_hook_state { u8 hook, pf; struct net_device *in, *out; struct net *net; } KERNEL;
struct bpf_nf_ctx { const struct nf_hook_state *state; struct sk_buff *skb; };

/* A connection's tuple has one shape in all kernels that have netfilter links: include/net/netfilter/nf_conntrack_tuple.h */
struct nf_conntrack_tuple {
  u8 source[16];
  __be16 source_port;
  u16 l3;
  u8 destination[16];
  __be16 destination_port;
  u8 protocol, direction;
};
struct nf_conntrack_tuple_hash { void *pprev; struct nf_conntrack_tuple tuple; } KERNEL;
struct nf_conn { struct nf_conntrack_tuple_hash tuplehash[2]; unsigned long status; } KERNEL;

struct fib_nh_common { struct net_device *nhc_dev; u8 nhc_gw_family; union { __be32 ipv4; struct in6_addr ipv6; } nhc_gw; } KERNEL;
struct flowi_common { int flowic_iif; } KERNEL;
struct flowi4 { struct flowi_common __fl_common; __be32 saddr, daddr; } KERNEL;

struct net_bridge_port { struct net_device *dev; } KERNEL;
struct net_bridge { struct net_device *dev; } KERNEL;
