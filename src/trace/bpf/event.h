/* A record as it comes out of the kernel. src/trace/record.ts reads it: the two say the same. */
#pragma once
#define ETHERNET 14
/* The most bytes of a packet that a record may have; an inner packet may begin up to 255 bytes later. */
#define WINDOW 512
#define TUPLE 40

enum hook {
  RECEIVE = 1, QUEUE, TRANSMIT, DROP, CONSUME, NETFILTER, TCP, READ, STATE, READY, ROUTE, RETRANSMIT, RESET, ICMP, FULL,
  LEARN, GRO,
};
enum flags { MATCHED = 1, FOLLOWED = 2, SHARED = 4, MATCHED_INSIDE = 8, HAS_LINK_HEADER = 16, MEANWHILE = 32 };

struct counters { u64 events, lost; };

struct event {
  u64 at, skb, head;
  u64 place;                /* 24: the code that dropped or consumed it */
  u64 sock, inode;          /* 32 */
  u32 netns, device;        /* 48: where it is */
  u32 length, mark;         /* 56 */
  u16 hook, flags;          /* 64 */
  u32 detail;               /* 68: what the hook has to say */
  u32 pid, cpu;             /* 72 */
  u16 captured, protocol;   /* 80 */
  u16 tag, tag_protocol;    /* 84 */
  u32 other;                /* 88 */
  u16 segments, references; /* 92 */
  char name[16], task[16];  /* 96 */
  u16 family, local_port, remote_port, transport; /* 128: the socket */
  u8 state, has_connection, connection_state, spare; /* 136 */
  u32 socket_netns;         /* 140 */
  u8 local[16], remote[16]; /* 144 */
  u64 connection;           /* 176 */
  u32 connection_status, spare2; /* 184 */
  u8 original[TUPLE], reply[TUPLE]; /* 192 */
  u8 bytes[WINDOW + 256];   /* 272 */
};
_Static_assert(__builtin_offsetof(struct event, family) == 128, "as record.ts has it");
_Static_assert(__builtin_offsetof(struct event, bytes) == 272, "as record.ts has it");
