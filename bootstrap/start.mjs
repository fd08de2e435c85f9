// `npm start`: gets everything ready, then runs the server (apps/server/main.ts) in this terminal.
import path from 'node:path'
import { runInFront } from './child.mjs'
import { readStartFlags } from './flags.mjs'
import { NotReady, readyPortal, readyToRun, root } from './ready.mjs'

/** @returns {Promise<number>} exit code */
async function start() {
  const argv = process.argv.slice(2)
  const request = readStartFlags(argv)
  if (request.kind === 'help') {
    process.stdout.write(`${request.text}\n`)
    return 0
  }
  if (request.kind === 'error') {
    process.stderr.write(`${request.text}\n`)
    return 2
  }
  const node = await readyToRun()
  await readyPortal(node)
  return await runInFront(node, [path.join(root, 'apps/server/main.ts'), ...argv])
}

process.exitCode = await start().catch(error => {
  if (!(error instanceof NotReady)) throw error
  process.stderr.write(`${error.message}\n`)
  return 1
})
