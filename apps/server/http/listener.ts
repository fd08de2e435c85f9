import { readFileSync, statSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { createServer as createSecureServer, type Server as SecureServer } from 'node:https'
import { createSecureContext } from 'node:tls'
import type { Logger } from 'pino'
import { reason } from '../db/data-folder.ts'
import { StartError } from '../start-error.ts'
import type { Network } from './network-flags.ts'

/** It cannot be listened there, or not with this certificate. */
class ListenError extends StartError {
  constructor(message: string, options: { cause?: unknown } = {}) {
    super(message, options)
    this.name = 'ListenError'
  }
}

type Tls = NonNullable<Network['tls']>

/** A server for plain http or TLS 1.2 and later, as the flags have it. @throws StartError */
export const serverFor = ({ tls }: Network): Server | SecureServer =>
  tls === null ? createServer() : createSecureServer(readCertificate(tls))

/** Connections that wait to be taken, as far as the system allows: in a flood of deliveries each gets an answer, if only 429. */
const backlog = 4096

/** @returns the port. @throws StartError */
export async function listen(server: Server | SecureServer, host: string, port: number): Promise<number> {
  // A client that does not get on with it must not hold a connection for ever; answers (live updates) may take long.
  server.headersTimeout = 15_000
  server.requestTimeout = 60_000
  server.keepAliveTimeout = 10_000
  server.maxHeadersCount = 100
  return await new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(new ListenError(whyNot(error, host, port), { cause: error }))
    })
    server.listen({ port, host, backlog }, () => {
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : port)
    })
  })
}

function whyNot({ code, message }: NodeJS.ErrnoException, host: string, port: number): string {
  if (code === 'EADDRINUSE') {
    return `Port ${port} is taken. Give another one with --port, or stop what listens there.`
  }
  if (code === 'EADDRNOTAVAIL') return `${host} is no address of this machine. Give another one with --host.`
  return `Port ${port} may not be listened on: ${message}. Give another one with --port.`
}

function readCertificate({ certificate, key }: Tls): { cert: Buffer; key: Buffer; minVersion: 'TLSv1.2' } {
  try {
    const read = {
      cert: readFileSync(certificate),
      key: readFileSync(key),
      minVersion: 'TLSv1.2' as const,
    }
    // That they belong together is found out here, and not by the first who connects.
    createSecureContext(read)
    return read
  } catch (cause) {
    throw new ListenError(
      `The certificate cannot be used: ${reason(cause)}. --tls-cert takes a PEM file with certificate and chain, --tls-key one with its key.`,
      { cause },
    )
  }
}

const lookEveryMs = 30_000

/**
 * Takes a renewed certificate without a new start: when its file or its key's changes, and at SIGHUP. One that cannot
 * be used is told of in the log, and the old one stays.
 * @returns what ends it.
 */
export function renewCertificate(server: Server | SecureServer, { tls }: Network, log: Logger): () => void {
  if (tls === null || !('setSecureContext' in server)) return () => undefined
  let taken = stateOf(tls)
  const take = (): void => {
    taken = stateOf(tls)
    try {
      server.setSecureContext(readCertificate(tls))
      log.info({ certificate: tls.certificate }, 'the certificate was read anew')
    } catch (error) {
      log.error({ err: error }, 'the new certificate cannot be used, the old one stays')
    }
  }
  const timer = setInterval(() => {
    if (stateOf(tls) !== taken) take()
  }, lookEveryMs).unref()
  process.on('SIGHUP', take)
  return () => {
    clearInterval(timer)
    process.off('SIGHUP', take)
  }
}

const stateOf = ({ certificate, key }: Tls): string =>
  [certificate, key]
    .map(file => {
      const stat = statSync(file, { throwIfNoEntry: false })
      return stat === undefined ? 'none' : `${stat.mtimeMs} ${stat.size} ${stat.ino}`
    })
    .join('; ')
