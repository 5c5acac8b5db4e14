/* How records of packets are made: what is copied and described, and which packets are worth one. The programs that run at the
 * hook points are in hooks.bpf.c. */
#pragma once
#include "trails.h"

/* How many bytes of a packet a record has, from its Ethernet header on. */
const volatile u32 window = 192;
/* Whether the tracepoint kfree_skb tells the socket that a packet was for: since Linux 6.11. */
const volatile u32 drops_name_socket = 0;
/* Are drops to tell who called whom? */
const volatile u32 with_stack = 0;

/* Whether bpf_rdonly_cast is there: since Linux 6.2. Where it is not, packets are copied before they are looked at. */
const volatile u32 reads_in_place = 0;

/* Tells the verifier of what type something is that it knows less of; what cannot be read then is zero. It costs nothing where
 * the program runs. Where the kernel does not have it, the loader puts a move in its place. */
extern void *bpf_rdonly_cast(const void *address, u32 type) __ksym;
/* Of pointers in structures that the kernel vouches for, the verifier asks what it vouches for there, and searches all names of
 * types for that, each time that it comes by: most of the time that loading took. It does not ask for those of other addresses. */
#define AS(kind, address) ((const kind *)bpf_rdonly_cast(address, __builtin_btf_type_id(*(kind *)0, 1)))
/* Sixteen bytes of memory. How they are aligned does not matter where these programs run, and is not told to the compiler, which
 * would read numbers byte by byte. */
#define AT_ADDRESS(address) ((const void *)AS(struct in6_addr, address))
#define PAIR_AT(address) AS(struct timespec64, address)

/* A number in a structure that the verifier knows nothing of. */
static __always_inline u64 long_at(const void *address) {
  if (reads_in_place) return PAIR_AT(address)->tv_sec;
  u64 value = 0;
  bpf_probe_read_kernel(&value, sizeof value, address);
  return value;
}

/* Instructions made from the user's filter: does this packet match? Of its first 14 bytes it looks at those of `link`. */
extern int matches(struct event *event, const unsigned char *packet, const unsigned char *link, u32 captured);

struct { __uint(type, BPF_MAP_TYPE_RINGBUF); __uint(max_entries, 1 << 25); } events SEC(".maps");

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
  /* Where user space knows it to be. */
  u64 current_device;
  /* The packet that was seen last, if nobody wants it: what comes next is asked for nothing where most packets are the same still.
   * Most devices have no queue, and transmit what was queued; what came in goes to netfilter; and what may be forwarded goes out. */
  u64 refused;
  /* Where on the stack the current one came in, and where the kernel is now. */
  u64 current_stack, stack;
  struct event events[NESTED];
};
struct { __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY); __uint(max_entries, 1); __type(key, u32); __type(value, struct workplace); } workplaces SEC(".maps");

_Static_assert(__builtin_offsetof(struct workplace, counters) == 24 && sizeof(struct workplace) == 72 + NESTED * 1048, "as hooks.ts has it");

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
/* Is the current packet still being received? What that brings about happens on the same stack, deeper than where the packet came
 * in, or not much higher, as the function that told of it returns before its protocol is called. The kernel has no cheaper sign of
 * the end: a program at napi_poll would cost every packet more. User space looks whether what happened can be about the packet. */
#define HIGHER 1024
#define DEEPER 15360
static __always_inline int receives(struct workplace *here, void *ctx) {
  if (!here->current) return 0;
  /* Of memory the verifier knows no more that it is an address, which may not be subtracted. */
  *(void *volatile *)&here->stack = ctx;
  u64 now = *(volatile u64 *)&here->stack;
  return *(volatile u64 *)&here->current_stack + HIGHER - now < HIGHER + DEEPER;
}

static __always_inline void describe_device(struct event *e, const struct net_device *device) {
  e->device = 0;
  e->netns = 0;
  e->name[0] = 0;
  if (!device) return;
  device = AS(struct net_device, device);
  e->device = device->ifindex;
  /* What is behind the name's end does not matter; a copy of fixed length is quicker. */
  if (reads_in_place) {
    const struct timespec64 *name = PAIR_AT(device->name);
    ((u64 *)e->name)[0] = name->tv_sec;
    ((u64 *)e->name)[1] = name->tv_nsec;
  } else bpf_probe_read_kernel(e->name, sizeof e->name, device->name);
  struct net *net = device->nd_net.net;
  if (net) e->netns = net->ns.inum;
}
/* The same value, of which the verifier knows no more how it came about: it looks at what follows once, not once for each way. */
static __always_inline u32 forgotten(volatile u16 *memory, u32 value) {
  *memory = value;
  return *memory;
}
/* A packet from its Ethernet header on: its own, or one that has nothing but the type. */
struct frame {
  /* The Ethernet header; and where it would be if it were in front of the rest. Only behind it the two may differ. */
  const unsigned char *link, *packet;
  u32 captured;
};
/* Finds the headers of a packet. */
static __always_inline void find_headers(struct event *e, const struct sk_buff *skb, struct frame *f) {
  unsigned char *head = skb->head;
  u32 network = skb->network_header, link = skb->mac_header;
  /* With no, one or two VLAN tags; what is anywhere else is the header of another packet, in this one or around it. */
  u32 own = network - link;
  u32 start = network, made = ETHERNET;
  e->flags = 0;
  f->packet = head + network - ETHERNET;
  if (link != 0xffff && (own == ETHERNET || own == ETHERNET + 4 || own == ETHERNET + 8)) {
    e->flags = HAS_LINK_HEADER;
    start = link;
    made = 0;
    f->packet = head + link;
    f->link = AT_ADDRESS(f->packet);
  } else {
    u64 *words = (u64 *)e->bytes;
    words[0] = 0;
    *(u32 *)(e->bytes + 8) = 0;
    *(u16 *)(e->bytes + 12) = skb->protocol;
    f->link = AT_ADDRESS(e->bytes);
  }
  made = forgotten(&e->captured, made);
  u32 size = skb->tail - start;
  if (size > window - ETHERNET) size = window - ETHERNET;
  f->captured = forgotten(&e->captured, size + made);
  e->protocol = bpf_ntohs(skb->protocol);
  e->tag = skb->vlan_tci;
  e->tag_protocol = bpf_ntohs(skb->vlan_proto);
  u32 before = head + start - skb->data;
  e->length = skb->len - before + made;
  e->skb = (u64)skb;
  e->head = (u64)head;
}
/* Takes a copy of them. */
static __always_inline void copy_headers(struct event *e, const struct frame *f) {
  u32 made = e->flags & HAS_LINK_HEADER ? 0 : ETHERNET;
  u32 size = f->captured - made;
  made = forgotten(&e->captured, made);
  if (size > WINDOW - ETHERNET) size = 0;
  if (size && bpf_probe_read_kernel(e->bytes + (made & 15), size, f->packet + made) < 0) size = 0;
  e->captured = size + made;
}
static __always_inline u8 byte_at(const struct frame *f, u32 at) {
  return *(const u8 *)AT_ADDRESS(f->packet + at);
}
static __always_inline u16 port_at(const struct frame *f, u32 at) {
  return bpf_ntohs(*(const __be16 *)AT_ADDRESS(f->packet + at));
}
static __always_inline u32 word_at(const struct frame *f, u32 at) {
  return *(const u32 *)AT_ADDRESS(f->packet + at);
}
static __always_inline u16 type_of(const struct frame *f) {
  return bpf_ntohs(*(const __be16 *)(f->link + 12));
}
/* The part of IPv4's header with the fragment's place, time to live and protocol, as it lies there; 0: the packet has none. */
static __always_inline u32 middle_of(const struct frame *f) {
  return type_of(f) == 0x0800 && f->captured >= ETHERNET + 20 ? word_at(f, 20) : 0;
}
#define PROTOCOL(middle) ((middle) >> 24)
#define IS_FRAGMENT(middle) ((middle) & 0xff3f)
/* Where the Ethernet header of a packet in a VXLAN or Geneve packet is; 0: in no such packet. */
static __always_inline u32 inner(const struct frame *f, u32 middle) {
  u32 udp;
  if (middle) {
    if (PROTOCOL(middle) != 17) return 0;
    udp = ETHERNET + (byte_at(f, 14) & 15) * 4;
  } else {
    if (type_of(f) != 0x86dd || byte_at(f, 20) != 17) return 0;
    udp = ETHERNET + 40;
  }
  if (udp + 16 > f->captured) return 0;
  u16 port = port_at(f, udp + 2);
  if (port == 4789 || port == 8472) return udp + 16;
  if (port == 6081) return udp + 16 + (byte_at(f, udp + 8) & 63) * 4;
  return 0;
}
/* Fragments behind the first have no ports that a filter might ask for. */
static __always_inline int of_fragments(const struct frame *f, u32 middle, int known) {
  if (!IS_FRAGMENT(middle)) return 0;
  struct fragment key = {word_at(f, 26), word_at(f, 30), port_at(f, 18), PROTOCOL(middle)};
  u8 one = 1;
  if (known) bpf_map_update_elem(&fragments, &key, &one, BPF_ANY);
  else return bpf_map_lookup_elem(&fragments, &key) != 0;
  return 1;
}
#define TAKE_PAIR(first, second)                                                      \
  const struct timespec64 *pair = PAIR_AT(f->packet + at);                            \
  u64 first = pair->tv_sec & own, second = (pair->tv_nsec & own_type) | type;         \
  ((u64 *)(e->bytes + at))[0] = first;                                                \
  ((u64 *)(e->bytes + at))[1] = second
#define MIXED(even, odd, first, second)              \
  even = (even ^ (first)) * 0x9e3779b97f4a7c15ULL;   \
  odd = (odd ^ (second)) * 0xc2b2ae3d27d4eb4fULL;    \
  even ^= even >> 29;                                \
  odd ^= odd >> 31
/* Copies the headers, and has them and what else is compared from step to step in one number. Two words at a time: neither
 * multiplication waits for the other. There is no choice in the loop, of which the verifier would follow each way to its end. */
static __always_inline u64 take_headers(struct event *e, const struct frame *f, u32 mark) {
  u32 end = f->captured, at = 0;
  u64 even = (u64)end << 48 | (u64)e->tag << 16 | e->tag_protocol, odd = (u64)e->length << 32 | mark;
  /* A header that was made is zeros and the type. */
  u64 own = e->flags & HAS_LINK_HEADER ? ~0ULL : 0, own_type = own | 0xffffULL << 48;
  u64 type = *(u64 *)(e->bytes + 8) & ~own_type;
  for (; at < WINDOW; at += 16) {
    if (at >= window || at + 16 > end) break;
    TAKE_PAIR(first, second);
    own = own_type = ~0ULL;
    type = 0;
    MIXED(even, odd, first, second);
  }
  at = forgotten(&e->captured, at) & (WINDOW - 16);
  e->captured = end;
  u32 left = end - at;
  if (left && left < 16) {
    TAKE_PAIR(first, second);
    /* What is behind the end is none of it. */
    second = left > 8 ? second << (128 - 8 * left) : 0;
    if (left < 8) first <<= 64 - 8 * left;
    MIXED(even, odd, first, second);
  }
  return even ^ odd << 1;
}
/* Does this packet interest the user? Then its record has its headers. Where no journey begins, nobody asks the filter. */
static __always_inline int wanted(struct event *e, const struct sk_buff *skb, int begins) {
  struct frame f;
  find_headers(e, skb, &f);
  if (!reads_in_place) {
    copy_headers(e, &f);
    f.packet = f.link = e->bytes;
    f.captured = e->captured;
  }
  struct trail *trail = following ? trail_of(e->skb) : 0;
  if (trail) e->flags |= FOLLOWED;
  if (begins && matches(e, f.packet, f.link, f.captured)) e->flags |= MATCHED;
  else if (trail && (trail->look & SINCE_MATCH) == SINCE_MATCH) {
    lose(e->skb);
    lose_head(e->head);
    return 0;
  }
  if (following && !(e->flags & FOLLOWED) && is_shared(e->head)) e->flags |= SHARED;
  if (!(e->flags & (MATCHED | FOLLOWED | SHARED))) {
    if (!begins) return 0;
    u32 middle = middle_of(&f), at = inner(&f, middle);
    if (at && at < 256 && at < f.captured && matches(e, f.packet + at, AT_ADDRESS(f.packet + at), f.captured - at))
      e->flags |= MATCHED_INSIDE;
    else if (!of_fragments(&f, middle, 0)) return 0;
  }
  if (e->flags & MATCHED) of_fragments(&f, middle_of(&f), 1);
  if (!following) following = 1;
  e->at = bpf_ktime_get_ns();
  if (follow(e->skb, e->head, take_headers(e, &f, skb->mark), e->at, e->flags & (MATCHED | MATCHED_INSIDE))) e->flags |= AS_BEFORE;
  return 1;
}
static __always_inline void describe_socket(struct event *e, const struct sock *sk) {
  if (!sk) return;
  sk = AS(struct sock, sk);
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
  e->inode = long_at(__builtin_preserve_access_index(&whole->vfs_inode.i_ino));
}
/* A socket in the middle of a handshake, or none yet, is shorter than this structure: it is none that we may describe. */
static __always_inline int whole_socket(const struct sock *sk) {
  return sk && sk->__sk_common.skc_state != 6 && sk->__sk_common.skc_state != 12;
}
/* User space does not know these headers. */
static __always_inline void say_again(struct event *e) {
  struct trail *trail = trail_of(e->skb);
  if (trail) trail->look = 0;
}
/* Connections that user space knows, each with its status: one at each place. */
#define CONNECTIONS 12
struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(max_entries, 1 << CONNECTIONS);
  __type(key, u32);
  __type(value, u64);
} told SEC(".maps");
static __always_inline u64 *told_at(u64 connection) {
  u32 place = (u32)connection * 0x9e3779b1U >> (32 - CONNECTIONS);
  return bpf_map_lookup_elem(&told, &place);
}
/* Is this known already? From now on it is. */
static __always_inline int is_told(u64 connection, u32 status) {
  u64 *at = told_at(connection), now = connection ^ (u64)status << 40;
  if (!at) return 0;
  int known = *at == now;
  *at = now;
  return known;
}
#define OUTPUT(first) \
  bpf_ringbuf_output(&events, (void *)e + AT(first), AT(bytes) - AT(first) + size, BPF_RB_NO_WAKEUP)
static __always_inline int send(struct event *e, struct workplace *here, u16 hook, void *ctx, u32 stack) {
  e->hook = hook;
  if (receives(here, ctx)) e->flags |= MEANWHILE;
  e->cpu = bpf_get_smp_processor_id();
  /* Elsewhere it is nobody who has to do with the packet. */
  e->pid = 0;
  if (e->flags & HAS_SOCKET && (hook == QUEUE || hook == READ || hook == CONSUME)) {
    e->pid = bpf_get_current_pid_tgid() >> 32;
    bpf_get_current_comm(e->task, sizeof e->task);
  }
  here->counters.events++;
  u32 size = e->flags & AS_BEFORE ? 0 : (e->captured + 7) & ~7;
  if (size > WINDOW) size = WINDOW;
  if (stack) {
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
  if (result >= 0) return 1;
  here->counters.lost++;
  say_again(e);
  return 0;
}
/* 0: the record was lost. */
static __always_inline int finish(struct event *e, struct workplace *here, u16 hook, void *ctx) {
  return send(e, here, hook, ctx, 0);
}
/* If the user wants to know, with what led here. */
static __always_inline int finish_with_stack(struct event *e, struct workplace *here, u16 hook, void *ctx) {
  return send(e, here, hook, ctx, with_stack);
}
static __always_inline void describe_packet(struct event *e, const struct sk_buff *skb) {
  e->mark = skb->mark;
  struct skb_shared_info *info = (void *)(e->head + skb->end);
  if (reads_in_place) {
    const struct skb_shared_info *shared = AS(struct skb_shared_info, info);
    e->segments = shared->gso_segs;
    e->references = shared->dataref.counter;
    return;
  }
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
