import type { WebhookSetup } from '@plimsoll/types'

/**
 * The block for a Docker Distribution registry's own configuration that makes it tell Plimsoll of what happens in it.
 * @param origin where the registry reaches Plimsoll.
 */
export const notificationsBlock = (origin: string, registryId: string, secret: string): string =>
  `notifications:
  endpoints:
    - name: plimsoll
      url: ${origin}/webhooks/distribution/${registryId}
      headers:
        Authorization: [Bearer ${secret}]
      timeout: 5s
      threshold: 5
      backoff: 5s
`

/** How a Docker Distribution registry is made to tell of what happens in it. */
export const webhookSetup = (origin: string, registryId: string, secret: string): WebhookSetup => ({
  url: `${origin}/webhooks/distribution/${registryId}`,
  steps: [
    {
      text: 'Put this block into the configuration of the registry (config.yml) and start it again.',
      code: notificationsBlock(origin, registryId, secret),
    },
  ],
})
