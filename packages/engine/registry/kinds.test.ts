import { expect, test } from 'vitest'
import { kindOfChallenge, kindOfHost } from './kinds.ts'

test.each([
  ['myregistry.azurecr.io', 'acr'],
  ['contoso.westeurope.data.azurecr.io', 'acr'],
  ['gov.azurecr.us', 'acr'],
  ['china.azurecr.cn', 'acr'],
  ['Docker.IO', 'docker-hub'],
  ['registry-1.docker.io', 'docker-hub'],
  ['ghcr.io', 'ghcr'],
  ['123456789012.dkr.ecr.eu-central-1.amazonaws.com', 'ecr'],
  ['123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com', 'ecr'],
  ['123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn', 'ecr'],
  ['europe-west3-docker.pkg.dev', 'artifact-registry'],
  ['eu.gcr.io', 'artifact-registry'],
  ['gcr.io', 'artifact-registry'],
  ['registry.example', null],
  ['127.0.0.1', null],
  ['azurecr.io.evil.example', null],
  ['notghcr.io', null],
])('%s is %s by its name', (host, kind) => {
  expect(kindOfHost(host)).toBe(kind)
})

test('Harbor is told by its challenge', () => {
  const challenge = 'Bearer realm="https://h.example/service/token",service="harbor-registry"'
  expect(kindOfChallenge(challenge)).toBe('harbor')
  expect(kindOfChallenge('Bearer realm="https://r.example/token",service="r.example"')).toBe('distribution')
  expect(kindOfChallenge(undefined)).toBe('distribution')
})
