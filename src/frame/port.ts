/** Where packets come from: a device, an interface of a pcapng file, or the one link of a pcap file. */
export interface Port {
  /** As the system or the file calls it; text from a file is hostile. */
  readonly name: string | undefined;
  /** What the packets begin with: a number of the LINKTYPE registry. */
  readonly linkType: number;
  /** No packet was captured longer than this; 0: no limit is known. */
  readonly snaplen: number;
  /** Are times finer than a microsecond? */
  readonly nanos: boolean;
  readonly description?: string | undefined;
  /** `02:00:00:00:00:01`. */
  readonly mac?: string | undefined;
  /** Bits in a second. */
  readonly speed?: number | undefined;
  /** The filter that its packets went through, in tcpdump's language. */
  readonly filter?: string | undefined;
  /** The system that captured, and the device's driver. */
  readonly system?: string | undefined;
  readonly hardware?: string | undefined;
  /** In a pcapng file: its section, from 1, and what packets of that section call it, from 0. */
  readonly section?: number;
  readonly id?: number;
  /** The interface description block, from a pcapng file, whole and in the byte order of its section. */
  readonly block?: Uint8Array;
}
