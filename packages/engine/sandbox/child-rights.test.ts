import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import { defaultLimits } from '../layers/limits.ts'
import { startChild } from './start-child.ts'

interface Report {
  readonly outcomes: Record<string, string>
  readonly environment: Record<string, string>
  readonly arguments: string[]
}

test('the process that reads layers can do nothing else', async () => {
  process.env['PLIMSOLL_REGISTRY_PASSWORD'] = 'secret of the parent'
  try {
    const child = startChild(
      { ...defaultLimits, maxHeapMb: 64 },
      new URL('./testdata/rights-main.ts', import.meta.url),
    )
    const { code, complaint } = await child.exited
    const said = complaint.split('\n').at(-1) ?? ''
    expect([code, said]).toEqual([0, expect.stringMatching(/^\{"outcomes"/)])
    const { outcomes, environment, arguments: args } = JSON.parse(said) as Report

    // The permission model denies each of them, and these under other names.
    const other = Object.entries(outcomes).filter(([, outcome]) => outcome !== 'ERR_ACCESS_DENIED')
    expect(Object.fromEntries(other)).toEqual({
      'load an add-on': 'ERR_DLOPEN_DISABLED',
      'evaluate text': 'EvalError',
    })
    expect(Object.keys(outcomes)).toHaveLength(25)
    // A shell that is bash leaves its SHLVL behind.
    expect(Object.keys(environment).filter(name => name !== 'SHLVL')).toEqual([])
    expect(args).toEqual([])
    for (const name of ['was-here', 'was-here-too', 'link'])
      expect(existsSync(`/tmp/plimsoll-sandbox-${name}`)).toBe(false)
  } finally {
    delete process.env['PLIMSOLL_REGISTRY_PASSWORD']
  }
})

test('it ends by itself when nobody is left to end it', async () => {
  const limits = { ...defaultLimits, timeoutMs: 100 }
  const child = startChild(limits, new URL('./testdata/rogue-main.ts', import.meta.url))
  await child.sendData(Buffer.from('<ignore signals and loop>'))
  const { code, signal } = await child.exited
  expect(code).toBeNull()
  expect(signal).toMatch(/^SIG(KILL|XCPU)$/)
})
