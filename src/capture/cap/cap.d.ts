/** The package says nothing of its types. */
declare module 'cap' {
  class Cap {
    /** Opens a device, always promiscuous; packets are copied into `buffer`. Returns the name of a link type. */
    open(device: string, filter: string, bufferSize: number, buffer: Buffer): string;
    close(): boolean;
    on(event: 'packet', listener: (bytes: number, truncated: boolean) => void): this;
  }
}
