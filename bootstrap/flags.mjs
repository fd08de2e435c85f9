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
 */

/**
 * @typedef {{ kind: 'flags', flags: StartFlags } | { kind: 'help', text: string } | { kind: 'error', text: string }} StartRequest
 */

const help = `Plimsoll: vulnerability assessment for container registries

Usage: npm start -- [flags]

  --port N             Listen on port N of 127.0.0.1 (default 8080; 0 takes a free one).
  --data DIR           Keep everything in DIR (default ./data).
  --empty              Start without the demonstration.
  --registry URL       Connect a Docker Distribution registry, for example http://127.0.0.1:5000.
  --advisories FROM    Import advisories from a folder or http(s) address laid out as OSV's public
                       bucket: <Ecosystem>/all.zip.
  --help               Print this.

Environment:
  PLIMSOLL_REGISTRY_USERNAME, PLIMSOLL_REGISTRY_PASSWORD
                       Credentials for the registry given with --registry; kept in memory only.
  PLIMSOLL_LOG_LEVEL   fatal, error, warn, info (default), debug, trace or silent; the log is
                       plimsoll.log in the data folder, one JSON object a line.`

/**
 * Reads the arguments of `npm start`.
 * @param {readonly string[]} argv without the program's own names
 * @returns {StartRequest} the flags, or the text to print: help (exit 0) or one line that says what is wrong (exit 2)
 */
export function readStartFlags(argv) {
  let values
  try {
    values = parseArgs({
      args: [...argv],
      options: {
        port: { type: 'string' },
        data: { type: 'string' },
        empty: { type: 'boolean' },
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
  for (const name of /** @type {const} */ (['data', 'registry', 'advisories']))
    if (values[name]?.trim() === '') return wrong(`--${name} needs a value`)
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
    },
  }
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
