import { expect, test } from 'vitest'
import { triggersSentence } from './plan-words.ts'

test('says what starts a scan, and why nothing does', () => {
  expect(triggersSentence({ plan: 'on', effectiveTriggers: ['push', 'pull'] })).toBe('Push, recent pull')
  expect(triggersSentence({ plan: 'on', effectiveTriggers: [] })).toBe('Request only')
  expect(triggersSentence({ plan: 'off', effectiveTriggers: [] })).toBe('Nothing, the plan is off')
})
