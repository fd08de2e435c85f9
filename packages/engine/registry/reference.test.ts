import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatReference, parseReference } from './reference.ts'
import { SourceError } from './source-error.ts'

const digest = `sha256:${'0123456789abcdef'.repeat(4)}`

function failure(text: string): SourceError {
  try {
    parseReference(text)
  } catch (error) {
    if (error instanceof SourceError) return error
    throw error
  }
  throw new Error(`"${text}" was taken for a reference`)
}

describe('a reference to a registry', () => {
  it.each([
    ['registry.example/team/app:1.0', 'https://registry.example', 'team/app', '1.0', null],
    ['registry.example:5000/app', 'https://registry.example:5000', 'app', 'latest', null],
    [`registry.example/app@${digest}`, 'https://registry.example', 'app', null, digest],
    [`registry.example/app:1.0@${digest}`, 'https://registry.example', 'app', '1.0', digest],
    ['https://registry.example/a/b/c/d:v_1.x-y', 'https://registry.example', 'a/b/c/d', 'v_1.x-y', null],
    ['http://registry.example:8080/app', 'http://registry.example:8080', 'app', 'latest', null],
    ['  registry.example/app:1\n', 'https://registry.example', 'app', '1', null],
    ['REGISTRY.example/app:Tag', 'https://registry.example', 'app', 'Tag', null],
    ['registry.example/my_app__x/a--b.c:1', 'https://registry.example', 'my_app__x/a--b.c', '1', null],
  ])('reads %s', (text, url, repository, tag, expected) => {
    expect(parseReference(text)).toMatchObject({ kind: 'registry', url, repository, tag, digest: expected })
  })

  it.each([
    ['localhost/app', 'http://localhost'],
    ['localhost:5000/app', 'http://localhost:5000'],
    ['127.0.0.1:5000/app', 'http://127.0.0.1:5000'],
    ['127.8.9.1/app', 'http://127.8.9.1'],
    ['[::1]:5000/app', 'http://[::1]:5000'],
    ['registry.localhost/app', 'http://registry.localhost'],
    ['https://localhost:5000/app', 'https://localhost:5000'],
    ['10.0.0.1:5000/app', 'https://10.0.0.1:5000'],
    ['localhost.example/app', 'https://localhost.example'],
  ])('speaks plain HTTP on loopback only, unless the scheme is spelled: %s', (text, url) => {
    expect(parseReference(text)).toMatchObject({ url })
  })

  it.each([
    ['docker.io/alpine', 'library/alpine'],
    ['docker.io/library/alpine', 'library/alpine'],
    ['index.docker.io/grafana/grafana', 'grafana/grafana'],
  ])('knows Docker Hub by its spelled name: %s', (text, repository) => {
    expect(parseReference(text)).toMatchObject({ url: 'https://registry-1.docker.io', repository })
  })

  it('does not take a path for a name without a registry', () => {
    const { message, hint } = failure('/images/app.tar')
    expect(message).toContain('it is a path')
    expect(hint).not.toContain('docker.io')
  })

  it.each([
    ['alpine', 'docker.io/library/alpine'],
    ['alpine:3.10', 'docker.io/library/alpine:3.10'],
    ['grafana/grafana:9', 'docker.io/grafana/grafana:9'],
    [`alpine@${digest}`, `docker.io/library/alpine@${digest}`],
  ])('does not guess the registry of %s', (text, suggested) => {
    const error = failure(text)
    expect(error.message).toContain('names no registry')
    expect(error.hint).toContain(suggested)
    expect(parseReference(suggested)).toMatchObject({ kind: 'registry' })
  })
})

describe('a reference to a folder or a file', () => {
  it.each([
    ['oci:/data/images', '/data/images', null, null],
    ['oci:images:v1', 'images', 'v1', null],
    ['oci:./a b/c:team/app:v1', './a b/c', 'team/app:v1', null],
    [`oci:images@${digest}`, 'images', null, digest],
    [`oci:a:b@${digest}`, 'a:b', null, digest],
  ])('reads the layout %s', (text, directory, tag, expected) => {
    expect(parseReference(text)).toEqual({ kind: 'oci-layout', directory, tag, digest: expected })
  })

  it.each([
    ['docker-archive:/data/app.tar', '/data/app.tar', null, null],
    ['docker-archive:app.tar:v1', 'app.tar', 'v1', null],
    ['docker-archive:./a b.tar:team/app:v1', './a b.tar', 'team/app:v1', null],
    ['docker-archive:a.tar:reg.example:5000/team/app:v1', 'a.tar', 'reg.example:5000/team/app:v1', null],
    [`docker-archive:app.tar@${digest}`, 'app.tar', null, digest],
  ])('reads the Docker archive %s', (text, file, name, imageId) => {
    expect(parseReference(text)).toEqual({ kind: 'docker-archive', file, name, imageId })
  })

  it('reads the archive of a layout', () => {
    expect(parseReference('oci-archive:a.tar:v1')).toEqual({
      kind: 'oci-archive',
      file: 'a.tar',
      tag: 'v1',
      digest: null,
    })
  })

  it('reads a root file system, colons and all', () => {
    expect(parseReference('rootfs:/mnt/a:b')).toEqual({ kind: 'rootfs', directory: '/mnt/a:b' })
  })
})

describe('what is not a reference', () => {
  it.each([
    '',
    '   ',
    'rootfs:',
    'oci:',
    'oci::v1',
    'oci:images:',
    'oci:images:-v1',
    'oci:images@sha256:12',
    'oci-archive:',
    'docker-archive:',
    'docker-archive::v1',
    'docker-archive:app.tar:',
    'docker-archive:app.tar:../etc',
    'registry.example/',
    'registry.example/App',
    'registry.example/app:',
    'registry.example/app:-x',
    `registry.example/app:${'a'.repeat(129)}`,
    'registry.example/app@sha256:12',
    `registry.example/app@sha512:${'a'.repeat(128)}`,
    'registry.example/a//b',
    'registry.example/../app',
    'registry.example/a..b',
    `registry.example/${'a'.repeat(256)}`,
    'registry.example:port/app',
    'registry.example:99999/app',
    '-registry.example/app',
    'https:///app',
    'https://registry.example',
    'ftp://registry.example/app',
    'oci:a\0b',
  ])('is refused with a sentence and a hint: %j', text => {
    const error = failure(text)
    expect(error.code).toBe('source-unreadable')
    expect(error.message).toMatch(/\.$/)
    expect(error.hint).toBeTruthy()
  })

  it.each([
    'https://user:s3cret@registry.example/app',
    'user:s3cret@registry.example/app',
    'https://user:s3/cret@x/app',
  ])('never repeats a password: %s', text => {
    const { message, hint } = failure(text)
    expect(message + hint).not.toMatch(/s3|cret/)
  })

  it('is never anything but a SourceError, and quick about it', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[a-z0-9./:@_-]{0,400}$/)), text => {
        try {
          parseReference(text)
        } catch (error) {
          expect(error).toBeInstanceOf(SourceError)
        }
      }),
    )
    const startedAt = performance.now()
    failure(`oci:x:a${'--'.repeat(5_000)}!`)
    failure(`registry.example/${'a-'.repeat(120)}`)
    expect(performance.now() - startedAt).toBeLessThan(500)
  })
})

it('reads back what it writes', () => {
  const part = fc.stringMatching(/^[a-z0-9]{1,8}$/)
  const host = fc.constantFrom('registry.example', 'localhost:5000', '[::1]:80', 'docker.io', '10.0.0.1')
  const scheme = fc.constantFrom('', 'http://', 'https://')
  const suffix = fc.constantFrom('', ':1.0', `@${digest}`, `:1.0@${digest}`)
  fc.assert(
    fc.property(
      scheme,
      host,
      fc.array(part, { minLength: 1, maxLength: 3 }),
      suffix,
      (start, name, path, end) => {
        const reference = parseReference(`${start}${name}/${path.join('/')}${end}`)
        const again = parseReference(formatReference(reference))
        // The tag beside a digest is not spelled again: the digest is what is meant.
        const expected =
          reference.kind === 'registry' && reference.digest !== null ? { ...reference, tag: null } : reference
        expect(again).toEqual(expected)
      },
    ),
  )
  const archives = [
    'docker-archive:a',
    'docker-archive:a:b:1',
    `docker-archive:a@${digest}`,
    'oci-archive:a:1',
  ]
  for (const text of ['oci:a', 'oci:a:v1', `oci:a@${digest}`, 'rootfs:/x', ...archives]) {
    expect(formatReference(parseReference(text))).toBe(text)
  }
})
