import type express from 'express'
import type { Logger } from 'pino'

const notThere = 'There is nothing here.'
const unanswerable = 'This cannot be answered.'
const ours = 'Something went wrong in the server. Its log has the whole story.'

/**
 * What is answered when a request fails: a fault of the caller with its status, anything else with 500 and nothing of
 * what went wrong, which the log has. Last of an application.
 * @param send puts the sentence into the form that its callers read.
 */
export const onFailure =
  (log: Logger, send: (response: express.Response, sentence: string) => void): express.ErrorRequestHandler =>
  (error: unknown, request, response, next) => {
    const status = (error as { status?: unknown } | null)?.status
    const isCallers = typeof status === 'number' && status >= 400 && status < 500
    if (!isCallers) log.error({ err: error, method: request.method, path: request.path }, 'a request failed')
    // Half of an answer cannot be taken back: the connection ends.
    if (response.headersSent) next(error)
    else if (!isCallers) send(response.status(500), ours)
    else send(response.status(status), status === 404 ? notThere : unanswerable)
  }
