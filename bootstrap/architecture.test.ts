import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { root } from './ready.mjs'

/** A file with one import, and the words with which lint refuses it; null where the import is allowed. */
const imports: readonly [file: string, line: string, refusal: string | null][] = [
  ['packages/types/image.ts', `import { scan } from '@plimsoll/engine'`, 'depends on zod alone'],
  ['packages/types/image.ts', `import { z } from 'zod'`, null],
  ['packages/engine/scan.ts', `import type { AppRouter } from '@plimsoll/server'`, 'nothing of the server'],
  ['packages/engine/scan.ts', `import { match } from './match/match.ts'`, null],
  ['packages/engine/formats/tar.ts', `import { apk } from '../ecosystems/apk.ts'`, 'nothing but bytes'],
  [
    'packages/engine/ecosystems/apk.ts',
    `import { layer } from '../layers/read-layer.ts'`,
    'sees formats only',
  ],
  ['packages/engine/ecosystems/apk.ts', `import { deb822 } from '../formats/deb822.ts'`, null],
  [
    'packages/engine/layers/overlay.ts',
    `import { take } from '../inventory/take.ts'`,
    'formats and ecosystems only',
  ],
  ['packages/engine/inventory/take.ts', `import { read } from '../sandbox/read.ts'`, 'sees layers'],
  ['packages/engine/inventory/take.ts', `import { layer } from '../layers/read-layer.ts'`, null],
  [
    'packages/engine/sandbox/child.ts',
    `import { login } from '../registry/authorization.ts'`,
    'out of the sandbox',
  ],
  ['packages/engine/sandbox/child.ts', `import { SourceError } from '../registry/source-error.ts'`, null],
  ['packages/engine/sandbox/child.ts', `import { match } from '../match/match.ts'`, 'decided outside'],
  [
    'packages/engine/registry/client.ts',
    `import { layer } from '../layers/read-layer.ts'`,
    'interprets none',
  ],
  [
    'packages/engine/advisories/osv.ts',
    `import { client } from '../registry/client.ts'`,
    'without any image',
  ],
  ['packages/engine/match/match.ts', `import { layer } from '../layers/read-layer.ts'`, 'never an image'],
  [
    'apps/server/jobs/runner.ts',
    `import { tar } from '../../../packages/engine/formats/tar.ts'`,
    'through the doors',
  ],
  ['apps/server/jobs/runner.ts', `import { scan } from '@plimsoll/engine'`, null],
  ['apps/server/api/findings.ts', `import { eq } from 'drizzle-orm'`, 'holds no SQL'],
  ['apps/server/api/findings.ts', `import { findings } from '../db/schema.ts'`, 'holds no SQL'],
  ['apps/server/api/findings.ts', `import { listFindings } from '../findings/list.ts'`, null],
  ['apps/portal/app/trpc.ts', `import { appRouter } from '@plimsoll/server'`, 'type AppRouter'],
  ['apps/portal/app/trpc.ts', `import type { AppRouter } from '@plimsoll/server'`, null],
  ['apps/portal/app/trpc.ts', `import { scan } from '@plimsoll/engine'`, 'type AppRouter'],
  ['apps/portal/ui/link.tsx', `import { Link } from 'react-router-dom'`, 'keep to the scope'],
  ['apps/portal/ui/link.tsx', `import { useNavigate } from 'react-router-dom'`, 'keep to the scope'],
  ['apps/portal/ui/link.tsx', `import { useSearchParams } from 'react-router-dom'`, null],
]

interface Diagnostic {
  readonly code: string
  readonly help: string
  readonly message: string
  readonly filename: string
}

describe('lint refuses what goes against the direction of dependency', () => {
  let folder: string
  let refused: Map<string, string>
  beforeAll(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'plimsoll-lint-'))
    cpSync(path.join(root, '.oxlintrc.json'), path.join(folder, '.oxlintrc.json'))
    imports.forEach(([file, line], index) => {
      const place = path.join(folder, named(file, index))
      mkdirSync(path.dirname(place), { recursive: true })
      writeFileSync(place, `${line}\n`)
    })
    // A circle of two, which no list of folders would find.
    writeFileSync(path.join(folder, 'a.ts'), `import { b } from './b.ts'\nexport const a = () => b\n`)
    writeFileSync(path.join(folder, 'b.ts'), `import { a } from './a.ts'\nexport const b = () => a\n`)
    const oxlint = path.join(root, 'node_modules/oxlint/bin/oxlint')
    const { stdout } = spawnSync(process.execPath, [oxlint, '--format=json'], {
      cwd: folder,
      encoding: 'utf8',
    })
    const { diagnostics } = JSON.parse(stdout) as { diagnostics: Diagnostic[] }
    refused = new Map(
      diagnostics
        .filter(({ code }) => /no-restricted-imports|no-cycle/.test(code))
        .map(({ filename, message, help }) => [filename, `${message} ${help}`]),
    )
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  test.each(imports.map(([file, line, refusal], index) => ({ file, line, refusal, index })))(
    '$file: $line',
    ({ file, refusal, index }) => {
      const said = refused.get(named(file, index))
      if (refusal === null) expect(said).toBeUndefined()
      else expect(said).toContain(refusal)
    },
  )

  test('an import circle', () => {
    expect(refused.get('a.ts') ?? refused.get('b.ts')).toMatch(/cycle/i)
  })
})

/** Each case has a file of its own: `osv-4.ts` beside `osv.ts`. */
const named = (file: string, index: number): string => file.replace('.ts', `-${index}.ts`)

describe('docs/architecture.md', () => {
  const page = readFileSync(path.join(root, 'docs/architecture.md'), 'utf8')

  test('names every folder, and no other', () => {
    const named = Array.from(page.matchAll(/^ *- `([^`]+)\/`/gm), ([, folder]) => folder ?? '')
    // Of these, only what they hold is explained.
    const opened = ['apps', 'packages']
    const within = ['apps/server', 'apps/portal', 'packages/engine', ...opened].flatMap(foldersIn)
    const folders = [...foldersIn('.').filter(folder => !opened.includes(folder)), ...within]
    expect(named.toSorted()).toEqual(folders.toSorted())
  })

  test('is one page', () => {
    expect(page.split('\n').length).toBeLessThan(120)
  })
})

/** What is installed, built or only tested, and hidden folders of editors, is not explained. */
const unexplained = /^(node_modules|dist|data|testdata|test-results|playwright-report|\.(?!ci$).*)$/

const foldersIn = (folder: string): string[] =>
  readdirSync(path.join(root, folder), { withFileTypes: true })
    .filter(entry => entry.isDirectory() && !unexplained.test(entry.name))
    .map(entry => path.posix.join(folder, entry.name))
