// `npm run -s plimsoll -- ...`: the command line (apps/server/cli). Silent once everything is ready, so that standard
// output is the command's alone.
import path from 'node:path'
import { runInFront } from './child.mjs'
import { NotReady, readyToRun, root } from './ready.mjs'

/** Where npm was called: relative paths in the arguments are meant from there. */
const cwd = process.env.INIT_CWD ?? process.cwd()

process.exitCode = await readyToRun()
  .then(node =>
    runInFront(node, [path.join(root, 'apps/server/cli/plimsoll.ts'), ...process.argv.slice(2)], { cwd }),
  )
  .catch(error => {
    if (!(error instanceof NotReady)) throw error
    process.stderr.write(`${error.message}\n`)
    return 2
  })
