/** Why somebody may not connect, change and remove registries. */
export const whyNotConnect: Readonly<Record<'needs-role' | 'needs-account', string>> = {
  'needs-role': 'Only a Security Admin can connect, change and remove registries.',
  'needs-account':
    'Connecting, changing and removing registries takes an account, for their secrets go on opening doors. The one-time link that Plimsoll printed when it started makes the first Security Admin.',
}
