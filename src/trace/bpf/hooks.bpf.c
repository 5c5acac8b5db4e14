/* What hooktap sees of packets in the kernel: at each hook point one record for every packet that the user's filter matches,
 * here or at a hook that it passed before. The loader supplies the filter as the function `matches`. */
#include "kernel.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_endian.h>
#include "event.h"
#include "record.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

/* A packet at a hook point; what is special about the hook is said between the two halves. */
#define PACKET_HALF(skb, device) PACKET_HALF_OF(skb, device, 1)
/* The same where no journey begins: the packet was at another hook before. */
#define FOLLOWED_HALF(skb, device) PACKET_HALF_OF(skb, device, 0)
#define PACKET_HALF_OF(skb, device, begins) \
  struct workplace *here = workplace();     \
  if (!here) return 0;                      \
  skb = (void *)AS(struct sk_buff, skb);    \
  DESCRIBE_HALF(skb, device, begins)
/* At hooks that many packets come by, those that do not match are read as what the kernel vouches for: then it does not check each
 * address that is read. */
#define DESCRIBE_HALF(skb, device, begins) \
  if (!skb->protocol) return 0;            \
  struct event *e = enter(here);           \
  if (!e) return 0;                        \
  if (!wanted(e, skb, begins)) {           \
    leave(here);                           \
    return 0;                              \
  }                                        \
  skb = (void *)AS(struct sk_buff, skb);   \
  clear(e);                                \
  describe_device(e, device);              \
  describe_packet(e, skb)
#define SEND_HALF(hook)       \
  finish(e, here, hook, ctx); \
  leave(here);                \
  return 0

static __always_inline void own_socket(struct event *e, const struct sk_buff *skb) {
  struct sock *sk = skb->sk;
  if (whole_socket(sk)) describe_socket(e, sk);
  if (!e->netns) e->netns = e->socket_netns;
}
/* Most of what netfilter has to say of a connection is what it said of its last packet: the whole of it is told when it is new,
 * or its status is, which tells whether NAT has seen it. */
static __always_inline void describe_connection(struct event *e, const struct sk_buff *skb) {
  struct nf_conn *connection = (void *)(skb->_nfct & ~7UL);
  if (!connection) return;
  u32 status = long_at(__builtin_preserve_access_index(&connection->status));
  if (is_told((u64)connection, status)) return;
  e->connection = (u64)connection;
  e->connection_status = status;
  e->connection_state = skb->_nfct & 7;
  /* Its record has the socket's part, too. */
  e->flags |= HAS_CONNECTION;
  bpf_probe_read_kernel(e->original, TUPLE, __builtin_preserve_access_index(&connection->tuplehash[0].tuple));
  bpf_probe_read_kernel(e->reply, TUPLE, __builtin_preserve_access_index(&connection->tuplehash[1].tuple));
}
/* It was told of in a record that was lost. */
static __always_inline void connection_unknown(struct event *e) {
  if (!(e->flags & HAS_CONNECTION)) return;
  u64 *known = told_at(e->connection);
  if (known) *known = 0;
}
/* Sockets of UDP keep something else where a packet has its device, which is no address of the kernel: to read there would be a fault,
 * and cost more than all the rest. */
#define device_of(skb) ((long)(skb)->dev_scratch < 0 ? (skb)->dev : 0)
SEC("tp_btf/netif_receive_skb")
int BPF_PROG(receive, struct sk_buff *skb) {
  struct workplace *here = workplace();
  if (!here) return 0;
  here->current = 0;
  here->refused = (u64)skb;
  DESCRIBE_HALF(skb, skb->dev, 1);
  here->refused = 0;
  here->current = e->skb;
  here->current_head = e->head;
  here->current_device = e->device;
  here->current_stack = (u64)ctx;
  here->answers = 0;
  SEND_HALF(RECEIVE);
}
SEC("tp_btf/napi_gro_receive_entry")
int BPF_PROG(gro, struct sk_buff *skb) {
  PACKET_HALF(skb, skb->dev);
  SEND_HALF(GRO);
}
SEC("tp_btf/net_dev_queue")
int BPF_PROG(queue, struct sk_buff *skb) {
  struct workplace *here = workplace();
  if (!here) return 0;
  here->answers++;
  here->refused = (u64)skb;
  DESCRIBE_HALF(skb, skb->dev, 1);
  here->refused = 0;
  /* What translated it at the last hook is known by now. */
  describe_connection(e, skb);
  own_socket(e, skb);
  if (!finish(e, here, QUEUE, ctx)) connection_unknown(e);
  leave(here);
  return 0;
}
SEC("tp_btf/net_dev_start_xmit")
int BPF_PROG(transmit, struct sk_buff *skb, struct net_device *device) {
  struct workplace *here = workplace();
  if (!here || here->refused == (u64)skb) return 0;
  DESCRIBE_HALF(skb, device, 1);
  SEND_HALF(TRANSMIT);
}
static __always_inline void forget(struct workplace *here, struct event *e) {
  lose(e->skb);
  if ((e->references & 0xffff) <= 1) lose_head(e->head);
  if (here->current == e->skb) here->current = 0;
}
SEC("tp_btf/kfree_skb")
int BPF_PROG(drop, struct sk_buff *skb, void *location, int reason) {
  PACKET_HALF(skb, device_of(skb));
  own_socket(e, skb);
  if (drops_name_socket) {
    struct sock *sk = (struct sock *)ctx[3];
    if (whole_socket(sk)) describe_socket(e, sk);
  }
  if (!e->netns) e->netns = e->socket_netns;
  e->place = (u64)location;
  e->detail = reason;
  forget(here, e);
  finish_with_stack(e, here, DROP, ctx);
  leave(here);
  return 0;
}
SEC("tp_btf/consume_skb")
int BPF_PROG(consume, struct sk_buff *skb, void *location) {
  if (!is_followed(skb)) return 0;
  FOLLOWED_HALF(skb, device_of(skb));
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
  if (!is_followed(skb) || !AS(struct sk_buff, skb)->sk) return 0;
  FOLLOWED_HALF(skb, 0);
  own_socket(e, skb);
  e->detail = length;
  SEND_HALF(READ);
}
SEC("tp_btf/tcp_retransmit_skb")
int BPF_PROG(retransmit, struct sock *sk, struct sk_buff *skb) {
  PACKET_HALF(skb, 0);
  describe_socket(e, sk);
  e->netns = e->socket_netns;
  finish(e, here, RETRANSMIT, ctx);
  /* It is about the packet that is kept, and no step of any. */
  say_again(e);
  leave(here);
  return 0;
}
SEC("tp_btf/tcp_send_reset")
int BPF_PROG(reset, struct sock *sk, struct sk_buff *skb) {
  if (!skb) return 0;
  FOLLOWED_HALF(skb, skb->dev);
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
  FOLLOWED_HALF(skb, skb->dev);
  if (whole_socket(sk)) describe_socket(e, sk);
  if (!e->netns) e->netns = e->socket_netns;
  SEND_HALF(FULL);
}
/* What happens while a followed packet is being received: the record has no headers, and says which packet that is. */
#define MEANWHILE_HALF() \
  WHILE_RECEIVED();      \
  BEGIN_MEANWHILE()
#define WHILE_RECEIVED()                \
  if (!following) return 0;             \
  struct workplace *here = workplace(); \
  if (!here || !receives(here, ctx)) return 0
#define BEGIN_MEANWHILE()                      \
  struct event *e = enter(here);               \
  if (!e) return 0;                            \
  clear(e);                                    \
  e->skb = here->current;                      \
  e->head = here->current_head;                \
  e->captured = e->flags = 0;                  \
  e->at = bpf_ktime_get_ns();                  \
  e->device = e->netns = e->length = 0;        \
  e->name[0] = 0

SEC("tp_btf/sk_data_ready")
int BPF_PROG(ready, struct sock *sk) {
  if (!following) return 0;
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
/* Most often that a packet has arrived: of that, and of questions without an answer, nobody wants to hear. */
SEC("tp_btf/fib_table_lookup")
int BPF_PROG(route, u32 table, struct flowi4 *flow, struct fib_nh_common *next, int error) {
  if (error) return 0;
  WHILE_RECEIVED();
  if (next) {
    const struct fib_nh_common *way = AS(struct fib_nh_common, next);
    const struct net_device *device = way->nhc_dev;
    if (device && !way->nhc_gw.ipv4 && AS(struct net_device, device)->ifindex == here->current_device) return 0;
  }
  BEGIN_MEANWHILE();
  e->detail = error;
  e->other = table;
  e->flags |= HAS_SOCKET;
  e->family = 2;
  *(u32 *)e->remote = flow->daddr;
  *(u32 *)e->local = 0;
  if (next) {
    next = (void *)AS(struct fib_nh_common, next);
    describe_device(e, next->nhc_dev);
    *(u32 *)e->local = next->nhc_gw.ipv4;
  }
  SEND_HALF(ROUTE);
}
SEC("tp_btf/br_fdb_update")
int BPF_PROG(learn, struct net_bridge *bridge, struct net_bridge_port *port, const unsigned char *address, u16 vlan) {
  MEANWHILE_HALF();
  if (port) describe_device(e, AS(struct net_bridge_port, port)->dev);
  e->other = vlan;
  SEND_HALF(LEARN);
}
#define ACCEPT 1
enum { PRE_ROUTING, LOCAL_IN, FORWARD, LOCAL_OUT, POST_ROUTING };
static __always_inline int netfilter(struct bpf_nf_ctx *ctx, int behind) {
  struct workplace *here = workplace();
  if (!here) return ACCEPT;
  u32 point = ctx->state->hook;
  u64 refused = here->refused, packet = (u64)ctx->skb;
  if (refused == packet && (point == PRE_ROUTING || point == POST_ROUTING)) return ACCEPT;
  here->refused = point == FORWARD ? packet : 0;
  struct event *e = enter(here);
  if (!e) return ACCEPT;
  if (wanted(e, ctx->skb, 1)) {
    here->refused = 0;
    const struct sk_buff *skb = AS(struct sk_buff, ctx->skb);
    describe_connection(e, skb);
    /* What is behind the hook as it was before it is told already. */
    if (behind && (e->flags & (AS_BEFORE | HAS_CONNECTION)) == AS_BEFORE) {
      leave(here);
      return ACCEPT;
    }
    const struct nf_hook_state *state = AS(struct nf_hook_state, ctx->state);
    const struct net_device *in = state->in, *out = state->out;
    clear(e);
    describe_device(e, in ? in : out);
    describe_packet(e, skb);
    if (in && out) e->other = out->ifindex;
    struct net *net = state->net;
    e->netns = net->ns.inum;
    e->detail = state->hook | state->pf << 8;
    if (here->current == e->skb) here->current_device = e->device;
    if (!in && out) own_socket(e, skb);
    if (!finish(e, here, NETFILTER, ctx)) connection_unknown(e);
  }
  leave(here);
  return ACCEPT;
}
SEC("netfilter")
int before(struct bpf_nf_ctx *ctx) {
  return netfilter(ctx, 0);
}
/* Behind everything that is at the hook: where no other follows that would show what was done to the packet. */
SEC("netfilter/behind")
int behind(struct bpf_nf_ctx *ctx) {
  return netfilter(ctx, 1);
}
