import { header, text } from '../src/bytes/field.ts';
import { protocol } from '../src/dissect/protocol.ts';

const announcement = header('db-lsp', {}, { text: text('Announcement') });

/** Dropbox tells its neighbours, in JSON, which folders it can share with them. */
export const dropboxDiscovery = protocol(
  { ...announcement, $name: 'db-lsp-disc' },
  {
    title: 'Dropbox LAN Sync: discovery',
    source: 'as observed; Dropbox, "Inside LAN Sync" (2015)',
    on: { 'udp.port': 17500 },
    expand(frame, d, visit) {
      const end = frame.limit(d);
      if (end > frame.from[d]!) visit(announcement.text, frame.from[d]!, end);
    },
  },
);
