/* What hooktap sees of packets in the kernel: at each hook point one record for every packet that the user's filter matches,
 * here or at a hook that it passed before. The loader supplies the filter as the function `matches`. */
#include "kernel.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_endian.h>
#include "event.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

/* How many bytes of a packet a record has, from its Ethernet header on. */
const volatile u32 window = 192;
/* Whether the tracepoint kfree_skb tells the socket that a packet was for: since Linux 6.11. */
const volatile u32 drops_name_socket = 0;
/* Are drops to tell who called whom? */
const volatile u32 with_stack = 0;

/* Instructions made from the user's filter: does the packet match that begins so many bytes into the record's? */
extern int matches(struct event *event, u32 from);

struct { __uint(type, BPF_MAP_TYPE_RINGBUF); __uint(max_entries, 1 << 25); } events SEC(".maps");

/* Packets that are followed: by their addresses, each with that of its data, and by the addresses of data that copies share. */
struct trail {
  u64 other;
  /* The headers that user space knows, in one number, and when it heard of the packet. */
  u64 look, heard;
};
struct { __uint(type, BPF_MAP_TYPE_LRU_HASH); __uint(max_entries, 1 << 16); __type(key, u64); __type(value, struct trail); } followed SEC(".maps");
struct fragment { u32 source, destination; u16 id, protocol; };
struct { __uint(type, BPF_MAP_TYPE_LRU_HASH); __uint(max_entries, 1 << 12); __type(key, struct fragment); __type(value, u8); } fragments SEC(".maps");

/* A record is made in memory of the CPU that it happens on; an interrupt may come in between with one of its own. */
#define NESTED 4
struct workplace {
  u32 depth;
  /* How many packets were sent since the current one came in. */
  u32 answers;
  /* The packet that is being received, and its data: what happens to sockets and routes meanwhile is about it. */
  u64 current, current_head;
  struct counters counters;
  /* The packet that was queued last, if nobody wants it: most devices have no queue, and transmit it in the next moment. */
  u64 refused;
  struct event events[NESTED];
};
struct { __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY); __uint(max_entries, 1); __type(key, u32); __type(value, struct workplace); } workplaces SEC(".maps");

/* Is anything followed? Until then nobody looks for it. */
struct { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 1); __type(key, u32); __type(value, u64); } following SEC(".maps");

_Static_assert(__builtin_offsetof(struct workplace, counters) == 24 && sizeof(struct workplace) == 48 + NESTED * 1048, "as hooks.ts has it");

static __always_inline struct workplace *workplace(void) {
  u32 zero = 0;
  return bpf_map_lookup_elem(&workplaces, &zero);
}
static __always_inline struct event *enter(struct workplace *here) {
  u32 depth = here->depth;
  if (depth >= NESTED) {
    here->counters.lost++;
    return 0;
  }
  here->depth = depth + 1;
  return &here->events[depth & (NESTED - 1)];
}
#define leave(here) (here)->depth--

static __always_inline void describe_device(struct event *e, const struct net_device *device) {
  e->device = 0;
  e->netns = 0;
  e->name[0] = 0;
  if (!device) return;
  e->device = device->ifindex;
  struct net *net = device->nd_net.net;
  if (net) e->netns = net->ns.inum;
}
/* The headers of a packet, behind an Ethernet header: its own, or one that has nothing but the type. */
static __always_inline void copy_headers(struct event *e, const struct sk_buff *skb) {
  unsigned char *head = skb->head;
  u32 network = skb->network_header, link = skb->mac_header;
  /* With no, one or two VLAN tags; what is anywhere else is the header of another packet, in this one or around it. */
  u32 own = network - link;
  u32 start = network, made = ETHERNET;
  e->flags = 0;
  if (link != 0xffff && (own == ETHERNET || own == ETHERNET + 4 || own == ETHERNET + 8)) {
    e->flags = HAS_LINK_HEADER;
    start = link;
    made = 0;
  } else {
    u64 *words = (u64 *)e->bytes;
    words[0] = 0;
    *(u32 *)(e->bytes + 8) = 0;
    *(u16 *)(e->bytes + 12) = skb->protocol;
  }
  u32 size = skb->tail - start;
  if (size > window - ETHERNET) size = window - ETHERNET;
  if (size > WINDOW - ETHERNET) size = 0;
  if (size && bpf_probe_read_kernel(e->bytes + (made & 15), size, head + start) < 0) size = 0;
  e->captured = size + made;
  e->protocol = bpf_ntohs(skb->protocol);
  e->tag = skb->vlan_tci;
  e->tag_protocol = bpf_ntohs(skb->vlan_proto);
  u32 before = head + start - skb->data;
  e->length = skb->len - before + made;
  e->skb = (u64)skb;
  e->head = (u64)head;
}
#define PORT(at) bpf_ntohs(*(__be16 *)(e->bytes + (at)))
#define IPV4 (PORT(12) == 0x0800)
/* Where the Ethernet header of a packet in a VXLAN or Geneve packet is; 0: in no such packet. */
static __always_inline u32 inner(struct event *e) {
  u32 udp;
  if (IPV4) {
    if (e->bytes[23] != 17) return 0;
    udp = ETHERNET + (e->bytes[14] & 15) * 4;
  } else {
    if (PORT(12) != 0x86dd || e->bytes[20] != 17) return 0;
    udp = ETHERNET + 40;
  }
  u16 port = PORT(udp + 2);
  if (port == 4789 || port == 8472) return udp + 16;
  if (port == 6081) return udp + 16 + (e->bytes[udp + 8] & 63) * 4;
  return 0;
}
/* Fragments behind the first have no ports that a filter might ask for. */
static __always_inline int of_fragments(struct event *e, int known) {
  if (!IPV4 || e->captured < ETHERNET + 20) return 0;
  u16 place = PORT(20);
  if (!(place & 0x3fff)) return 0;
  struct fragment key = {*(u32 *)(e->bytes + 26), *(u32 *)(e->bytes + 30), *(u16 *)(e->bytes + 18), e->bytes[23]};
  u8 one = 1;
  if (known) bpf_map_update_elem(&fragments, &key, &one, BPF_ANY);
  else return bpf_map_lookup_elem(&fragments, &key) != 0;
  return 1;
}
/* The headers in one number. */
static __always_inline u64 look_of(struct event *e) {
  u32 end = e->captured;
  u64 look = (u64)end << 48 | (u64)e->tag << 16 | e->tag_protocol;
  if (end > WINDOW) return look;
  *(u64 *)(e->bytes + end) = 0;
  for (u32 i = 0; i < WINDOW / 8; i++) {
    if (i * 8 >= window || i * 8 >= end) break;
    look = (look ^ ((u64 *)e->bytes)[i]) * 0x9e3779b97f4a7c15ULL;
    look ^= look >> 29;
  }
  return look;
}
/* User space forgets a packet that it does not hear of; before it does, it is to have the headers anew. */
#define FORGOTTEN 50000000ULL
static __always_inline void follow(struct event *e, struct trail *known) {
  struct trail next = {e->head, look_of(e), e->at};
  if (known && known->other == e->head) {
    if (known->look == next.look && e->at - known->heard < FORGOTTEN) e->flags |= AS_BEFORE;
    *known = next;
    return;
  }
  bpf_map_update_elem(&followed, &e->skb, &next, BPF_ANY);
  next.other = e->skb;
  bpf_map_update_elem(&followed, &e->head, &next, BPF_ANY);
}
/* Does the record of this packet interest the user? It has its headers. */
static __always_inline int wanted(struct event *e) {
  u32 zero = 0;
  u64 *any = bpf_map_lookup_elem(&following, &zero);
  if (!any) return 0;
  struct trail *trail = *any ? bpf_map_lookup_elem(&followed, &e->skb) : 0;
  if (trail) e->flags |= FOLLOWED;
  if (matches(e, 0)) e->flags |= MATCHED;
  if (*any && !trail && bpf_map_lookup_elem(&followed, &e->head)) e->flags |= SHARED;
  if (!(e->flags & (MATCHED | FOLLOWED | SHARED))) {
    u32 at = inner(e);
    if (at && at < 256 && matches(e, at)) e->flags |= MATCHED_INSIDE;
    else if (!of_fragments(e, 0)) return 0;
  }
  if (e->flags & MATCHED) of_fragments(e, 1);
  if (!*any) *any = 1;
  e->at = bpf_ktime_get_ns();
  follow(e, trail);
  return 1;
}
/* Is this packet followed? At some hooks no journey begins: there nobody else is looked at, which costs the others little. */
static __always_inline int is_followed(const struct sk_buff *skb) {
  u32 zero = 0;
  u64 *any = bpf_map_lookup_elem(&following, &zero);
  u64 key = (u64)skb;
  return any && *any && bpf_map_lookup_elem(&followed, &key);
}
static __always_inline void describe_socket(struct event *e, const struct sock *sk) {
  if (!sk) return;
  e->flags |= HAS_SOCKET;
  e->inode = 0;
  u16 family = sk->__sk_common.skc_family;
  e->family = family;
  e->state = sk->__sk_common.skc_state;
  e->transport = sk->sk_protocol;
  struct net *net = sk->__sk_common.skc_net.net;
  if (net) e->socket_netns = net->ns.inum;
  e->local_port = sk->__sk_common.skc_num;
  e->remote_port = bpf_ntohs(sk->__sk_common.skc_dport);
  if (family == 10) {
    bpf_probe_read_kernel(e->local, 16, &sk->__sk_common.skc_v6_rcv_saddr);
    bpf_probe_read_kernel(e->remote, 16, &sk->__sk_common.skc_v6_daddr);
  } else {
    *(u32 *)e->local = sk->__sk_common.skc_rcv_saddr;
    *(u32 *)e->remote = sk->__sk_common.skc_daddr;
  }
  struct socket *socket = sk->sk_socket;
  if (!socket) return;
  struct socket_alloc *whole = (void *)socket - __builtin_preserve_access_index(__builtin_offsetof(struct socket_alloc, socket));
  bpf_probe_read_kernel(&e->inode, 8, __builtin_preserve_access_index(&whole->vfs_inode.i_ino));
}
/* A socket in the middle of a handshake, or none yet, is shorter than this structure: it is none that we may describe. */
static __always_inline int whole_socket(const struct sock *sk) {
  return sk && sk->__sk_common.skc_state != 6 && sk->__sk_common.skc_state != 12;
}
/* User space does not know these headers. */
static __always_inline void say_again(struct event *e) {
  struct trail *trail = bpf_map_lookup_elem(&followed, &e->skb);
  if (trail) trail->look = 0;
}
#define OUTPUT(first) \
  bpf_ringbuf_output(&events, (void *)e + AT(first), AT(bytes) - AT(first) + size, BPF_RB_NO_WAKEUP)
/* With the stack that led here, if `ctx` is given. */
static __always_inline void finish_at(struct event *e, struct workplace *here, u16 hook, void *ctx) {
  e->hook = hook;
  if (here->current) e->flags |= MEANWHILE;
  e->cpu = bpf_get_smp_processor_id();
  if (e->flags & HAS_SOCKET) {
    e->pid = bpf_get_current_pid_tgid() >> 32;
    bpf_get_current_comm(e->task, sizeof e->task);
  }
  here->counters.events++;
  u32 size = e->flags & AS_BEFORE ? 0 : (e->captured + 7) & ~7;
  if (size > WINDOW) size = WINDOW;
  if (ctx && with_stack) {
    long length = bpf_get_stack(ctx, e->bytes + size, STACK, 0);
    if (length > 0) {
      e->flags |= HAS_STACK;
      e->other = length;
      size += STACK;
    }
  }
  e->from_connection = 0;
  e->from_socket = AT(from_socket);
  e->from_event = AT(from_event);
  long result;
  if (e->flags & HAS_CONNECTION) result = OUTPUT(from_connection);
  else if (e->flags & HAS_SOCKET) result = OUTPUT(from_socket);
  else result = OUTPUT(from_event);
  if (result >= 0) return;
  here->counters.lost++;
  say_again(e);
}
static __always_inline void finish(struct event *e, struct workplace *here, u16 hook) {
  finish_at(e, here, hook, 0);
}
static __always_inline void describe_packet(struct event *e, const struct sk_buff *skb, const struct net_device *device) {
  e->mark = skb->mark;
  if (device) bpf_probe_read_kernel_str(e->name, sizeof e->name, device->name);
  struct skb_shared_info *info = (void *)(e->head + skb->end);
  bpf_probe_read_kernel(&e->segments, 2, __builtin_preserve_access_index(&info->gso_segs));
  u32 references = 0;
  bpf_probe_read_kernel(&references, 4, __builtin_preserve_access_index(&info->dataref.counter));
  e->references = references;
}
static __always_inline void clear(struct event *e) {
  e->place = e->inode = 0;
  e->detail = e->other = e->socket_netns = 0;
  e->family = 0;
}
/* A packet at a hook point; what is special about the hook is said between the two halves. */
#define PACKET_HALF(skb, device)                          \
  struct workplace *here = workplace();                   \
  if (!here) return 0;                                    \
  struct event *e = enter(here);                          \
  if (!e) return 0;                                       \
  copy_headers(e, skb);                                   \
  if (!e->protocol || !wanted(e)) {                                       \
    leave(here);                                          \
    return 0;                                             \
  }                                                       \
  clear(e);                                               \
  describe_device(e, device);                             \
  describe_packet(e, skb, device)
#define SEND_HALF(hook)  \
  finish(e, here, hook); \
  leave(here);           \
  return 0

static __always_inline void own_socket(struct event *e, const struct sk_buff *skb) {
  struct sock *sk = skb->sk;
  if (whole_socket(sk)) describe_socket(e, sk);
  if (!e->netns) e->netns = e->socket_netns;
}
SEC("tp_btf/netif_receive_skb")
int BPF_PROG(receive, struct sk_buff *skb) {
  struct workplace *at = workplace();
  if (at) at->current = 0;
  PACKET_HALF(skb, skb->dev);
  here->current = e->skb;
  here->current_head = e->head;
  here->answers = 0;
  SEND_HALF(RECEIVE);
}
SEC("tp_btf/napi_poll")
int BPF_PROG(poll_done) {
  struct workplace *here = workplace();
  if (here) here->current = 0;
  return 0;
}
SEC("tp_btf/napi_gro_receive_entry")
int BPF_PROG(gro, struct sk_buff *skb) {
  PACKET_HALF(skb, skb->dev);
  SEND_HALF(GRO);
}
SEC("tp_btf/net_dev_queue")
int BPF_PROG(queue, struct sk_buff *skb) {
  struct workplace *at = workplace();
  if (at) {
    at->answers++;
    at->refused = (u64)skb;
  }
  PACKET_HALF(skb, skb->dev);
  here->refused = 0;
  own_socket(e, skb);
  SEND_HALF(QUEUE);
}
SEC("tp_btf/net_dev_start_xmit")
int BPF_PROG(transmit, struct sk_buff *skb, struct net_device *device) {
  struct workplace *at = workplace();
  if (at && at->refused == (u64)skb) return 0;
  PACKET_HALF(skb, device);
  SEND_HALF(TRANSMIT);
}
static __always_inline void forget(struct workplace *here, struct event *e) {
  bpf_map_delete_elem(&followed, &e->skb);
  if ((e->references & 0xffff) <= 1) bpf_map_delete_elem(&followed, &e->head);
  if (here->current == e->skb) here->current = 0;
}
SEC("tp_btf/kfree_skb")
int BPF_PROG(drop, struct sk_buff *skb, void *location, int reason) {
  PACKET_HALF(skb, skb->dev);
  own_socket(e, skb);
  if (drops_name_socket) {
    struct sock *sk = (struct sock *)ctx[3];
    if (whole_socket(sk)) describe_socket(e, sk);
  }
  if (!e->netns) e->netns = e->socket_netns;
  e->place = (u64)location;
  e->detail = reason;
  forget(here, e);
  finish_at(e, here, DROP, ctx);
  leave(here);
  return 0;
}
SEC("tp_btf/consume_skb")
int BPF_PROG(consume, struct sk_buff *skb, void *location) {
  if (!is_followed(skb)) return 0;
  PACKET_HALF(skb, skb->dev);
  own_socket(e, skb);
  /* Who takes it tells to whom it goes. */
  e->flags |= HAS_SOCKET;
  e->place = (u64)location;
  e->other = here->answers;
  forget(here, e);
  SEND_HALF(CONSUME);
}
/* A segment comes to an established connection. Nothing tells when it is freed. */
SEC("tp_btf/tcp_probe")
int BPF_PROG(tcp, struct sock *sk, struct sk_buff *skb) {
  PACKET_HALF(skb, skb->dev);
  describe_socket(e, sk);
  if (!e->netns) e->netns = e->socket_netns;
  forget(here, e);
  SEND_HALF(TCP);
}
SEC("tp_btf/skb_copy_datagram_iovec")
int BPF_PROG(read, struct sk_buff *skb, int length) {
  struct sock *sk = skb->sk;
  if (!sk || !is_followed(skb)) return 0;
  PACKET_HALF(skb, 0);
  own_socket(e, skb);
  e->detail = length;
  SEND_HALF(READ);
}
SEC("tp_btf/tcp_retransmit_skb")
int BPF_PROG(retransmit, struct sock *sk, struct sk_buff *skb) {
  PACKET_HALF(skb, 0);
  describe_socket(e, sk);
  e->netns = e->socket_netns;
  finish(e, here, RETRANSMIT);
  /* It is about the packet that is kept, and no step of any. */
  say_again(e);
  leave(here);
  return 0;
}
SEC("tp_btf/tcp_send_reset")
int BPF_PROG(reset, struct sock *sk, struct sk_buff *skb) {
  if (!skb) return 0;
  PACKET_HALF(skb, skb->dev);
  SEND_HALF(RESET);
}
SEC("tp_btf/icmp_send")
int BPF_PROG(icmp, struct sk_buff *skb, int type, int code) {
  PACKET_HALF(skb, skb->dev);
  e->detail = type << 8 | (code & 0xff);
  SEND_HALF(ICMP);
}
SEC("tp_btf/sock_rcvqueue_full")
int BPF_PROG(full, struct sock *sk, struct sk_buff *skb) {
  PACKET_HALF(skb, skb->dev);
  if (whole_socket(sk)) describe_socket(e, sk);
  if (!e->netns) e->netns = e->socket_netns;
  SEND_HALF(FULL);
}
/* What happens while a followed packet is being received: the record has no headers, and says which packet that is. */
#define MEANWHILE_HALF()                \
  struct workplace *here = workplace(); \
  if (!here || !here->current) return 0; \
  struct event *e = enter(here);        \
  if (!e) return 0;                     \
  clear(e);                             \
  e->skb = here->current;               \
  e->head = here->current_head;         \
  e->captured = e->flags = 0;           \
  e->at = bpf_ktime_get_ns();           \
  e->device = e->netns = e->length = 0; \
  e->name[0] = 0

SEC("tp_btf/sk_data_ready")
int BPF_PROG(ready, struct sock *sk) {
  u16 family = sk->__sk_common.skc_family;
  if (family != 2 && family != 10) return 0;
  MEANWHILE_HALF();
  describe_socket(e, sk);
  e->netns = e->socket_netns;
  SEND_HALF(READY);
}
SEC("tp_btf/inet_sock_set_state")
int BPF_PROG(state, struct sock *sk, int before, int after) {
  MEANWHILE_HALF();
  describe_socket(e, sk);
  e->netns = e->socket_netns;
  e->detail = before << 8 | (after & 0xff);
  SEND_HALF(STATE);
}
SEC("tp_btf/fib_table_lookup")
int BPF_PROG(route, u32 table, struct flowi4 *flow, struct fib_nh_common *next, int error) {
  MEANWHILE_HALF();
  e->detail = error;
  e->other = table;
  e->flags |= HAS_SOCKET;
  e->family = 2;
  *(u32 *)e->remote = flow->daddr;
  *(u32 *)e->local = 0;
  if (next) {
    struct net_device *device = next->nhc_dev;
    describe_device(e, device);
    if (device) bpf_probe_read_kernel_str(e->name, sizeof e->name, device->name);
    *(u32 *)e->local = next->nhc_gw.ipv4;
  }
  SEND_HALF(ROUTE);
}
SEC("tp_btf/br_fdb_update")
int BPF_PROG(learn, struct net_bridge *bridge, struct net_bridge_port *port, const unsigned char *address, u16 vlan) {
  MEANWHILE_HALF();
  if (port) {
    struct net_device *device = port->dev;
    describe_device(e, device);
    if (device) bpf_probe_read_kernel_str(e->name, sizeof e->name, device->name);
  }
  e->other = vlan;
  SEND_HALF(LEARN);
}
static __always_inline void describe_connection(struct event *e, const struct sk_buff *skb) {
  struct nf_conn *connection = (void *)(skb->_nfct & ~7UL);
  if (!connection) return;
  e->connection = (u64)connection;
  e->connection_state = skb->_nfct & 7;
  /* Its record has the socket's part, too. */
  e->flags |= HAS_CONNECTION;
  bpf_probe_read_kernel(e->original, TUPLE, __builtin_preserve_access_index(&connection->tuplehash[0].tuple));
  bpf_probe_read_kernel(e->reply, TUPLE, __builtin_preserve_access_index(&connection->tuplehash[1].tuple));
  bpf_probe_read_kernel(&e->connection_status, 4, __builtin_preserve_access_index(&connection->status));
}
#define ACCEPT 1
static __always_inline int netfilter(struct bpf_nf_ctx *ctx) {
  const struct nf_hook_state *state = ctx->state;
  struct sk_buff *skb = ctx->skb;
  struct workplace *here = workplace();
  if (!here) return ACCEPT;
  struct event *e = enter(here);
  if (!e) return ACCEPT;
  copy_headers(e, skb);
  if (wanted(e)) {
    const struct net_device *in = state->in, *out = state->out;
    clear(e);
    describe_device(e, in ? in : out);
    describe_packet(e, skb, in ? in : out);
    if (in && out) e->other = out->ifindex;
    struct net *net = state->net;
    e->netns = net->ns.inum;
    e->detail = state->hook | state->pf << 8;
    describe_connection(e, skb);
    if (!in && out) own_socket(e, skb);
    finish(e, here, NETFILTER);
  }
  leave(here);
  return ACCEPT;
}
SEC("netfilter")
int before(struct bpf_nf_ctx *ctx) {
  return netfilter(ctx);
}
/* Behind everything that is at the hook. What matches only now is found at the next one. */
SEC("netfilter/behind")
int behind(struct bpf_nf_ctx *ctx) {
  if (!is_followed(ctx->skb)) return ACCEPT;
  return netfilter(ctx);
}
