import express, { Router } from 'express'
import type { JWTVerifyGetKey } from 'jose'
import type { Logger } from 'pino'
import type { Secrets } from '../../access/secrets.ts'
import type { Db } from '../../db/open.ts'
import type { Inbox } from '../inbox.ts'
import { googleKeys } from './google-token.ts'
import { webhookKinds } from './index.ts'
import type { WebhookKind } from './kind.ts'
import { isSigned, judge } from './proof.ts'
import { findSender, type Sender } from './sender.ts'
import { webhookUrl } from './setup.ts'

export interface WebhookDeps {
  readonly db: Db
  readonly log: Logger
  readonly secrets: Secrets
  readonly inbox: Inbox
  /** Where registries reach this server: Google's tokens are made out to it. */
  readonly origin: string
  /** The name that a registry is asked with; null when it is asked anonymously. */
  readonly ownUsername: (registryId: string) => string | null
  /** Left out: Google's own. */
  readonly googleKeys?: JWTVerifyGetKey
}

/**
 * Registries send one event at a time, of about a kilobyte. What is longer is parsed in one go, and made of the smallest
 * parts takes 40 ms for each megabyte, in which nothing else goes on.
 */
const maxBytes = 256 * 1024

/**
 * Where registries post what happens in them: /webhooks/KIND/REGISTRY. It is answered when what it says is stored, so
 * that an event is never lost between the two.
 */
export function webhooks(deps: WebhookDeps): Router {
  const router = Router()
  const keys = deps.googleKeys ?? googleKeys()
  for (const kind of Object.values<WebhookKind>(webhookKinds)) {
    const limit = kind.maxBytes ?? maxBytes
    router.post(
      `/webhooks/${kind.name}${kind.findsRegistry ? '{/:registryId}' : '/:registryId'}`,
      admit(kind, keys, deps),
      express.raw({ type: () => true, limit }),
      take(kind, deps),
      onBodyError(limit, kind.longAdvice),
    )
  }
  return router
}

/** Lets on who proves himself, or will by his body, while there is room. */
function admit(
  kind: WebhookKind,
  keys: JWTVerifyGetKey,
  { db, secrets, inbox, origin }: WebhookDeps,
): express.RequestHandler {
  const mediaTypes = [...(kind.mediaTypes ?? []), 'application/json']
  return async (request, response, next) => {
    const { headers } = request
    const sender = findSender(db, kind, request.params['registryId'], headers, secrets)
    const verdict =
      sender === null
        ? 'refused'
        : await judge(
            kind.proof,
            { headers, token: tokenOf(request.url) },
            {
              secret: sender.secret,
              serviceAccount: sender.serviceAccount,
              audience: webhookUrl(origin, kind.name, sender.id),
              googleKeys: keys,
            },
          )
    if (sender === null || verdict === 'refused') {
      refuseUnread(response, 401, unproved)
    } else if (verdict === 'unknown') {
      refuseUnread(response, 503, 'The keys of Google could not be had, so the token cannot be checked now.')
    } else if (inbox.isFull(sender.id) || inbox.isBehind(sender.id)) {
      // Not closed: it comes again.
      refuseForNow(response)
    } else if (
      !mediaTypes.includes((headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '')
    ) {
      refuseUnread(response, 415, `Events come as ${mediaTypes.join(', ')}.`)
    } else {
      response.locals['sender'] = sender
      next()
    }
  }
}

function take(kind: WebhookKind, deps: WebhookDeps): express.RequestHandler {
  const { inbox, log } = deps
  return async ({ headers, body }: express.Request<object, unknown, unknown>, response) => {
    const sender = response.locals['sender'] as Sender
    const bytes = Buffer.isBuffer(body) ? body : Buffer.alloc(0)
    if (kind.proof === 'signature' && !isSigned(bytes, headers, sender.secret)) {
      refuse(response, 401, unproved)
      return
    }
    const at = new Date().toISOString()
    const ownUsername = (): string | null => deps.ownUsername(sender.id)
    const read = kind.read(parseJson(bytes), { headers, at, host: sender.host, ownUsername })
    if (read === null) {
      refuse(response, 400, kind.expects)
      return
    }
    const { events, unreadable, ignored } = read
    if (unreadable > 0) {
      log.warn({ registryId: sender.id, unreadable }, 'events that make no sense were left out')
    }
    if (ignored > 0)
      log.debug({ registryId: sender.id, ignored }, 'events that are none of ours were passed over')
    // More of this registry may have come while the body did.
    if (inbox.isFull(sender.id)) {
      refuseForNow(response)
      return
    }
    await inbox.accept(sender.id, events, at)
    response.writeHead(200, { 'content-type': 'application/json' }).end(`{"taken":${events.length}}`)
  }
}

const unproved = 'The secret is wrong or missing. The page of the registry in Plimsoll has it.'

const tokenOf = (url: string): string | null => {
  const at = url.indexOf('?')
  return at === -1 ? null : new URLSearchParams(url.slice(at)).get('token')
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    return null
  }
}

const onBodyError =
  (limit: number, advice = 'Send its events in several.'): express.ErrorRequestHandler =>
  (error: unknown, _request, response, next) => {
    const status = (error as { status?: unknown }).status
    if (status === 413) {
      refuseUnread(response, 413, `A delivery has at most ${limit} bytes, and this one has more. ${advice}`)
    } else if (typeof status === 'number' && status >= 400 && status < 500) {
      refuse(response, status, 'The body could not be read.')
    } else next(error)
  }

/** Whoever may not send us anything does not get to: the body is not read. */
function refuseUnread(response: express.Response, status: number, error: string): void {
  response.set('connection', 'close')
  refuse(response, status, error)
}

function refuseForNow(response: express.Response): void {
  response.set('retry-after', '1')
  refuse(
    response,
    429,
    'More events of this registry came than could be taken in. Send this one again later.',
  )
}

const refuse = (response: express.Response, status: number, error: string): void => {
  response.status(status).json({ error })
}
