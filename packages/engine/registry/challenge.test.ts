import fc from 'fast-check'
import { expect, it } from 'vitest'
import { parseChallenges } from './challenge.ts'

const read = (header: string) =>
  parseChallenges(header).map(({ scheme, parameters }) => [scheme, Object.fromEntries(parameters)])

it.each([
  ['Basic realm="Registry Realm"', [['basic', { realm: 'Registry Realm' }]]],
  [
    'Bearer realm="https://auth.example/token",service="registry.example",scope="repository:a/b:pull,push"',
    [
      [
        'bearer',
        {
          realm: 'https://auth.example/token',
          service: 'registry.example',
          scope: 'repository:a/b:pull,push',
        },
      ],
    ],
  ],
  ['bearer REALM = "x" , Service=y', [['bearer', { realm: 'x', service: 'y' }]]],
  ['Bearer realm="a, Basic realm=\\"b\\""', [['bearer', { realm: 'a, Basic realm="b"' }]]],
  [
    'Basic realm="a", Bearer realm="b",service="c"',
    [
      ['basic', { realm: 'a' }],
      ['bearer', { realm: 'b', service: 'c' }],
    ],
  ],
  [
    'Negotiate, Basic realm="a"',
    [
      ['negotiate', {}],
      ['basic', { realm: 'a' }],
    ],
  ],
  [
    'Negotiate a1b2+/c==, Basic realm="a"',
    [
      ['negotiate', {}],
      ['basic', { realm: 'a' }],
    ],
  ],
  ['Bearer realm="first", realm="second"', [['bearer', { realm: 'first' }]]],
  [',, Basic realm="a",,', [['basic', { realm: 'a' }]]],
  ['Bearer', [['bearer', {}]]],
  ['Bearer realm="never closed', [['bearer', {}]]],
  ['Bearer realm=', [['bearer', {}]]],
  ['', []],
  ['"', []],
])('reads %s', (header, expected) => {
  expect(read(header)).toEqual(expected)
})

it('ends on any header, and soon', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom(...'aB=",\\ \t~/'), maxLength: 200 }),
      header => void parseChallenges(header),
    ),
  )
  const startedAt = performance.now()
  for (const part of ['a ', 'a=', 'a="', 'a="\\', 'a,', '=', 'a/']) parseChallenges(part.repeat(8_000))
  expect(performance.now() - startedAt).toBeLessThan(1_000)
})
