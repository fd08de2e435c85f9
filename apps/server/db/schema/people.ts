import type { Role } from '@plimsoll/types'
import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'

/** People. The first four tables have the shape better-auth's adapter asks for. */

const authDate = () => integer({ mode: 'timestamp_ms' })

export const user = sqliteTable('user', {
  id: text().primaryKey(),
  name: text().notNull(),
  email: text().notNull().unique(),
  emailVerified: integer({ mode: 'boolean' }).notNull().default(false),
  image: text(),
  role: text().$type<Role>().notNull(),
  createdAt: authDate().notNull(),
  updatedAt: authDate().notNull(),
})

export const session = sqliteTable(
  'session',
  {
    id: text().primaryKey(),
    token: text().notNull().unique(),
    userId: text()
      .notNull()
      .references(() => user.id, { onDelete: 'cascade' }),
    expiresAt: authDate().notNull(),
    ipAddress: text(),
    userAgent: text(),
    createdAt: authDate().notNull(),
    updatedAt: authDate().notNull(),
  },
  t => [index('session_user').on(t.userId)],
)

export const account = sqliteTable(
  'account',
  {
    id: text().primaryKey(),
    accountId: text().notNull(),
    providerId: text().notNull(),
    userId: text()
      .notNull()
      .references(() => user.id, { onDelete: 'cascade' }),
    accessToken: text(),
    refreshToken: text(),
    idToken: text(),
    accessTokenExpiresAt: authDate(),
    refreshTokenExpiresAt: authDate(),
    scope: text(),
    /** A salted hash (scrypt), for local users. */
    password: text(),
    createdAt: authDate().notNull(),
    updatedAt: authDate().notNull(),
  },
  t => [index('account_user').on(t.userId)],
)

export const verification = sqliteTable('verification', {
  id: text().primaryKey(),
  identifier: text().notNull(),
  value: text().notNull(),
  expiresAt: authDate().notNull(),
  createdAt: authDate().notNull(),
  updatedAt: authDate().notNull(),
})

/** One-time links. The token itself is known to its holder alone. */
export const invitation = sqliteTable('invitation', {
  tokenHash: text().primaryKey(),
  role: text().$type<Role>().notNull(),
  createdBy: text().notNull(),
  createdAt: text().notNull(),
  expiresAt: text().notNull(),
  usedAt: text(),
})
