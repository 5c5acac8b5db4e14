/** The package says nothing of its types. */
declare module 'pcap-parser' {
  interface GlobalHeader {
    readonly snapshotLength: number;
    readonly linkLayerType: number;
  }
  interface PacketHeader {
    readonly timestampSeconds: number;
    readonly timestampMicroseconds: number;
    readonly capturedLength: number;
    readonly originalLength: number;
  }
  interface Parser {
    on(event: 'globalHeader', listener: (header: GlobalHeader) => void): this;
    on(event: 'packetHeader', listener: (header: PacketHeader) => void): this;
    on(event: 'packet', listener: (packet: { readonly header: PacketHeader; readonly data: Buffer }) => void): this;
    on(event: 'error', listener: (error: Error) => void): this;
  }
  /** What it needs of a stream. */
  type Feed = NodeJS.EventEmitter & { pause(): void; resume(): void };
  function parse(input: string | Feed): Parser;
}
