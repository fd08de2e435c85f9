import type { Advice } from '@plimsoll/engine'

/** What to do about a connected registry that refuses what it is asked with. */
export const adviceFor = (registryId: string): Advice => ({
  credentials: `Give credentials with the registry: in the portal, or with "plimsoll registries change ${registryId} --credentials FILE".`,
  'other-credentials': `Give others with the registry, in the portal or with "plimsoll registries change ${registryId} --credentials FILE", or check that the user still exists.`,
  certificate: `Give the certificate (PEM) of the authority that signed it with the registry: in the portal, or with "plimsoll registries change ${registryId} --certificate-authority FILE".`,
})

/** The same of an import's source that is in no connected registry. */
export const sourceAdvice: Advice = {
  credentials: 'Give credentials for the source: in the form, or with --source-credentials FILE.',
  'other-credentials':
    'Give others for the source, in the form or with --source-credentials FILE, or check that the user still exists.',
  certificate:
    'Connect the registry that it is in, with the certificate (PEM) of the authority that signed it. It is then asked that way.',
}
