import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { requireAptTool } from './apt-tool.ts'

export interface DockerRegistryOptions {
  /** Where the registry posts its events; none are sent without it. */
  readonly notificationsUrl?: string
  /** Headers that travel with each event. */
  readonly headers?: Readonly<Record<string, string>>
  /** Content of an htpasswd file with bcrypt hashes, such as `testCredentials.htpasswd`; without it nobody is asked. */
  readonly htpasswd?: string
  /** PEM; it speaks TLS then, such as with `makeCertificate()`. */
  readonly tls?: { readonly cert: string; readonly key: string }
  /** A storage folder that outlives the registry; without it a temporary one that `stop` removes. */
  readonly storageDirectory?: string
  /** Whether manifests may be deleted; true unless told otherwise. */
  readonly deletes?: boolean
  /** Listen on this port of 127.0.0.1 rather than on a free one, e.g. to come back after `stop`. */
  readonly port?: number
  /** Its log is not kept, where it would be hundreds of megabytes. */
  readonly withoutLog?: boolean
}

/** A running Docker Distribution registry. */
export interface DockerRegistry {
  /** `http://127.0.0.1:PORT`, or with https. */
  readonly url: string
  /** `127.0.0.1:PORT`, as references name it. */
  readonly host: string
  readonly port: number
  /** The folder its blobs are under; tests damage them there. */
  readonly storageDirectory: string
  /** Everything the registry wrote so far. */
  log(): string
  /** Ends the process and removes its temporary folder. May be called twice. */
  stop(): Promise<void>
}

/** A user for `htpasswd`. The line holds the bcrypt hash of the password. */
export const testCredentials = {
  username: 'quartermaster',
  password: 'open-sesame',
  htpasswd: 'quartermaster:$2b$04$abcdefghijklmnopqrstuuXcjcm5avyCiJoD2uS24xa2lb6fjMB3G\n',
} as const

/** Starts the `docker-registry` of Debian's packages on loopback and waits until it listens. */
export async function startDockerRegistry(options: DockerRegistryOptions = {}): Promise<DockerRegistry> {
  requireAptTool('docker-registry')
  const directory = await mkdtemp(join(tmpdir(), 'plimsoll-registry-'))
  const storageDirectory = options.storageDirectory ?? join(directory, 'storage')
  if (options.htpasswd !== undefined) await writeFile(join(directory, 'htpasswd'), options.htpasswd)
  if (options.tls !== undefined) {
    await writeFile(join(directory, 'cert.pem'), options.tls.cert)
    await writeFile(join(directory, 'key.pem'), options.tls.key)
  }
  const configPath = join(directory, 'config.yml')
  // JSON is YAML: no value needs escaping of its own.
  await writeFile(configPath, JSON.stringify(configuration(options, storageDirectory, directory)))

  const child = spawn('docker-registry', ['serve', configPath], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], OTEL_TRACES_EXPORTER: 'none' },
  })
  const end = () => child.kill('SIGKILL')
  process.once('exit', end)
  const written: string[] = []
  const port = await listeningPort(child, written, options.withoutLog ?? false)
  return {
    url: `${options.tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    host: `127.0.0.1:${port}`,
    port,
    storageDirectory,
    log: () => written.join(''),
    async stop() {
      process.off('exit', end)
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGTERM')
        await once(child, 'exit')
      }
      await rm(directory, { recursive: true, force: true })
    },
  }
}

function configuration(options: DockerRegistryOptions, storageDirectory: string, directory: string) {
  return {
    version: 0.1,
    log: { level: 'info' },
    storage: { filesystem: { rootdirectory: storageDirectory }, delete: { enabled: options.deletes ?? true } },
    http: {
      addr: `127.0.0.1:${options.port ?? 0}`,
      ...(options.tls === undefined
        ? {}
        : { tls: { certificate: join(directory, 'cert.pem'), key: join(directory, 'key.pem') } }),
    },
    ...(options.htpasswd === undefined
      ? {}
      : { auth: { htpasswd: { realm: 'test registry', path: join(directory, 'htpasswd') } } }),
    ...(options.notificationsUrl === undefined
      ? {}
      : {
          notifications: {
            endpoints: [
              {
                name: 'plimsoll',
                url: options.notificationsUrl,
                headers: Object.fromEntries(
                  Object.entries(options.headers ?? {}).map(([name, value]) => [name, [value]]),
                ),
                timeout: '5s',
                threshold: 5,
                backoff: '200ms',
              },
            ],
          },
        }),
  }
}

/** The port that the registry says it listens on. Fails with what it wrote when it ends or stays silent. */
async function listeningPort(child: ChildProcess, written: string[], withoutLog: boolean): Promise<number> {
  return await new Promise((resolve, reject) => {
    const fail = (why: string, cause?: unknown) => {
      clearTimeout(deadline)
      child.kill('SIGKILL')
      reject(new Error(`docker-registry ${why}. It wrote: ${written.join('')}`, { cause }))
    }
    const deadline = setTimeout(() => fail('did not listen within 20 s'), 20_000)
    let listens = false
    const read = (chunk: Buffer) => {
      if (listens && withoutLog) return
      written.push(chunk.toString())
      if (listens) return
      const port = /listening on 127\.0\.0\.1:(\d+)/.exec(written.join(''))?.[1]
      if (port === undefined) return
      clearTimeout(deadline)
      // From here on it is only kept for whoever asks for the log.
      listens = true
      resolve(Number(port))
    }
    child.stdout?.on('data', read)
    child.stderr?.on('data', read)
    child.once('error', error => fail('did not start', error))
    child.once('exit', code => fail(`ended with code ${code}`))
  })
}
