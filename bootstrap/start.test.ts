import { type SpawnSyncReturns, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { root } from './ready.mjs'

describe('where nothing is installed', () => {
  let project: string
  beforeEach(() => {
    project = mkdtempSync(path.join(os.tmpdir(), 'plimsoll-start-'))
    for (const name of ['bootstrap', 'package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml'])
      cpSync(path.join(root, name), path.join(project, name), { recursive: true })
    mkdirSync(path.join(project, 'home'))
    mkdirSync(path.join(project, 'only-node'))
    symlinkSync(process.execPath, path.join(project, 'only-node/node'))
  })
  afterEach(() => rmSync(project, { recursive: true }))

  const run = (script: string, argv: readonly string[], env: NodeJS.ProcessEnv): SpawnSyncReturns<string> =>
    spawnSync(process.execPath, [path.join(project, 'bootstrap', script), ...argv], {
      cwd: project,
      env: { HOME: path.join(project, 'home'), ...env },
      encoding: 'utf8',
    })

  test('help and mistakes are answered before anything is installed', () => {
    const nowhere = { PATH: path.join(project, 'only-node') }
    expect(run('start.mjs', ['--help'], nowhere)).toMatchObject({ status: 0, stderr: '' })
    expect(run('start.mjs', ['--prot'], nowhere)).toMatchObject({
      status: 2,
      stdout: '',
      stderr: "Unknown option '--prot'. See: npm start -- --help\n",
    })
  })

  test.each(['start.mjs', 'plimsoll.mjs'])('%s says that npm is missing', script => {
    const { status, stdout, stderr } = run(script, [], { PATH: path.join(project, 'only-node') })
    expect(status).not.toBe(0)
    expect(stdout).toBe('')
    expect(stderr).toBe(
      'Installing the dependencies ...\nnpm was not found. Install Node.js 20 or newer together with npm, then start again.\n',
    )
  })

  test('a project folder that cannot be written is named', () => {
    // A file where the folder should be: what holds for root, too, whom no permission stops.
    writeFileSync(path.join(project, '.bootstrap'), '')
    const { status, stderr } = run('start.mjs', [], { PATH: process.env['PATH'] })
    expect(status).toBe(1)
    expect(stderr).toMatch(
      /^The project's folder has to be writable for this start: [^\n]*\.bootstrap[^\n]*\n$/,
    )
  })

  test('a package registry that does not answer is named as the reason', () => {
    // The discard port of this machine: nobody listens there.
    const env = { PATH: process.env['PATH'], npm_config_registry: 'http://127.0.0.1:9/' }
    const { status, stderr } = run('start.mjs', [], env)
    expect(status).toBe(1)
    const [first, second, ...rest] = stderr.trimEnd().split('\n')
    expect([first, rest]).toEqual(['Installing the dependencies ...', []])
    expect(second).toMatch(/^The package registry cannot be reached, .* details are in .*install\.log\.$/)
    expect(readFileSync(path.join(project, '.bootstrap/install.log'), 'utf8')).toContain('ECONNREFUSED')
  })
})

describe('a program that runs in front', () => {
  /** A process that runs `code` in its place and exits as it did. */
  const inFront = (code: string) => {
    const child = pathToChild()
    const starter = `import { runInFront } from ${child}; process.exitCode = await runInFront(process.execPath, ['-e', ${JSON.stringify(code)}])`
    return spawn(process.execPath, ['--input-type=module', '-e', starter], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
  }
  const pathToChild = (): string => JSON.stringify(new URL('./child.mjs', import.meta.url).href)

  test('gives its exit code', async () => {
    expect(await once(inFront('process.exitCode = 3'), 'exit')).toEqual([3, null])
  })

  test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('gets %s and may end in order', async signal => {
    const program = inFront(
      `process.on('${signal}', () => { console.log('in order'); process.exit(7) }); setInterval(() => {}, 1000); console.log('ready')`,
    )
    let printed = ''
    program.stdout.setEncoding('utf8').on('data', text => {
      printed += text
    })
    await expect.poll(() => printed, { timeout: 15_000 }).toContain('ready')
    program.kill(signal)
    expect(await once(program, 'close')).toEqual([7, null])
    expect(printed).toContain('in order')
  })

  test('that a signal ends gives the code a shell would', async () => {
    expect(await once(inFront(`process.kill(process.pid, 'SIGKILL')`), 'exit')).toEqual([137, null])
  })
})
