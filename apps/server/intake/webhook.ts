import type { IncomingMessage } from 'node:http'
import express, { Router } from 'express'
import type { Logger } from 'pino'
import { type Secrets, sameSecret, webhookSecret } from '../access/secrets.ts'
import type { Db } from '../db/open.ts'
import { prepared } from '../db/statements.ts'
import type { EventBus } from '../events.ts'
import { scanSummary } from '../jobs/list.ts'
import { parseEnvelope } from './event.ts'
import { takeEvents } from './take-event.ts'

export interface WebhookDeps {
  readonly db: Db
  readonly events: EventBus
  readonly log: Logger
  readonly secrets: Secrets
  readonly wakeRunner: () => void
}

/** Envelopes hold few events of about a kilobyte. */
const maxBytes = 4 * 1024 * 1024

const mediaTypes = [
  'application/vnd.docker.distribution.events.v1+json',
  'application/vnd.docker.distribution.events.v2+json',
  'application/json',
]

/**
 * Where a Docker Distribution registry posts what happens in it: /webhooks/distribution, or with the registry's id
 * behind it. It is answered when what it says is stored, so that an event is never lost between the two.
 */
export function webhooks(deps: WebhookDeps): Router {
  const router = Router()
  const body = express.raw({ type: () => true, limit: maxBytes })
  router.post(
    '/webhooks/distribution{/:registryId}',
    (request: express.Request, response: express.Response, next: express.NextFunction) => {
      const registryId = senderOf(request, request.params['registryId'] ?? null, deps)
      const known = mediaTypes.includes((request.headers['content-type'] ?? '').split(';')[0]?.trim() ?? '')
      if (registryId !== null && known) {
        response.locals['registryId'] = registryId
        next()
        return
      }
      // The body is not read: whoever has no secret does not get to send us anything.
      response.set('connection', 'close')
      if (registryId === null) {
        refuse(
          response,
          401,
          'The secret is wrong or missing. The notifications block that Plimsoll prints has it.',
        )
      } else refuse(response, 415, `Events come as ${mediaTypes.join(', ')}.`)
    },
    body,
    (request: express.Request, response: express.Response) => {
      const registryId = response.locals['registryId'] as string
      const envelope = parseEnvelope(parseJson(request.body))
      if (envelope === null) {
        refuse(
          response,
          400,
          'This is no envelope of events: a JSON object with a list "events" is expected.',
        )
        return
      }
      const { events, unreadable } = envelope
      if (unreadable > 0) deps.log.warn({ registryId, unreadable }, 'events that make no sense were left out')
      const taken = takeEvents(deps.db, registryId, events, new Date().toISOString())
      response.json({ taken: events.length })
      tell(taken, deps)
    },
    onBodyError,
  )
  return router
}

function tell(
  { scans, imagesChanged, findingsChanged }: ReturnType<typeof takeEvents>,
  { db, events, wakeRunner }: WebhookDeps,
): void {
  for (const id of scans) {
    const scan = scanSummary(db, id)
    if (scan !== null) events.publish({ type: 'scan', scan })
  }
  if (imagesChanged) events.publish({ type: 'changed', what: 'images' })
  if (findingsChanged) events.publish({ type: 'changed', what: 'findings' })
  // A deletion may have brought findings of older advisories back.
  if (scans.length > 0 || findingsChanged) wakeRunner()
}

/** The registry that the request's secret belongs to, or null. Every secret is compared, whichever fits. */
function senderOf(
  { headers }: IncomingMessage,
  named: string | string[] | null,
  { db, secrets }: WebhookDeps,
): string | null {
  const given = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1] ?? ''
  const ids = prepared(db, `select id from registry where kind = 'distribution'`).pluck().all() as string[]
  const fitting = ids.filter(id => sameSecret(given, webhookSecret(secrets, id)))
  return fitting.find(id => named === null || id === named) ?? null
}

function parseJson(body: unknown): unknown {
  try {
    return Buffer.isBuffer(body) ? JSON.parse(body.toString('utf8')) : null
  } catch {
    return null
  }
}

const onBodyError: express.ErrorRequestHandler = (error: unknown, _request, response, next) => {
  const status = (error as { status?: unknown }).status
  if (status === 413) {
    response.set('connection', 'close')
    refuse(response, 413, `An envelope has at most ${maxBytes} bytes.`)
  } else if (typeof status === 'number' && status >= 400 && status < 500) {
    refuse(response, status, 'The body could not be read.')
  } else next(error)
}

const refuse = (response: express.Response, status: number, error: string): void => {
  response.status(status).json({ error })
}
