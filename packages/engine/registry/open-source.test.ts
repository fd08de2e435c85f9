import { expect, it } from 'vitest'
import { openSource } from './open-source.ts'

const digest = `sha256:${'ab'.repeat(32)}`
const open = (reference: string) => openSource(reference, { wants: () => true })

it.each([
  ['registry.example/team/app:1.0', 'registry.example/team/app:1.0'],
  ['registry.example/team/app', 'registry.example/team/app:latest'],
  [`registry.example/team/app:1.0@${digest}`, `registry.example/team/app@${digest}`],
  ['docker.io/alpine', 'docker.io/library/alpine:latest'],
  ['http://127.0.0.1:5000/app', '127.0.0.1:5000/app:latest'],
  ['oci:images:v1', 'oci:images:v1'],
  [`oci:images@${digest}`, `oci:images@${digest}`],
  ['oci-archive:images.tar:v1', 'oci-archive:images.tar:v1'],
  ['docker-archive:app.tar:team/app:1.0', 'docker-archive:app.tar:team/app:1.0'],
  ['rootfs:/mnt', 'rootfs:/mnt'],
])('opens %s without asking for anything yet', (reference, canonical) => {
  expect(open(reference).reference).toBe(canonical)
})

it('says what is no reference', () => {
  expect(() => open('alpine')).toThrow('names no registry')
})
