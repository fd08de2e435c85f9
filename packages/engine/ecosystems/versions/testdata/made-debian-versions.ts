import fc from 'fast-check'

const part = fc.string({ unit: fc.constantFrom(...'0123456789aZ.+~'), minLength: 1, maxLength: 8 })

/** What looks like versions of packages. */
const ordinary = fc
  .record({
    epoch: fc.constantFrom('', '', '0:', '1:'),
    start: fc.constantFrom('0', '1', '2', '10', '01'),
    rest: part,
    revision: fc.option(
      part.map(text => `-${text}`),
      { nil: '' },
    ),
  })
  .map(({ epoch, start, rest, revision }) => `${epoch}${start}${rest}${revision}`)

/** What a comparison may stumble over: ends, zeros, signs in a row, letters beside signs, numbers of any length. */
const odd = fc
  .array(
    fc.constantFrom(
      ...['0', '00', '1', '01', '9', '10', '99999999999999999999', '100000000000000000000'],
      ...['~', '~~', '+', '.', '..', '-', '--', ':', 'a', 'A', 'z', 'Z', 'deb12u1', '~bpo12+1', '+b2', 'ubuntu', 'rc'],
    ),
    { minLength: 1, maxLength: 6 },
  )
  .chain(parts => fc.constantFrom('', '', '0:', '00:', '7:', '2147483647:').map(epoch => `${epoch}1${parts.join('')}`))
  // With a colon in it, what is before is an epoch; a revision must not be empty.
  .filter(version => /^(\d{1,9}:)?\d([^:]*[^:-])?$/.test(version))

/** Versions that dpkg orders. */
export const debianVersion = fc.oneof(ordinary, odd)

/** Half of the pairs share a front: there the order is decided late. */
export const pairOfDebianVersions: fc.Arbitrary<readonly [string, string]> = fc.oneof(
  fc.tuple(debianVersion, debianVersion),
  fc.tuple(ordinary, part, part).map(([front, a, b]) => [front + a, front + b] as const),
  fc.tuple(odd, part, part).map(([front, a, b]) => [front + a, front + b] as const),
)
