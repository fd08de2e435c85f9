import type { RuleScope } from '@plimsoll/types'
import { expect, test } from 'vitest'
import { narrowingText } from './rule-words.ts'

const scope: RuleScope = { kind: 'registry', id: 'r1', repository: null, tag: null, digest: null }

test('a scope tells what it is narrowed to, and nothing where it is not', () => {
  expect(narrowingText(scope)).toBe('')
  expect(
    narrowingText({ ...scope, repository: 'shop/*', tag: '1.*', digest: `sha256:${'ab'.repeat(32)}` }),
  ).toBe('repository shop/*, tag 1.*, image abababababab')
})
