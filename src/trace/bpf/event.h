/* A record as it comes out of the kernel. src/trace/record.ts reads it: the two say the same. */
#pragma once
#define ETHERNET 14
/* The most bytes of a packet that a record may have; an inner packet may begin up to 255 bytes later. */
#define WINDOW 512
#define TUPLE 40
/* Of a stack: eight bytes for each function. */
#define STACK (24 * 8)

enum hook {
  RECEIVE = 1, QUEUE, TRANSMIT, DROP, CONSUME, NETFILTER, TCP, READ, STATE, READY, ROUTE, RETRANSMIT, RESET, ICMP, FULL,
  LEARN, GRO,
};
enum flags {
  MATCHED = 1, FOLLOWED = 2, SHARED = 4, MATCHED_INSIDE = 8, HAS_LINK_HEADER = 16, MEANWHILE = 32,
  HAS_SOCKET = 64, HAS_CONNECTION = 128, AS_BEFORE = 256, HAS_STACK = 512,
};

struct counters { u64 events, lost; };

/* What not every event has comes first and last, so that what an event does have is in one piece, which begins with the
 * distance from the start of this structure. */
struct event {
  u32 from_connection;      /* 0 */
  u32 connection_status;
  u64 connection;           /* 8 */
  u8 original[TUPLE], reply[TUPLE]; /* 16 */
  u64 connection_state;     /* 96 */
  u32 from_socket;          /* 104 */
  u16 family, local_port, remote_port, transport; /* 108 */
  u32 state, socket_netns, pid; /* 116 */
  u64 inode;                /* 128 */
  u8 local[16], remote[16]; /* 136 */
  char task[16];            /* 168: who runs on the CPU, as does `pid`, where packets are sent, read and used up */
  u32 from_event;           /* 184 */
  u16 hook, flags;          /* 188 */
  u64 at, skb, head;        /* 192 */
  u64 place;                /* 216: the code that dropped or consumed it */
  u32 netns, device;        /* 224: where it is */
  u32 length, mark;         /* 232 */
  u32 detail, other;        /* 240: what the hook has to say */
  u16 captured, protocol;   /* 248 */
  u16 tag, tag_protocol;    /* 252 */
  u16 segments, references; /* 256 */
  u32 cpu;                  /* 260 */
  char name[16];            /* 264 */
  /* 280: none where they are what they were at the last event of the packet. Behind them the stack, if it was asked for. */
  u8 bytes[WINDOW + 256];
};
#define AT(field) __builtin_offsetof(struct event, field)
_Static_assert(AT(from_socket) == 104 && AT(inode) == 128 && AT(from_event) == 184, "as record.ts has it");
_Static_assert(AT(at) == 192 && AT(name) == 264 && AT(bytes) == 280, "as record.ts has it");
