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
