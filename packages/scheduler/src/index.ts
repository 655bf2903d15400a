export { nextFireTimes } from './next-fire-times.js';
export type { NextFireTimesOptions } from './next-fire-times.js';
export { isQuartzCron } from './quartz-cron.js';
/** @public Says what is wrong with an expression. */
export { parseQuartzCron } from './quartz-cron.js';
export type { DayRule, QuartzCron, QuartzCronResult, YearRange } from './quartz-cron.js';
