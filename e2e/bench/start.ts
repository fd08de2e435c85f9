import { execFileSync } from 'node:child_process'
import {
  cleanUp,
  firstAdmin,
  startProcess,
  temporaryFolder,
} from '../../apps/server/testdata/server-process.ts'
import { median, row } from './figures.ts'

/**
 * How long a server that was started before takes until it listens, and until it has answered the first who asks for
 * its registries, which the thread for heavy reads does; and as a ratio to Node.js starting and doing nothing, in the
 * same run. Prints figures and asserts none.
 */
const rounds = 5

const dataDir = await temporaryFolder()
const first = await startProcess({ flags: ['--empty'], dataDir })
const cookie = (await firstAdmin(first)).cookie()
await first.stop()

const took: Record<'bare' | 'listens' | 'answers', number[]> = { bare: [], listens: [], answers: [] }
for (let round = 0; round < rounds; round++) {
  const bareAt = performance.now()
  execFileSync(process.execPath, ['--eval', '0'])
  const startedAt = performance.now()
  const server = await startProcess({ flags: ['--empty'], dataDir })
  const listensAt = performance.now()
  const answer = await fetch(`${server.url}/api/trpc/registries.list`, { headers: { cookie } })
  if (!answer.ok) throw new Error(`registries.list was answered ${answer.status}: ${await answer.text()}`)
  await answer.text()
  took.bare.push(startedAt - bareAt)
  took.listens.push(listensAt - startedAt)
  took.answers.push(performance.now() - startedAt)
  await server.stop()
}
await cleanUp()

console.log(`\nStarting a server again (${rounds} times)`)
console.table([
  row('Node.js alone', took.bare, 'ms', ''),
  row('until it listens', took.listens, 'ms', ''),
  row('until the first answer', took.answers, 'ms', ''),
])
const times = (median(took.answers) / median(took.bare)).toFixed(1)
console.log(`Until the first answer it takes ${times} times as long as Node.js alone.`)
