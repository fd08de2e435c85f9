import { expect, test } from 'vitest'
import { foundRegistries } from './found-registries.ts'

const registry = (name: string, subscription: string) => ({
  name,
  subscription: { id: subscription, name: subscription },
})
const all = [registry('Harbor', 'Shop'), registry('registry.example', 'Team A')]

test('a registry is found by a part of its name or of its subscription’s', () => {
  const found = (sought: string) => foundRegistries(all, sought).map(({ name }) => name)
  expect(found('')).toEqual(['Harbor', 'registry.example'])
  expect(found(' harb')).toEqual(['Harbor'])
  expect(found('team')).toEqual(['registry.example'])
  expect(found('nowhere')).toEqual([])
})
