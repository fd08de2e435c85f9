import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { occurrence } from './content.ts'

/** Images that came to have open findings, having had none: what raises the recommendation anew. */
export const notice = sqliteTable(
  'notice',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    occurrenceId: integer()
      .notNull()
      .references(() => occurrence.id, { onDelete: 'cascade' }),
    at: text().notNull(),
  },
  t => [index('notice_occurrence').on(t.occurrenceId)],
)
