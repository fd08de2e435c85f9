import type { RuleDeps } from './rule.ts'

export function deleteRule(_id: string, _deps: RuleDeps): { reopens: number } {
  throw new Error('not written yet')
}
