import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { afterAll, expect, test } from 'vitest'
import { cleanUp, firstAdmin, startProcess, testAdmin } from '../testdata/server-process.ts'

/** The examples of docs/api.md, as a reader types them. */

const run = promisify(execFile)

afterAll(cleanUp)

test('what docs/api.md has people type is answered, and who has not signed in, or is elsewhere, is refused', async () => {
  const page = await readFile(new URL('../../../docs/api.md', import.meta.url), 'utf8')
  const server = await startProcess({ flags: ['--empty'] })
  await firstAdmin(server)
  for (const named of [testAdmin.email, testAdmin.password]) expect(page).toContain(named)
  const commands = Array.from(page.matchAll(/^```sh\n([\s\S]+?)^```/gm), ([, block = '']) =>
    block
      .replaceAll('http://127.0.0.1:8080', server.url)
      .replaceAll('data/control.sock', `${server.dataDir}/control.sock`)
      .split(/\n(?!\s)/),
  )
    .flat()
    .filter(Boolean)
  const answers: string[] = []
  for (const command of commands) {
    const { stdout } = await run('sh', ['-c', command], { cwd: server.dataDir, timeout: 20_000 })
    answers.push(stdout)
  }
  const [signedIn, ...others] = answers
  expect(JSON.parse(signedIn ?? '')).toMatchObject({ user: { email: testAdmin.email } })
  const [registries, images, group, charges, listed, unhealthy, checks, tree] = others
  expect(JSON.parse(registries ?? '')).toEqual({ result: { data: [] } })
  expect(JSON.parse(images ?? '')).toMatchObject({ result: { data: { rows: [], total: 0 } } })
  expect(JSON.parse(group ?? '')).toMatchObject({ result: { data: { name: 'Plants' } } })
  expect(charges).toMatch(/^charged_at,/)
  expect(listed).toMatch(/^name,.*\r\nVulnerabilities in container registry images/)
  expect(unhealthy).toMatch(/^registry_id,[a-z_,]*\r\n$/)
  expect(checks).toMatch(/^id,[a-z_,]*\r\n$/)
  expect(tree).toContain('Plants')

  const status = async (...args: string[]) =>
    (await run('curl', ['-s', '-o', '/dev/null', '-w', '%{http_code}', ...args])).stdout
  const list = `${server.url}/api/trpc/registries.list`
  expect(await status(list)).toBe('401')
  expect(await status('-H', 'Origin: https://elsewhere.example', list)).toBe('403')
})
