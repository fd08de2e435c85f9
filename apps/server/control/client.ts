import { statSync } from 'node:fs'
import { type IncomingMessage, request } from 'node:http'
import { dirname, resolve } from 'node:path'
import { createTRPCClient, httpLink, type TRPCClient } from '@trpc/client'
import type { AppRouter } from '../api/router.ts'
import { socketPath } from './socket.ts'

/** The API of the server that runs on a data folder, with all rights. */
export interface ControlClient {
  readonly api: TRPCClient<AppRouter>
  /** What a path outside of tRPC answers, as a stream. */
  get(path: string): Promise<IncomingMessage>
}

/** There is no server to ask; the message says what to do. */
export class NotRunning extends Error {
  constructor(message: string, options: { cause?: unknown } = {}) {
    super(message, options)
    this.name = 'NotRunning'
  }
}

/** Each call throws NotRunning when no server runs on that folder. */
export function controlClient(dataDir: string): ControlClient {
  const folder = resolve(dataDir)
  const ask: Ask = (method, path, headers, body) => send(folder, method, path, headers, body)
  return {
    api: createTRPCClient<AppRouter>({
      links: [
        httpLink({
          url: 'http://control/api/trpc',
          // A library that gives a fetch of its own type; what the link gives and reads of it is this.
          fetch: (input, init) => fetchOver(ask, String(input), init as Sent | undefined),
        }),
      ],
    }),
    get: path => ask('GET', path, {}, null),
  }
}

interface Sent {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | null
}
type Ask = (
  method: string,
  path: string,
  headers: Readonly<Record<string, string>>,
  body: string | null,
) => Promise<IncomingMessage>

async function fetchOver(ask: Ask, url: string, sent: Sent = {}): Promise<Response> {
  const { pathname, search } = new URL(url)
  const headers = Object.fromEntries(new Headers(sent.headers))
  const answer = await ask(sent.method ?? 'GET', `${pathname}${search}`, headers, sent.body ?? null)
  const chunks: Buffer[] = []
  for await (const chunk of answer) chunks.push(chunk as Buffer)
  return new Response(Buffer.concat(chunks), {
    status: answer.statusCode ?? 500,
    headers: { 'content-type': answer.headers['content-type'] ?? '' },
  })
}

async function send(
  dataDir: string,
  ...[method, path, headers, body]: Parameters<Ask>
): Promise<IncomingMessage> {
  const socket = ownSocket(dataDir)
  return await new Promise((resolveWith, reject) => {
    const sent = request({ socketPath: socket, method, path, headers }, resolveWith)
    sent.on('error', (error: NodeJS.ErrnoException) => {
      reject(
        ['ENOENT', 'ECONNREFUSED', 'EACCES'].includes(error.code ?? '') ? notRunning(dataDir, error) : error,
      )
    })
    sent.end(body ?? undefined)
  })
}

/** The socket's path, in a folder that nobody else can put a socket into: credentials go over it. */
function ownSocket(dataDir: string): string {
  try {
    const path = socketPath(dataDir)
    statSync(path)
    const { uid, mode } = statSync(dirname(path))
    const isOwn = (mode & 0o077) === 0 && uid === (process.getuid?.() ?? uid)
    if (isOwn) return path
  } catch (error) {
    throw notRunning(dataDir, error)
  }
  throw new NotRunning(
    `The data folder ${dataDir} is not yours alone. Run this as the user who started the server.`,
  )
}

const notRunning = (dataDir: string, cause: unknown): NotRunning =>
  new NotRunning(
    (cause as NodeJS.ErrnoException).code === 'EACCES'
      ? `The data folder ${dataDir} is another user's. Run this as the user who started the server.`
      : `No Plimsoll is running with the data folder ${dataDir}. Start it with "npm start", or name another folder with --data.`,
    { cause },
  )
