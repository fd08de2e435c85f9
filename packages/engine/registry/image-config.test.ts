import { describe, expect, it } from 'vitest'
import { joinLayers, parseImageConfig } from './image-config.ts'

const diffIds = ['a', 'b', 'c'].map(hex => `sha256:${hex.repeat(64)}`)
const stored = diffIds.map((digest, size) => ({ digest, size, mediaType: 'application/x-tar' }))

/** What stands beside each of the layers, which are three unless told otherwise. */
function instructions(history: unknown, layers = 3): (string | undefined)[] {
  const config = { rootfs: { type: 'layers', diff_ids: diffIds.slice(0, layers) }, history }
  const parsed = parseImageConfig(Buffer.from(JSON.stringify(config)), layers)
  const joined = joinLayers(parsed, stored.slice(0, layers))
  expect(joined.map(layer => layer.diffId)).toEqual(diffIds.slice(0, layers))
  return joined.map(layer => layer.createdBy)
}

const none = [undefined, undefined, undefined]

describe('the instruction of a layer', () => {
  it('pitfall 53: is found past the instructions that made none', () => {
    const history = [
      { created_by: 'ENV A=b', empty_layer: true },
      { created_by: '/bin/sh -c #(nop) ADD file:0ea in / ' },
      { created_by: '/bin/sh -c #(nop)  CMD ["bash"]', empty_layer: true },
      { created_by: '/bin/sh -c apt-get install -y curl', empty_layer: false },
      { created_by: '/bin/sh -c #(nop) COPY file:1fb in /app ' },
      { created_by: '/bin/sh -c #(nop)  ENTRYPOINT ["/app"]', empty_layer: true },
    ]
    expect(instructions(history)).toEqual([
      '/bin/sh -c #(nop) ADD file:0ea in / ',
      '/bin/sh -c apt-get install -y curl',
      '/bin/sh -c #(nop) COPY file:1fb in /app ',
    ])
  })

  it('pitfall 53: is as BuildKit and debuerreotype write it, with their comments beside', () => {
    const comment = 'buildkit.dockerfile.v0'
    const history = [
      { created_by: "# debian.sh --arch 'amd64' out/ 'bookworm'", comment: 'debuerreotype 0.15' },
      { created_by: 'ARG VERSION=1.2', comment, empty_layer: true },
      { created_by: 'RUN |1 VERSION=1.2 /bin/sh -c apt-get install -y curl # buildkit', comment },
      { created_by: 'WORKDIR /srv', comment },
      { created_by: 'CMD ["/srv/app"]', comment, empty_layer: true },
    ]
    expect(instructions(history)).toEqual([
      "# debian.sh --arch 'amd64' out/ 'bookworm'",
      'RUN |1 VERSION=1.2 /bin/sh -c apt-get install -y curl # buildkit',
      'WORKDIR /srv',
    ])
  })

  it('pitfall 53: is missing where its entry has none, as after docker import', () => {
    const history = [
      { comment: 'Imported from -' },
      { created_by: null },
      { created_by: '', author: 'somebody' },
    ]
    expect(instructions(history)).toEqual(none)
    expect(instructions([...history.slice(1), { created_by: 'COPY . .' }])).toEqual([
      undefined,
      undefined,
      'COPY . .',
    ])
  })

  it.each([
    ['there is no history', undefined],
    ['the history is null', null],
    ['the history is empty', []],
    ['it names fewer layers, as in squashed images', [{ created_by: 'ADD rootfs' }]],
    ['it names more', Array.from({ length: 4 }, (_, index) => ({ created_by: `RUN ${index}` }))],
    [
      'all of it is about empty layers',
      Array.from({ length: 3 }, () => ({ created_by: 'ENV', empty_layer: true })),
    ],
    ['it makes no sense', [{ created_by: 5 }, 'RUN', { empty_layer: 'no' }]],
    ['it is no list', { created_by: 'RUN' }],
  ])('pitfall 53: is missing for every layer when %s', (_, history) => {
    expect(instructions(history)).toEqual(none)
  })

  it('pitfall 53: is missing where there is no layer', () => {
    expect(instructions([{ created_by: 'ENV A=b', empty_layer: true }], 0)).toEqual([])
  })
})

it.each([0, 2, 4])('a configuration of three layers does not fit a manifest of %d', layers => {
  const config = Buffer.from(JSON.stringify({ rootfs: { diff_ids: diffIds } }))
  expect(() => parseImageConfig(config, layers)).toThrow(`has ${layers} layers, the configuration has 3`)
})

it.each([
  ['2026-01-02T03:04:05.678901234Z', '2026-01-02T03:04:05.678901234Z'],
  ['2026-01-02T03:04:05+02:00', '2026-01-02T03:04:05+02:00'],
  ['yesterday', null],
  [null, null],
])('created %j is %j', (created, createdAt) => {
  expect(parseImageConfig(Buffer.from(JSON.stringify({ created })), 0).createdAt).toBe(createdAt)
})
