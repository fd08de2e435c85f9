/**
 * The tables in the order data flows through them. Content (image, package, match) is keyed by what it is and stored
 * once; posture (occurrence, finding, rule) is kept per place. Times are ISO 8601 in UTC with milliseconds, so that
 * they sort as text; leases and retries are in milliseconds since the epoch, because they are compared with a clock.
 */

export * from './schema/advisories.ts'
export * from './schema/billing.ts'
export * from './schema/content.ts'
export * from './schema/events.ts'
export * from './schema/findings.ts'
export * from './schema/imports.ts'
export * from './schema/notices.ts'
export * from './schema/people.ts'
export * from './schema/places.ts'
export * from './schema/rules.ts'
export * from './schema/scores.ts'
export * from './schema/settings.ts'
export * from './schema/threats.ts'
