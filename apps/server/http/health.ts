import type { RequestHandler } from 'express'
import type { Db } from '../db/open.ts'
import { prepared } from '../db/statements.ts'

/** `/healthz`: whether the server can do its work, for whoever watches over it. 503 when the database does not answer. */
export const health =
  (db: Db, version: string): RequestHandler =>
  (_request, response) => {
    response.set('cache-control', 'no-store')
    try {
      const queue = prepared(
        db,
        `select coalesce(sum(state = 'queued'), 0) queued, coalesce(sum(state = 'running'), 0) running
         from scan where state in ('queued', 'running')`,
      ).get()
      response.json({ status: 'ok', version, queue })
    } catch {
      response.status(503).json({ status: 'unavailable', version, reason: 'The database does not answer.' })
    }
  }
