// The flags of `npm start`, in plain JavaScript: bootstrap/start.mjs reads them before anything is installed, on
// whatever Node.js the machine has, and apps/server/main.ts reads them again with the same words.
import { parseArgs } from 'node:util'

/**
 * What `npm start` was asked for.
 * @typedef {object} StartFlags
 * @property {number} port TCP port to listen on; 0 takes a free one
 * @property {string} data folder of the database and everything else that is kept
 * @property {boolean} empty start without the demonstration
 * @property {string | null} registry address of a registry to connect
 * @property {string | null} advisories folder or address to import advisories from
 * @property {string} host address to listen on
 * @property {string | null} tlsCert file of a certificate, PEM
 * @property {string | null} tlsKey file of its key
 * @property {readonly string[]} trustedProxies addresses and networks of proxies in front
 * @property {string | null} kubernetes context of the kubeconfig whose pods are listed; empty: the current one
 * @property {string | null} publicUrl where clients reach the server
 */

/**
 * @typedef {{ kind: 'flags', flags: StartFlags } | { kind: 'help', text: string } | { kind: 'error', text: string }} StartRequest
 */

const help = `Plimsoll: vulnerability assessment for container registries

Usage: npm start -- [flags]

  --port N             Listen on port N (default 8080; 0 takes a free one).
  --host ADDRESS       Listen on this address (default 127.0.0.1). Any but loopback needs an account to be
                       set up, and TLS: here, or in a proxy in front.
  --tls-cert FILE, --tls-key FILE
                       Speak TLS with this certificate (PEM, with its chain) and its key.
  --trusted-proxy ADDRESS
                       Address or network of a proxy in front, whose X-Forwarded headers are believed; may
                       be given several times, or several with commas.
  --public-url URL     Where clients reach the server, when that is another address than it listens on:
                       https://plimsoll.example.
  --data DIR           Keep everything in DIR (default ./data).
  --empty              Start without the demonstration.
  --registry URL       Connect a Docker Distribution registry, for example http://127.0.0.1:5000.
  --advisories FROM    Import advisories from a folder or http(s) address laid out as OSV's public
                       bucket: <Ecosystem>/all.zip.
  --kubernetes [CONTEXT]
                       List the images that the pods of a Kubernetes cluster run, to scan those and mark
                       them: of this context of the kubeconfig, or of the current one.
  --help               Print this.

Environment:
  PLIMSOLL_REGISTRY_USERNAME, PLIMSOLL_REGISTRY_PASSWORD
                       Credentials for the registry given with --registry; kept in memory only.
  PLIMSOLL_CREDENTIALS_KEY_FILE
                       A file with the key that credentials of registries are stored under, to keep it out
                       of the data folder.
  PLIMSOLL_LOG_LEVEL   fatal, error, warn, info (default), debug, trace or silent; the log is
                       plimsoll.log in the data folder, one JSON object a line.`

const valued = /** @type {const} */ ([
  'data',
  'registry',
  'advisories',
  'host',
  'tls-cert',
  'tls-key',
  'public-url',
])

/**
 * Reads the arguments of `npm start`.
 * @param {readonly string[]} argv without the program's own names
 * @returns {StartRequest} the flags, or the text to print: help (exit 0) or one line that says what is wrong (exit 2)
 */
export function readStartFlags(argv) {
  let values
  try {
    values = parseArgs({
      args: withEmptyContext(argv),
      options: {
        port: { type: 'string' },
        host: { type: 'string' },
        'tls-cert': { type: 'string' },
        'tls-key': { type: 'string' },
        'trusted-proxy': { type: 'string', multiple: true },
        'public-url': { type: 'string' },
        data: { type: 'string' },
        empty: { type: 'boolean' },
        kubernetes: { type: 'string' },
        registry: { type: 'string' },
        advisories: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values
  } catch (error) {
    // Node's message goes on with advice about `--`, which does not fit here.
    return wrong((error instanceof Error ? error.message : String(error)).split(/[.\n] ?/, 1)[0] ?? '')
  }
  if (values.help) return { kind: 'help', text: help }
  const port = values.port ?? '8080'
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65535)
    return wrong(`--port takes a number from 0 to 65535, not "${port}"`)
  for (const name of valued) if (values[name]?.trim() === '') return wrong(`--${name} needs a value`)
  const proxies = (values['trusted-proxy'] ?? []).flatMap(text => text.split(',')).map(text => text.trim())
  if (proxies.includes('')) return wrong('--trusted-proxy needs a value')
  const problem = values.registry === undefined ? null : problemOfRegistry(values.registry)
  if (problem !== null) return wrong(problem)
  return {
    kind: 'flags',
    flags: {
      port: Number(port),
      data: values.data ?? './data',
      empty: values.empty ?? false,
      registry: values.registry ?? null,
      advisories: values.advisories ?? null,
      host: values.host ?? '127.0.0.1',
      tlsCert: values['tls-cert'] ?? null,
      tlsKey: values['tls-key'] ?? null,
      trustedProxies: proxies,
      publicUrl: values['public-url'] ?? null,
      kubernetes: values.kubernetes?.trim() ?? null,
    },
  }
}

/**
 * parseArgs knows no flag that may go without its value.
 * @param {readonly string[]} argv
 * @returns {string[]} with `--kubernetes` alone spelled `--kubernetes=`
 */
function withEmptyContext(argv) {
  return argv.map((arg, index) => {
    const next = argv[index + 1]
    return arg === '--kubernetes' && (next === undefined || next.startsWith('-')) ? '--kubernetes=' : arg
  })
}

/**
 * @param {string} text
 * @returns {StartRequest}
 */
function wrong(text) {
  return { kind: 'error', text: `${text}. See: npm start -- --help` }
}

/**
 * @param {string} text
 * @returns {string | null} what is wrong with it as a registry's address
 */
function problemOfRegistry(text) {
  const url = URL.canParse(text) ? new URL(text) : null
  if (!url || !/^https?:$/.test(url.protocol))
    return `--registry takes an address such as http://127.0.0.1:5000, not "${text}"`
  if (url.username || url.password)
    return '--registry takes no password in the address; set PLIMSOLL_REGISTRY_USERNAME and PLIMSOLL_REGISTRY_PASSWORD'
  if (url.pathname !== '/' || url.search || url.hash)
    return `--registry takes the address of a whole registry, without a path: ${url.origin}`
  return null
}
