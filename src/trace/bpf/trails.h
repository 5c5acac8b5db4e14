/* Which packets are followed. A table of our own, because it is looked into at every hook, and each packet that matches is put
 * into it and taken out: the kernel's hash tables allocate and lock for that, which took more time than all the rest. Here a
 * place holds two packets, and a third takes that of the one that was not heard of for longest; with a thousand packets under
 * way, that happens to one in two thousand. Nothing is locked: where two CPUs take the same place at once, one of the packets
 * is only followed where it matches. */
#pragma once

#define SETS 15
/* Where an address belongs, by its lower half: the verifier lets a pointer be a number only so. */
#define PLACE(address) ((u32)(address) * 0x9e3779b1U >> (32 - SETS))

struct trail {
  /* The packet's address, and that of its data. */
  u64 skb, head;
  /* The headers that user space knows, in one number, but for its lowest byte: how many events ago the packet matched last. And
   * when user space heard of it. */
  u64 look, heard;
};
struct trails { struct trail way[2]; };
struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(max_entries, 1 << SETS);
  __type(key, u32);
  __type(value, struct trails);
} followed SEC(".maps");

/* The addresses of data that copies may share: one at each place. Few packets are copied. */
struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(max_entries, 1 << (SETS + 1));
  __type(key, u32);
  __type(value, u64);
} shared SEC(".maps");
static __always_inline u64 *shared_at(u64 head) {
  u32 place = (u32)head * 0x9e3779b1U >> (31 - SETS);
  return bpf_map_lookup_elem(&shared, &place);
}
static __always_inline int is_shared(u64 head) {
  u64 *at = shared_at(head);
  return at && *at == head;
}
static __always_inline void share(u64 head) {
  u64 *at = shared_at(head);
  if (at) *at = head;
}
static __always_inline void lose_head(u64 head) {
  u64 *at = shared_at(head);
  if (at && *at == head) *at = 0;
}

/* Is anything followed? Until then nobody looks for it. */
volatile u32 following SEC(".data") = 0;
static __always_inline struct trail *trail_of(u64 skb) {
  u32 place = PLACE(skb);
  struct trails *at = bpf_map_lookup_elem(&followed, &place);
  if (!at) return 0;
  if (at->way[0].skb == skb) return &at->way[0];
  return at->way[1].skb == skb ? &at->way[1] : 0;
}
static __always_inline void lose(u64 skb) {
  struct trail *trail = trail_of(skb);
  if (trail) trail->skb = trail->heard = 0;
}
/* User space forgets a packet that it does not hear of; before it does, it is to have the headers anew. */
#define FORGOTTEN 50000000ULL
/* Some packets are freed where nobody tells, and their addresses given to others, again and again: whoever has not matched for so
 * many events, which are the hooks of forty hosts, is somebody else. */
#define SINCE_MATCH 0xffULL
/* Takes note of what a packet looks like now; says whether user space knows that. */
static __always_inline int follow(u64 skb, u64 head, u64 look, u64 now, int matches) {
  u32 place = PLACE(skb);
  struct trails *at = bpf_map_lookup_elem(&followed, &place);
  if (!at) return 0;
  /* Its own place, or that of the one not heard of for longer. */
  int second = at->way[0].skb != skb && (at->way[1].skb == skb || at->way[1].heard < at->way[0].heard);
  struct trail *trail = second ? &at->way[1] : &at->way[0];
  u64 since = matches || trail->skb != skb ? 0 : (trail->look + 1) & SINCE_MATCH;
  int same = trail->skb == skb && trail->head == head && !((trail->look ^ look) & ~SINCE_MATCH);
  int as_before = same && now - trail->heard < FORGOTTEN;
  if (trail->skb != skb || trail->head != head) share(head);
  trail->skb = skb;
  trail->head = head;
  trail->look = (look & ~SINCE_MATCH) | since;
  trail->heard = now;
  return as_before;
}
/* Is this packet followed, or one that has the same lower half of an address? At some hooks no journey begins: there nobody else
 * is looked at, which costs the others little. */
static __always_inline int is_followed(const struct sk_buff *skb) {
  if (!following) return 0;
  u32 low = (u32)(u64)skb, place = PLACE(low);
  struct trails *at = bpf_map_lookup_elem(&followed, &place);
  if (!at) return 0;
  return (u32)at->way[0].skb == low || (u32)at->way[1].skb == low;
}
