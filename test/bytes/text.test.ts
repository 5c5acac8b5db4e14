import { describe, expect, it } from 'vitest';
import { Text } from '../../src/bytes/text.ts';

describe('a text that begins anew', () => {
  it('goes back to the buffer that it began with, and leaves the one that grew alone', () => {
    const w = new Text();
    const { view, bytes } = w;
    w.str('short');
    w.rewind();
    expect([w.at, w.view, w.bytes]).toEqual([0, view, bytes]);

    const long = 'x'.repeat(bytes.length + 1);
    w.str(long);
    const grown = w.bytes;
    expect(grown).not.toBe(bytes);
    w.rewind();
    expect(w.view).toBe(view);
    expect(w.bytes).toBe(bytes);
    // As much as the first time: its bound went back, too.
    w.str(long);
    w.char(0x79);
    expect(w.toString()).toBe(`${long}y`);
    expect(Buffer.from(grown.subarray(0, long.length)).toString()).toBe(long);
  });
});
