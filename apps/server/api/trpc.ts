import { randomUUID } from 'node:crypto'
import { type Action, scopedSchema } from '@plimsoll/types'
import { initTRPC, TRPCError } from '@trpc/server'
import type { Logger } from 'pino'
import { ZodError } from 'zod'
import { rightOf } from '../access/rights.ts'
import { invalidInput } from '../invalid-input.ts'
import { Refusal } from '../refusal.ts'
import { requireScope } from '../scopes/within.ts'
import type { Context } from './context.ts'

const t = initTRPC.context<Context>().create({
  sse: { ping: { enabled: true, intervalMs: 15_000 }, client: { reconnectAfterInactivityMs: 40_000 } },
  errorFormatter({ shape, error }) {
    const { stack: _stack, ...data } = shape.data
    const refusal = error.cause instanceof Refusal ? error.cause : null
    return {
      ...shape,
      message: messageOf(error),
      data: {
        ...data,
        /** What to do about it, where there is something to say. */
        hint: refusal?.hint ?? null,
        /** Set for errors of ours: the id under which the log has the whole story. */
        incident: error.cause instanceof Incident ? error.cause.id : null,
      },
    }
  },
})

/** An error of ours, as the caller may see it. */
class Incident extends Error {
  readonly id = randomUUID().slice(0, 8)
}

const somethingWrong = 'Something went wrong in the server.'

/** Of errors of ours nothing is told, also of those that come before a procedure is called. */
function messageOf({ cause, code, message }: TRPCError): string {
  if (cause instanceof ZodError) return invalidInput(cause)
  return code === 'INTERNAL_SERVER_ERROR' ? somethingWrong : message
}

/** Logs what went wrong outside of procedures; inside, `outcomes` does. */
export const onUnexpected =
  (log: Logger) =>
  ({ error, path }: { error: TRPCError; path: string | undefined }): void => {
    if (error.code !== 'INTERNAL_SERVER_ERROR' || error.cause instanceof Incident) return
    log.error({ err: error.cause ?? error, path }, 'a request of the API failed')
  }

const codes = {
  'bad-request': 'BAD_REQUEST',
  unauthorized: 'UNAUTHORIZED',
  forbidden: 'FORBIDDEN',
  'not-found': 'NOT_FOUND',
  conflict: 'CONFLICT',
  gone: 'NOT_FOUND',
  unconfirmed: 'PRECONDITION_FAILED',
} as const satisfies Record<Refusal['code'], TRPCError['code']>

/** Turns refusals into their codes, and hides what went wrong inside behind an incident id. */
const outcomes = t.middleware(async ({ ctx, path, next }) => {
  const result = await next()
  if (result.ok) return result
  const { error } = result
  if (error.cause instanceof Refusal) {
    throw new TRPCError({ code: codes[error.cause.code], message: error.cause.message, cause: error.cause })
  }
  if (error.code !== 'INTERNAL_SERVER_ERROR') throw error
  const incident = new Incident(somethingWrong, { cause: error.cause })
  ctx.log.error({ err: error.cause ?? error, incident: incident.id, path }, 'a procedure failed')
  throw new TRPCError({ code: error.code, message: incident.message, cause: incident })
})

export const { router } = t

/** For those who have not signed in: the session's own procedures. */
export const open = t.procedure.use(outcomes)

/** A procedure for viewers whose role may do `action`. */
export const allowed = (action: Action) =>
  open.use(async ({ ctx, next }) => {
    const { viewer } = ctx
    if (viewer === null) throw new Refusal('unauthorized', 'Sign in first.')
    const right = rightOf(viewer, action)
    if (right === 'needs-role') {
      throw new Refusal('forbidden', `A ${viewer.role} may not do this.`, { hint: 'Ask a Security Admin.' })
    }
    if (right === 'needs-account') {
      throw new Refusal('forbidden', 'This needs an account.', {
        hint: 'The one-time link that the server printed when it started makes the first one.',
      })
    }
    await ctx.rules.upToDate()
    return await next({ ctx: { ...ctx, viewer } })
  })

export const reading = allowed('findings/read')

/** A reading that may be narrowed to a scope. */
export const readingWithin = reading.input(scopedSchema.prefault({})).use(async ({ ctx, input, next }) => {
  requireScope(ctx.db, input.scope)
  return await next()
})
