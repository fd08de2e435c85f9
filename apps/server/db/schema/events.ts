import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { registry } from './places.ts'

/** What registries tell of what happens in them. */

/** Events that were taken in already: a registry delivers some of them more than once. */
export const webhookEvent = sqliteTable(
  'webhook_event',
  {
    registryId: text()
      .notNull()
      .references(() => registry.id),
    eventId: text().notNull(),
    receivedAt: text().notNull(),
  },
  t => [primaryKey({ columns: [t.registryId, t.eventId] }), index('webhook_event_age').on(t.receivedAt)],
)

/**
 * Events that are accepted and not taken in yet: what was answered with 2xx is here, or its effect is. `event` is a
 * RegistryEvent of intake/event.ts.
 */
export const eventInbox = sqliteTable('event_inbox', {
  id: integer().primaryKey({ autoIncrement: true }),
  registryId: text().notNull(),
  event: text({ mode: 'json' }).$type<unknown>().notNull(),
  receivedAt: text().notNull(),
})
