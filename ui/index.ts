/** The dashboard: what programs and the command use. */
export { Dashboard, type DashboardOptions } from './dashboard.ts';
export { LogStore } from './model/log.ts';
export { openStore } from './model/open-store.ts';
export type { FillingStore } from './model/store.ts';
export { Screen, type ScreenOptions } from './widget/screen.ts';
