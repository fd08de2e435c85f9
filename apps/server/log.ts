import { renameSync, statSync } from 'node:fs'
import { join } from 'node:path'
import pino, { type DestinationStream, type Logger } from 'pino'

// Looked at when the server starts; one older file is kept beside it.
const maxBytes = 20 * 1024 * 1024

/** Keys whose values never reach the log, wherever one level down they stand. */
const secretKeys = [
  'authorization',
  'cookie',
  'set-cookie',
  'password',
  'token',
  'secret',
  'credentials',
  'sourceCredentials',
  'refreshToken',
  'clientSecret',
  'secretAccessKey',
]

/**
 * The server's log: one JSON object a line in `plimsoll.log` of the data folder, for its owner alone. The terminal is
 * for people and stays readable.
 */
export function openLog(dataDir: string, level: string): Logger {
  const file = join(dataDir, 'plimsoll.log')
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > maxBytes) renameSync(file, `${file}.1`)
  return createLog(level, pino.destination({ dest: file, mode: 0o600, sync: true }))
}

export const createLog = (level: string, destination: DestinationStream): Logger =>
  pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: label => ({ level: label }) },
      redact: {
        paths: secretKeys.flatMap(key => [`["${key}"]`, `*["${key}"]`, `*.*["${key}"]`]),
        censor: '(not logged)',
      },
    },
    destination,
  )
