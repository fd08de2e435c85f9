import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { readStartFlags } from './flags.mjs'
import { root } from './ready.mjs'

const pages = [
  'README.md',
  ...readdirSync(path.join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.md'))
    .map(name => `docs/${name}`),
]

const { scripts } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>
}

describe.each(pages)('%s', page => {
  const text = readFileSync(path.join(root, page), 'utf8')
  const commands = Array.from(
    text.matchAll(/\bnpm (?:run (?:-s )?([\w-]+)|(start|test))(?: -- ([^`\n]*))?/g),
  ).map(([command, run, short, argv]) => ({
    command,
    script: run ?? short ?? '',
    argv: argv?.trim().split(/\s+/) ?? [],
  }))

  test('links to what is there', () => {
    const targets = Array.from(text.matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g), ([, target]) => target ?? '')
    const missing = targets
      .filter(target => !/^https?:/.test(target))
      .filter(target => !existsSync(path.join(root, path.dirname(page), target)))
    expect(missing).toEqual([])
  })

  test('names files that are there', () => {
    const named = Array.from(
      text.matchAll(/`((?:apps|bootstrap|docs|e2e|packages)\/[^`\s*<]+\.\w+)`/g),
      ([, file]) => file ?? '',
    )
    expect(named.filter(file => !existsSync(path.join(root, file)))).toEqual([])
  })

  test('calls scripts that there are', () => {
    expect(commands.filter(({ script }) => !(script in scripts)).map(({ command }) => command)).toEqual([])
  })

  test('gives the command line what it understands', () => {
    const calls = commands.filter(({ script }) => script === 'plimsoll')
    const refused = calls.flatMap(({ argv }) => {
      const cli = path.join(root, 'apps/server/cli/plimsoll.ts')
      // With --help it reads all of its arguments and does nothing.
      const { status, stderr } = spawnSync(process.execPath, [cli, ...argv, '--help'], { encoding: 'utf8' })
      return status === 0 ? [] : [stderr]
    })
    expect(refused).toEqual([])
  })

  test('starts with flags that there are', () => {
    const starts = commands.filter(({ script }) => script === 'start')
    const refused = starts.flatMap(({ argv }) => {
      const request = readStartFlags(argv)
      return request.kind === 'error' ? [request.text] : []
    })
    expect(refused).toEqual([])
  })
})

test('the README has the two commands of a newcomer, each as a block of its own', () => {
  const text = readFileSync(path.join(root, 'README.md'), 'utf8')
  expect(text).toContain('```sh\nnpm start\n```')
  expect(text).toContain('```sh\nnpm test\n```')
})
