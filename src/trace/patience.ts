/** After its end something may still be told of a packet: who read it, which rule dropped it. In ns, as all times here. */
export const LINGER = 60e6;
/** What has arrived, and was not refused. */
export const TAKEN = 150e6;
/** What a device took and nobody gave back is on the wire. */
export const SENT = 300e6;
/** The longest that a packet waits without a word: for a neighbour that does not answer, three times a second each. */
export const LOST = 4e9;
